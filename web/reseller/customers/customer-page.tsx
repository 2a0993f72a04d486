import { useStored } from '../../app/kept/stored.ts';
import { Card, Fact } from '../../app/parts/card.tsx';
import { ButtonLink, Contact } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import { dayOf, language, numberOf, timeOf } from '../../app/texts/language.ts';
import type { Bills, CustomerStatus, Line, Session } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { DotWord } from '../parts/dot.tsx';
import { Page } from '../parts/page.tsx';
import { Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

function Why({ line }: { readonly line: Line }) {
  const t = useTexts();
  const chosen = useStored(language);
  const { dot, why, online_since: since, last_seen_at: seen } = line;
  return (
    <Card title={t.customer.why}>
      <DotWord dot={dot} />
      <p className="mt-1 font-semibold break-words">{why.text[chosen]}</p>
      {dot === 'green' && since !== null && <p className="text-quiet">{t.customer.since(timeOf(since))}</p>}
      {dot !== 'green' && seen !== null && <p className="text-quiet">{t.customer.lastSeen(timeOf(seen))}</p>}
    </Card>
  );
}

function OpenBills({ id, bills }: { readonly id: string; readonly bills: Bills }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <Card title={t.customer.bills}>
      {bills.data.length === 0 && <p>{t.customer.noBills}</p>}
      <ul className="mb-2">
        {bills.data.map(({ number, due_date, is_overdue, outstanding }) => (
          <li key={number} className="py-1">
            <Sides left={number} right={money(outstanding)} />
            <span className={`text-base ${is_overdue ? 'font-semibold text-bad' : 'text-quiet'}`}>
              {t.today.dueOn(dayOf(due_date))}
            </span>
          </li>
        ))}
      </ul>
      {bills.open > 0 && (
        <a
          href={addressOf('pay', id)}
          className="flex min-h-16 items-center justify-center rounded-xl bg-deep px-3 text-center text-xl font-bold text-white"
        >
          {t.pay.pay(money(bills.open))}
        </a>
      )}
    </Card>
  );
}

const ended = ({ ended_at, started_at }: Session, stillOn: string): string =>
  `${started_at === null ? '?' : timeOf(started_at)} – ${ended_at === null ? stillOn : timeOf(ended_at)}`;

function Sessions({ sessions }: Pick<Line, 'sessions'>) {
  const t = useTexts();
  return (
    <Card title={t.customer.sessions}>
      {sessions.length === 0 && <p>{t.customer.noSessions}</p>}
      <ul>
        {sessions.map((one) => (
          <li key={`${one.started_at} ${one.ended_at}`} className="py-1">
            <p className="font-semibold">{ended(one, t.customer.stillOn)}</p>
            <p className="text-base text-quiet">{t.customer.traffic(numberOf(one.down_mb), numberOf(one.up_mb))}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** One customer: whether it is online, why not, what it owes; and the way to pay. */
export function CustomerPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const status = useAnswer<CustomerStatus>(`reseller/customers/${encodeURIComponent(id)}/status`);
  const bills = useAnswer<Bills>(`reseller/invoices?customer_id=${encodeURIComponent(id)}&page_size=50`);
  const title = status.answer.is === 'shown' ? status.answer.body.name : t.tabs.customers;
  return (
    <Page title={title} back={addressOf('customers')}>
      <Answered of={status}>
        {(customer) => (
          <>
            {customer.lines.map((line) => (
              <Why key={line.subscription_id} line={line} />
            ))}
            <Answered of={bills}>{(body) => <OpenBills id={id} bills={body} />}</Answered>
            <Card>
              <p className="text-xl font-bold break-words">{customer.name}</p>
              <p className="break-words">{customer.phone}</p>
              <p className="break-words">{customer.address}</p>
              <Contact customer={customer} />
            </Card>
            {customer.lines.map((line) => (
              <Sessions key={line.subscription_id} sessions={line.sessions} />
            ))}
            <Card>
              <Fact name={t.customer.code} value={customer.customer_code} />
              {customer.lines.map(({ subscription_id, plan, username }) => (
                <div key={subscription_id}>
                  <Fact name={t.customer.plan} value={plan.name} />
                  <Fact name={t.customer.username} value={username} />
                </div>
              ))}
            </Card>
            <ButtonLink href={addressOf('ask', id)} text={t.customer.ask} />
          </>
        )}
      </Answered>
    </Page>
  );
}
