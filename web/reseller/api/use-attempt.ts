import { useEffect, useState } from 'react';
import type { Outcome } from '../../app/api/request.ts';
import { type About, type Attempt, makeAttempt, sendAttempt, unansweredAttempt } from './attempt.ts';
import { tellNews } from './use-answer.ts';

type Refused = Extract<Outcome<never>, { is: 'refused' }>;

/**
 * `asked`: the person looks at what would be done. `offline`: nothing was sent. `unheard`: it was sent and nobody knows what
 * became of it; sending it again does it once.
 */
export type Step<T> =
  | { readonly is: 'idle' | 'asked' | 'sending' | 'offline' | 'unheard' }
  | { readonly is: 'refused'; readonly refusal: Refused }
  | { readonly is: 'done'; readonly body: T };

type Using<B, T> = {
  readonly step: Step<T>;
  /** What was sent and not answered, or is asked about now. */
  readonly attempt: Attempt<B> | null;
  readonly begin: (body: B) => Promise<void>;
  readonly send: () => Promise<void>;
  /** Without asking first: a form's own button is the question. */
  readonly sendNow: (body: B) => Promise<void>;
};

/** One thing that must happen once, from the first touch to the hub's answer; over reloads too. `B` is sent, `T` answered. */
export function useAttempt<B, T>({ path, of }: About): Using<B, T> {
  const [step, setStep] = useState<Step<T>>({ is: 'idle' });
  const [attempt, setAttempt] = useState<Attempt<B> | null>(null);
  useEffect(() => {
    void unansweredAttempt<B>({ path, of }).then((before) => {
      if (!before) return;
      setAttempt(before);
      setStep({ is: 'unheard' });
    });
  }, [path, of]);

  async function begin(body: B): Promise<void> {
    const made = await makeAttempt({ path, of }, body);
    setAttempt(made);
    setStep({ is: made.isSent ? 'unheard' : 'asked' });
  }
  async function deliver(made: Attempt<B>): Promise<void> {
    // A phone that knows that it has no network has sent nothing; any other silence may hide an answer.
    if (!navigator.onLine) return setStep({ is: made.isSent ? 'unheard' : 'offline' });
    setStep({ is: 'sending' });
    const outcome = await sendAttempt<T>({ path, of }, made);
    setAttempt(outcome.is === 'away' ? { ...made, isSent: true } : null);
    if (outcome.is === 'away') return setStep({ is: 'unheard' });
    setStep(outcome.is === 'done' ? outcome : { is: 'refused', refusal: outcome });
    tellNews();
  }
  async function send(): Promise<void> {
    if (attempt && step.is !== 'sending') await deliver(attempt);
  }
  async function sendNow(body: B): Promise<void> {
    if (step.is === 'sending') return;
    const made = await makeAttempt({ path, of }, body);
    setAttempt(made);
    await deliver(made);
  }
  return { step, attempt, begin, send, sendNow };
}
