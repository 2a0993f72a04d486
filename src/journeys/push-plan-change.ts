import type { Tx } from '#db/database.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { type ChangeMoney, moneyOfLedgerChange, type Prices } from '#domain/ledger-change.ts';
import { ledgerMonthDay } from '#domain/ledger-start.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { type Period, periodAt } from '#domain/periods.ts';
import { daysLine, settingsOf } from '#features/billing/verbs.ts';
import { tellLine } from '#features/subscriptions/verbs.ts';
import { appendLedgerInvoice, changeRef } from '#outbox/append-ledger-invoice.ts';
import type { MovedPlan } from './follow-subscription.ts';

type On = { readonly tenantId: string; readonly correlationId: string };

/** The days that the hub billed before ERPNext's first month; null: this subscription did not come from here. */
async function firstDays(tx: Tx, tenantId: string, id: string): Promise<Period | null> {
  const row = await tx
    .selectFrom('ledger_invoices')
    .where('tenant_id', '=', tenantId)
    .where('ref', '=', `first:${id}`)
    .select(['period_from as from', 'period_to as to'])
    .executeTakeFirst();
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

async function append(tx: Tx, on: On, { line }: MovedPlan, money: ChangeMoney, due: LocalDate, today: LocalDate) {
  const { from, to, amount } = money;
  const isBill = amount > 0n;
  const unitPrice = isBill ? amount : -amount;
  await appendLedgerInvoice(tx, on, {
    ...{ ref: changeRef(line.id), kind: isBill ? 'invoice' : 'credit_note' },
    ...{ customerId: line.customer_id, subscriptionId: line.id, periodFrom: from, periodTo: to, issuedOn: today },
    lines: [daysLine('Change of plan', { from, to }, unitPrice)],
    dueDate: isBill ? due : today,
  });
}

/**
 * Bills or gives back what ERPNext does not where the plan of its subscription was changed there (spec L1): it makes no
 * bill within a month. Only where the hub knows ERPNext's months, for it made the subscription, and where both say the same
 * of what the plans cost; else a person is told to look. In the transaction that moves the line to the other plan, so once.
 */
export async function pushPlanChange(
  tx: Tx,
  on: On,
  moved: MovedPlan,
  prices: Prices | null,
  now: number,
): Promise<void> {
  const { line, fee } = moved;
  const { tenantId, correlationId } = on;
  const [settings, first] = [await settingsOf(tx, tenantId), await firstDays(tx, tenantId, line.id)];
  const tell = (text: string): Promise<void> =>
    tellLine(tx, tenantId, line.id, { kind: 'ledger', text, correlationId, data: {} });
  if (first === null || prices === null || prices.was !== line.monthly_fee || prices.is !== fee) {
    const why = first === null ? 'its months are not the hub’s' : 'its prices are not those of the service plans';
    return tell(`The days of this month at another price are not billed by the hub, for ${why}: see to it in ERPNext.`);
  }
  const today = localDate(now, settings.time_zone);
  const { billing_mode: mode, due_day: dueDay } = line;
  const money = moneyOfLedgerChange({ mode, dueDay, isServed: line.activated_at !== null, first }, prices, today);
  if (money === null) return;
  const afterMonth = addDays(periodAt(today, ledgerMonthDay(mode, dueDay)).to, 1);
  const due = mode === 'prepaid' ? addDays(today, settings.invoice_lead_days) : nextDueDate(afterMonth, dueDay);
  await append(tx, on, moved, money, due, today);
  const what = money.amount > 0n ? 'billed' : 'given back';
  await tell(`ERPNext makes no bill within a month: the difference for ${money.from} – ${money.to} is ${what}.`);
}
