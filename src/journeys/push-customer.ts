import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { priceOfDays } from '#domain/bill-plan.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import { daysBeforeLedger, ledgerMonthDay } from '#domain/ledger-start.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { daysLine } from '#features/billing/verbs.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { appendLedgerInvoice, appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import type { Who } from '#platform/caller.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

type On = Pick<Who, 'tenantId' | 'correlationId'>;

/** Has ERPNext get a customer that arose here, where it is the tenant's ledger (spec L1, C8). */
export async function pushCustomer(tx: Tx, { tenantId, correlationId }: On, customerId: string): Promise<void> {
  if ((await ledgerKind(tx, tenantId)) !== 'erpnext') return;
  await appendIntents(tx, tenantId, [
    {
      intent: { kind: 'ledger.customer', customerId },
      key: customerId,
      subscriptionId: null,
      generation: await takeGeneration(tx),
      urgency: urgency.other,
      correlationId,
    },
  ]);
}

const lineOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .innerJoin('tenants as t', 't.id', 's.tenant_id')
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', id)
    .select(['s.customer_id', 's.billing_mode', 's.due_day', 's.monthly_fee'])
    .select(['p.erp_item', 'p.name as plan', 't.settings'])
    .executeTakeFirstOrThrow();

type Line = Awaited<ReturnType<typeof lineOf>>;

/** The days that ERPNext will not bill: prepaid due after the lead of every bill, postpaid with the first whole month. */
async function pushFirstBill(tx: Tx, on: On, id: string, line: Line, now: number): Promise<void> {
  const { billing_mode: mode, due_day: dueDay, monthly_fee: fee } = line;
  const { time_zone: zone, invoice_lead_days: leadDays } = readTenantSettings(line.settings);
  const today = localDate(now, zone);
  const days = daysBeforeLedger(mode, dueDay, today);
  const amount = priceOfDays(fee, days, ledgerMonthDay(mode, dueDay));
  if (amount <= 0n) return;
  const { description } = daysLine(line.plan, days, amount);
  await appendLedgerInvoice(tx, on, {
    ...{ ref: `first:${id}`, kind: 'invoice', customerId: line.customer_id, subscriptionId: id },
    lines: [{ description, quantity: 1, unitPrice: amount }],
    ...{ periodFrom: days.from, periodTo: days.to, issuedOn: today },
    dueDate: mode === 'prepaid' ? addDays(today, leadDays) : nextDueDate(addDays(days.to, 1), dueDay),
  });
}

/**
 * Has ERPNext get a line that arose here, after its customer (spec L1), with the bill of the days that it does not bill
 * itself. Where the line's plan names no item nobody there could bill it, and it stays here alone.
 */
export async function pushLine(tx: Tx, on: On, subscriptionId: string, now: number): Promise<void> {
  if ((await ledgerKind(tx, on.tenantId)) !== 'erpnext') return;
  const line = await lineOf(tx, on.tenantId, subscriptionId);
  if (line.erp_item === null) return;
  await appendLedgerPush(tx, on, { kind: 'ledger.subscription', subscriptionId }, subscriptionId);
  await pushFirstBill(tx, on, subscriptionId, line, now);
}
