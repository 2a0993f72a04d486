import { type FormEvent, useState } from 'react';
import { Alert } from '../../app/parts/alert.tsx';
import { Button } from '../../app/parts/button.tsx';
import { Card } from '../../app/parts/card.tsx';
import { Field } from '../../app/parts/field.tsx';
import { addressOf } from '../../app/route.ts';
import { minorDigits, numberOf } from '../../app/texts/language.ts';
import type { Deposit, NewTopUp, TopUp, Way } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { useBrand } from '../brand/brand.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { Choice } from '../parts/choice.tsx';
import { Page } from '../parts/page.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { SubmitButton } from '../parts/submit-button.tsx';
import { useTexts } from '../texts/texts.ts';
import { TopUpAsked } from './top-up-asked.tsx';

const longestReference = 100;
const ready = [100_000, 250_000, 500_000, 1_000_000];

/** `1.500.000` and `1500000` are the same; null: no amount. In the currency's minor unit. */
function amountOf(typed: string, currency: string): number | null {
  const whole = Number(typed.replace(/[\s.,]/g, ''));
  return Number.isSafeInteger(whole) && whole > 0 ? whole * 10 ** minorDigits(currency) : null;
}

type Askable = NewTopUp['method'];
/** `other` is a word of the office's own. */
const isAskable = (way: Way): way is Askable => way !== 'other';

function Form({ deposit }: { readonly deposit: Deposit }) {
  const t = useTexts();
  const money = useMoney();
  const { currency, instructions } = useBrand();
  const ways = deposit.ways.filter(isAskable);
  const [typed, setTyped] = useState('');
  const [way, setWay] = useState<Askable>(ways[0] ?? 'transfer');
  const [reference, setReference] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const { step, attempt, send, sendNow } = useAttempt<NewTopUp, TopUp>({
    path: 'reseller/deposit/top-ups',
    of: 'new',
  });
  const amount = amountOf(typed, currency);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setIsWrong(amount === null);
    if (amount === null) return;
    const told = reference.trim();
    void sendNow({ amount, method: way, ...(told !== '' && { reference: told }) });
  }

  if (step.is === 'done') return <TopUpAsked topUp={step.body} />;
  if (step.is === 'unheard')
    return (
      <Card title={money(attempt?.body.amount ?? 0)}>
        <StepTold step={step} />
        <Button look="main" isBig onPress={() => void send()}>
          {t.again}
        </Button>
      </Card>
    );
  return (
    <form className="space-y-3" onSubmit={submit}>
      <Field label={t.deposit.amount} keys="numeric" value={typed} onChange={setTyped} longest={15} />
      <div className="grid grid-cols-2 gap-2">
        {ready.map((one) => (
          <Button key={one} onPress={() => setTyped(numberOf(one))}>
            {money(one * 10 ** minorDigits(currency))}
          </Button>
        ))}
      </div>
      {isWrong && <Alert>{t.deposit.amountWrong}</Alert>}
      <Choice
        legend={t.deposit.way}
        name="way"
        options={ways.map((value) => ({ value, shown: t.deposit.ways[value] }))}
        chosen={way}
        onChoose={setWay}
      />
      {way === 'transfer' && (
        <>
          {instructions !== null && (
            <Card title={t.deposit.howToPay}>
              <p className="break-words whitespace-pre-line">{instructions}</p>
            </Card>
          )}
          <Field
            label={t.deposit.reference}
            value={reference}
            onChange={setReference}
            longest={longestReference}
            isOptional
          />
        </>
      )}
      <StepTold step={step} />
      <SubmitButton isBusy={step.is === 'sending'}>
        {amount === null ? t.deposit.topUp : t.deposit.request(money(amount))}
      </SubmitButton>
    </form>
  );
}

/** Asks for more on the deposit: by a transfer that the office looks at, or by a gateway, which tells the hub itself. */
export function TopUpPage() {
  const t = useTexts();
  const deposit = useAnswer<Deposit>('reseller/deposit');
  return (
    <Page title={t.deposit.topUp} back={addressOf('deposit')}>
      <Answered of={deposit}>{(held) => <Form deposit={held} />}</Answered>
    </Page>
  );
}
