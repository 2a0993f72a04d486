import { Card } from '../../app/parts/card.tsx';
import { addressOf } from '../../app/route.ts';
import { timeOf } from '../../app/texts/language.ts';
import type { Commission, CommissionSummary } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Page } from '../parts/page.tsx';
import { Row, Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';
import { MonthsChart } from './months-chart.tsx';

function Summary({ summary }: { readonly summary: CommissionSummary }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <>
      <Card title={t.commission.month}>
        <p className="text-3xl font-bold break-words">{money(summary.this_month)}</p>
        <Sides left={t.commission.owed} right={money(summary.owed)} />
        <Sides left={t.commission.paid} right={money(summary.paid)} />
      </Card>
      <MonthsChart months={summary.months} />
    </>
  );
}

function CommissionRow({ row }: { readonly row: Commission }) {
  const t = useTexts();
  const money = useMoney();
  const { at, customer_name: customer, service_plan_name: plan, amount } = row;
  const told = [timeOf(at), plan, amount < 0 ? t.commission.back : null];
  return (
    <Row>
      <Sides left={<b>{customer}</b>} right={<span className={amount < 0 ? 'text-bad' : ''}>{money(amount)}</span>} />
      <span className="text-base text-quiet">{told.filter(Boolean).join(' · ')}</span>
    </Row>
  );
}

/** What the shop has earned: this month, not paid yet, paid, by month, and each payment that it comes from. */
export function CommissionPage() {
  const t = useTexts();
  const summary = useAnswer<CommissionSummary>('reseller/commissions/summary');
  return (
    <Page title={t.commission.title} back={addressOf('more')}>
      <Answered of={summary}>{(body) => <Summary summary={body} />}</Answered>
      <h2 className="text-base font-bold text-quiet">{t.commission.rows}</h2>
      <MoreRows<Commission> path="reseller/commissions" none={{ text: t.commission.none, hint: t.commission.noneHint }}>
        {(row) => <CommissionRow key={row.id} row={row} />}
      </MoreRows>
    </Page>
  );
}
