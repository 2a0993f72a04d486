import { Card } from '../app/parts/card.tsx';
import { ButtonLink } from '../app/parts/contact.tsx';
import { addressOf } from '../app/route.ts';
import { dayOf, numberOf } from '../app/texts/language.ts';
import type { Dashboard, Dot } from './api/shapes.ts';
import { useAnswer } from './api/use-answer.ts';
import { useBrand } from './brand/brand.ts';
import { useMoney } from './brand/money.ts';
import { Answered } from './parts/answered.tsx';
import { DotMark } from './parts/dot.tsx';
import { Page } from './parts/page.tsx';
import { Row, Rows, Sides } from './parts/row.tsx';
import { useTexts } from './texts/texts.ts';

const dots: readonly Dot[] = ['green', 'red', 'grey'];

function Customers({ customers }: Pick<Dashboard, 'customers'>) {
  const t = useTexts();
  return (
    <Card title={t.today.customers}>
      <p className="mb-2 text-2xl font-bold">{t.today.count(numberOf(customers.total))}</p>
      <ul className="grid gap-1">
        {dots.map((dot) => (
          <li key={dot}>
            <a href={addressOf('customers', dot)} className="flex min-h-13 items-center gap-2 font-semibold">
              <DotMark dot={dot} />
              {t.dotsOf[dot](numberOf(customers[dot]))}
              <span className="ml-auto text-2xl text-deep" aria-hidden="true">
                ›
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

type FigureProps = { readonly title: string; readonly amount: number; readonly hint?: string };

function Figure({ title, amount, hint }: FigureProps) {
  const money = useMoney();
  return (
    <Card title={title}>
      <p className="text-2xl font-bold break-words">{money(amount)}</p>
      {hint !== undefined && <p className="text-base text-quiet">{hint}</p>}
    </Card>
  );
}

function DueSoon({ rows }: { readonly rows: Dashboard['due_soon'] }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <section className="space-y-2">
      <h2 className="text-base font-bold text-quiet">{t.today.dueSoon}</h2>
      {rows.length === 0 && <p>{t.today.nothingDue}</p>}
      <Rows>
        {rows.map(({ id, name, amount, due_date }) => (
          <Row key={`${id} ${due_date}`} href={addressOf('customer', id)}>
            <Sides left={<b>{name}</b>} right={money(amount)} />
            <span className="text-base text-quiet">{t.today.dueOn(dayOf(due_date))}</span>
          </Row>
        ))}
      </Rows>
    </section>
  );
}

/** How the shop stands: its customers by dot, its money, what it can collect. */
export function TodayPage() {
  const t = useTexts();
  const { name } = useBrand();
  const asked = useAnswer<Dashboard>('reseller/dashboard');
  return (
    <Page title={name || t.tabs.today}>
      <Answered of={asked}>
        {({
          customers,
          deposit,
          commission_this_month: commission,
          to_collect: collect,
          due_soon: dueSoon,
          open_requests: open,
        }) => (
          <>
            <ButtonLink href={addressOf('register')} text={t.customers.register} />
            <Customers customers={customers} />
            {open > 0 && <ButtonLink href={addressOf('requests')} text={t.today.requests(numberOf(open))} />}
            <Figure title={t.today.deposit} amount={deposit.balance} />
            {deposit.low_mark !== null && deposit.balance < deposit.low_mark && (
              <p className="rounded-xl bg-wait-pale px-3 py-2 font-semibold text-wait">{t.today.low}</p>
            )}
            <ButtonLink href={addressOf('top-up')} text={t.today.topUp} />
            <Figure title={t.today.commission} amount={commission} />
            <ButtonLink href={addressOf('commission')} text={t.commission.title} />
            <Figure
              title={t.today.collect}
              amount={collect.amount}
              hint={t.today.collectFrom(numberOf(collect.customers))}
            />
            <DueSoon rows={dueSoon} />
          </>
        )}
      </Answered>
    </Page>
  );
}
