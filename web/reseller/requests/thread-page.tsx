import { type FormEvent, useEffect, useState } from 'react';
import { Card } from '../../app/parts/card.tsx';
import { addressOf } from '../../app/route.ts';
import { timeOf } from '../../app/texts/language.ts';
import type { Reply as ReplyBody, Thread } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { Answered } from '../parts/answered.tsx';
import { LongText } from '../parts/long-text.tsx';
import { Page } from '../parts/page.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { SubmitButton } from '../parts/submit-button.tsx';
import { useTexts } from '../texts/texts.ts';
import { StatePill } from './state-pill.tsx';

function Messages({ thread: { state, kind, customer, messages } }: { readonly thread: Thread }) {
  const t = useTexts();
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <StatePill state={state} />
        {[t.requests.kinds[kind], customer?.name].filter(Boolean).join(' · ')}
      </p>
      <ol className="space-y-2">
        {messages.map(({ id, by, name, text, at }) => (
          <li key={id} className={by === 'reseller' ? 'ml-6' : 'mr-6'}>
            <Card title={by === 'reseller' ? t.requests.me : `${t.requests.isp} · ${name}`}>
              <p className="break-words whitespace-pre-line">{text}</p>
              <p className="text-base text-quiet">{timeOf(at)}</p>
            </Card>
          </li>
        ))}
      </ol>
    </>
  );
}

function Reply({ id }: { readonly id: string }) {
  const t = useTexts();
  const [text, setText] = useState('');
  const path = `reseller/requests/${encodeURIComponent(id)}/messages`;
  const { step, send, sendNow } = useAttempt<ReplyBody, Thread>({ path, of: id });
  useEffect(() => {
    if (step.is === 'done') setText('');
  }, [step]);
  function submit(event: FormEvent): void {
    event.preventDefault();
    void (step.is === 'unheard' ? send() : sendNow({ text: text.trim() }));
  }
  return (
    <form className="space-y-3" onSubmit={submit} noValidate={step.is === 'unheard'}>
      <LongText label={t.requests.reply} value={text} onChange={setText} />
      <StepTold step={step} />
      <SubmitButton isBusy={step.is === 'sending'}>{step.is === 'unheard' ? t.again : t.send}</SubmitButton>
    </form>
  );
}

/** One question and what was answered. */
export function ThreadPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const thread = useAnswer<Thread>(`reseller/requests/${encodeURIComponent(id)}`);
  return (
    <Page title={t.requests.title} back={addressOf('requests')}>
      <Answered of={thread}>
        {(body) => (
          <>
            <Messages thread={body} />
            {body.state === 'closed' ? <p>{t.requests.closed}</p> : <Reply id={id} />}
          </>
        )}
      </Answered>
    </Page>
  );
}
