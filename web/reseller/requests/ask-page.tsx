import { type FormEvent, useEffect, useState } from 'react';
import { Card } from '../../app/parts/card.tsx';
import { addressOf, goTo } from '../../app/route.ts';
import type { CustomerStatus, NewRequest, Request } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { Answered } from '../parts/answered.tsx';
import { Choice } from '../parts/choice.tsx';
import { LongText } from '../parts/long-text.tsx';
import { Page } from '../parts/page.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { SubmitButton } from '../parts/submit-button.tsx';
import { useTexts } from '../texts/texts.ts';

function About({ customerId }: { readonly customerId: string }) {
  const t = useTexts();
  const status = useAnswer<CustomerStatus>(`reseller/customers/${encodeURIComponent(customerId)}/status`);
  return (
    <Card title={t.requests.customer}>
      <Answered of={status}>{({ name }) => <p className="text-xl font-bold break-words">{name}</p>}</Answered>
    </Card>
  );
}

type Kind = NewRequest['kind'];
/** The most frequent one first. */
const kinds: readonly Kind[] = ['no_internet', 'slow', 'billing', 'move', 'plan', 'equipment', 'other'];

/** A question to the ISP; of a customer, where it was begun there. */
export function AskPage({ customerId }: { readonly customerId: string }) {
  const t = useTexts();
  const [kind, setKind] = useState<Kind>('no_internet');
  const [text, setText] = useState('');
  const { step, send, sendNow } = useAttempt<NewRequest, Request>({ path: 'reseller/requests', of: customerId });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const body = { kind, text: text.trim(), ...(customerId !== '' && { customer_id: customerId }) };
    void (step.is === 'unheard' ? send() : sendNow(body));
  }

  useEffect(() => {
    if (step.is === 'done') goTo('requests', step.body.id);
  }, [step]);
  return (
    <Page title={t.requests.title} back={customerId === '' ? addressOf('requests') : addressOf('customer', customerId)}>
      {customerId !== '' && <About customerId={customerId} />}
      <form className="space-y-3" onSubmit={submit} noValidate={step.is === 'unheard'}>
        <Choice
          legend={t.requests.about}
          name="kind"
          options={kinds.map((value) => ({ value, shown: t.requests.kinds[value] }))}
          chosen={kind}
          onChoose={setKind}
        />
        <LongText label={t.requests.text} value={text} onChange={setText} />
        <StepTold step={step} />
        <SubmitButton isBusy={step.is === 'sending'}>{step.is === 'unheard' ? t.again : t.send}</SubmitButton>
      </form>
    </Page>
  );
}
