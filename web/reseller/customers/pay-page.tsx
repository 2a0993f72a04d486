import { useEffect, useRef } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card, Empty } from '../../app/parts/card.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import type { Bills, CustomerStatus, Deposit, Paid, Payment } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { Sides } from '../parts/row.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { useTexts } from '../texts/texts.ts';
import { Receipt } from './receipt.tsx';

const path = 'reseller/payments';

type Props = { readonly customer: CustomerStatus; readonly open: number; readonly deposit: Deposit };

/** What is paid out of what; one touch more, and it is done. The key is made when this opens, by the touch before. */
function Confirm({ customer, open, deposit }: Props) {
  const t = useTexts();
  const money = useMoney();
  const { step, attempt, begin, send } = useAttempt<Payment, Paid>({ path, of: customer.id });
  const isBegun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what was open when the page was opened
  useEffect(() => {
    if (isBegun.current || open === 0) return;
    isBegun.current = true;
    void begin({ customer_id: customer.id, amount: open });
  }, [open]);

  if (step.is === 'done') return <Receipt customer={customer} paid={step.body} />;
  if (step.is === 'refused' || (open === 0 && attempt === null))
    return (
      <>
        {step.is === 'refused' ? <StepTold step={step} /> : <Empty text={t.pay.nothing} />}
        <ButtonLink href={addressOf('customer', customer.id)} text={t.pay.toCustomer} />
        {step.is === 'refused' && step.refusal.details.reason === 'deposit_too_low' && (
          <ButtonLink href={addressOf('top-up')} text={t.deposit.topUp} />
        )}
      </>
    );
  const amount = attempt?.body.amount ?? open;
  return (
    <>
      <Card title={t.pay.from}>
        <Sides left={t.pay.left} right={money(deposit.balance)} />
        <Sides left={t.customer.bills} right={money(amount)} />
        <Sides left={t.pay.after} right={money(deposit.balance - amount)} />
      </Card>
      {step.is === 'unheard' && <p className="font-semibold">{t.pay.before}</p>}
      <StepTold step={step} />
      <Button look="main" isBig isOff={attempt === null || step.is === 'sending'} onPress={() => void send()}>
        {step.is === 'sending' ? t.sending : t.pay.confirm(money(amount))}
      </Button>
      <ButtonLink href={addressOf('customer', customer.id)} text={t.cancel} />
    </>
  );
}

/** The last of three touches: customer, pay, confirm. Money never waits on the phone: without signal nothing is sent. */
export function PayPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const status = useAnswer<CustomerStatus>(`reseller/customers/${encodeURIComponent(id)}/status`);
  const bills = useAnswer<Bills>(`reseller/invoices?customer_id=${encodeURIComponent(id)}&page_size=50`);
  const deposit = useAnswer<Deposit>('reseller/deposit');
  return (
    <Page title={t.pay.title} back={addressOf('customer', id)}>
      <Answered of={status}>
        {(customer) => (
          <>
            <p className="text-2xl font-bold break-words">{customer.name}</p>
            <Answered of={bills}>
              {({ open }) => (
                <Answered of={deposit}>{(held) => <Confirm customer={customer} open={open} deposit={held} />}</Answered>
              )}
            </Answered>
          </>
        )}
      </Answered>
    </Page>
  );
}
