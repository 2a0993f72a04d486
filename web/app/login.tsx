import { type FormEvent, useState } from 'react';
import { type LoggedIn, logIn } from './api/session.ts';
import { setting } from './kept/settings.ts';
import { Alert } from './parts/alert.tsx';
import { Field } from './parts/field.tsx';
import { Languages } from './parts/languages.tsx';
import { useWords } from './texts/words.ts';

/** Typed once: the next login on this phone is by the same person. */
const provider = setting<string>('provider', '', () => true);
const mail = setting<string>('email', '', () => true);

type Fault = 'wrong' | 'wrongCode' | 'tooOften' | 'away' | 'notYours';

type Props = {
  readonly appName: string;
  /** Whose page it is; anybody else is told so, and is not let in. */
  readonly isFor: (user: LoggedIn['user']) => boolean;
  readonly onEntered: () => void;
};

export function LoginPage({ appName, isFor, onEntered }: Props) {
  const t = useWords();
  const [subdomain, setSubdomain] = useState(provider.read());
  const [email, setEmail] = useState(mail.read());
  const [password, setPassword] = useState('');
  const [isShown, setIsShown] = useState(false);
  const [otp, setOtp] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function enter(): Promise<void> {
    setIsBusy(true);
    const typed = { subdomain: subdomain.trim(), email: email.trim(), password, ...(otp !== null && { otp }) };
    const outcome = await logIn(typed, isFor);
    setIsBusy(false);
    if (outcome.is === 'away') return setFault(outcome.afterMs === null ? 'away' : 'tooOften');
    if (outcome.is === 'refused') {
      const asksCode = outcome.details.otp_required === true;
      if (asksCode && otp === null) {
        setOtp('');
        return setFault(null);
      }
      return setFault(asksCode ? 'wrongCode' : 'wrong');
    }
    if (!isFor(outcome.body.user)) return setFault('notYours');
    provider.write(typed.subdomain);
    mail.write(typed.email);
    onEntered();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void enter();
  }

  return (
    <div className="mx-auto min-h-dvh w-full max-w-xl bg-white px-4 py-8">
      <img src="icon-192.png" alt="" className="size-16 rounded-2xl" />
      <h1 className="mt-3 mb-4 text-2xl font-bold">Jembatan {appName}</h1>
      <form className="space-y-3" onSubmit={submit}>
        <Field
          label={t.login.provider}
          hint={t.login.providerHint}
          value={subdomain}
          onChange={setSubdomain}
          complete="organization"
          isPlain
        />
        <Field label={t.login.email} type="email" value={email} onChange={setEmail} complete="username" isPlain />
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field
              label={t.login.password}
              type={isShown ? 'text' : 'password'}
              value={password}
              onChange={setPassword}
              complete="current-password"
              isPlain
            />
          </div>
          <button type="button" className="min-h-13 px-3 font-semibold text-deep" onClick={() => setIsShown(!isShown)}>
            {isShown ? t.login.hide : t.login.show}
          </button>
        </div>
        {otp !== null && <Field label={t.login.code} value={otp} onChange={setOtp} complete="one-time-code" isPlain />}
        {fault !== null && <Alert>{t.login[fault]}</Alert>}
        <button
          type="submit"
          disabled={isBusy}
          className="min-h-16 w-full rounded-xl bg-deep text-xl font-bold text-white disabled:opacity-50"
        >
          {isBusy ? t.loading : t.login.enter}
        </button>
      </form>
      <div className="mt-8">
        <Languages />
      </div>
    </div>
  );
}
