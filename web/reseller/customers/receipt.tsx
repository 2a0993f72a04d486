import { useEffect, useState } from 'react';
import { Card } from '../../app/parts/card.tsx';
import { ButtonLink, whatsAppOf } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import type { CustomerStatus, Paid } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useBrand } from '../brand/brand.ts';
import { useMoney } from '../brand/money.ts';
import { DotWord } from '../parts/dot.tsx';
import { useTexts } from '../texts/texts.ts';

const everyMs = 3_000;
/** A modem that is switched on needs a minute at most; after that somebody must look at it. */
const mostLooks = 20;

/** Looks until the customer's line is online again. */
function LineComesBack({ id }: { readonly id: string }) {
  const t = useTexts();
  const { answer, refresh } = useAnswer<CustomerStatus>(`reseller/customers/${encodeURIComponent(id)}/status`);
  const [looks, setLooks] = useState(0);
  const dot = answer.is === 'shown' ? answer.body.dot : 'grey';
  useEffect(() => {
    if (dot === 'green' || looks >= mostLooks) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      refresh();
    }, everyMs);
    return () => clearTimeout(timer);
  }, [dot, looks, refresh]);
  const told = dot === 'green' ? t.pay.lineOn : looks < mostLooks ? t.pay.waitLine : t.pay.lineOff;
  return (
    <div role="status">
      <Card>
        <DotWord dot={dot} />
        <p className="font-semibold">{told}</p>
      </Card>
    </div>
  );
}

/** What was paid, what is left, and whether the Internet is back; with a message for the customer. */
export function Receipt({ customer, paid }: { readonly customer: CustomerStatus; readonly paid: Paid }) {
  const t = useTexts();
  const money = useMoney();
  const { name: company } = useBrand();
  const amount = money(paid.amount);
  return (
    <>
      <div role="status" className="rounded-xl border-2 border-good bg-good-pale px-3 py-3 text-good">
        <p className="text-xl font-bold">✓ {t.pay.done(amount)}</p>
        <p className="font-semibold">{t.pay.balance(money(paid.balance))}</p>
      </div>
      <LineComesBack id={customer.id} />
      <ButtonLink
        href={whatsAppOf(customer.phone, t.pay.receipt(customer.name, amount, company))}
        text={t.share}
        isOutside
      />
      <ButtonLink href={addressOf('customers')} text={t.tabs.customers} />
    </>
  );
}
