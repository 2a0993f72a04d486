import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { coveredTo } from '#domain/bill-plan.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';

type Row = {
  readonly customer_id: string;
  readonly billing_mode: BillingMode;
  readonly due_day: number;
  readonly monthly_fee: bigint;
  readonly billed_to: string | null;
  readonly activated_at: Date | null;
  readonly suspended_at: Date | null;
  readonly is_ended: boolean;
  readonly is_on_vouchers: boolean;
  readonly plan: string;
  readonly first_from: string | null;
};

/** How a line stands with the hub's ledger. Dates in the tenant's calendar, the fee of a month in minor units. */
export type LineMoney = {
  readonly id: string;
  readonly customerId: string;
  readonly mode: BillingMode;
  readonly dueDay: number;
  readonly fee: bigint;
  readonly plan: string;
  /** The last day that its bills cover. */
  readonly billedTo: LocalDate | null;
  /** When its first bill begins, while there is no later one. */
  readonly firstFrom: LocalDate | null;
  readonly activatedOn: LocalDate | null;
  readonly heldOn: LocalDate | null;
  readonly isEnded: boolean;
  readonly isOnVouchers: boolean;
};

/** Locks the customer whose line it is, as all do who bill or pay; null: it is none of the hub's ledger. */
export async function lockLinesCustomer(tx: Tx, tenantId: string, lineId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from customers
    where tenant_id = ${tenantId} and erp_customer is null and deleted_at is null
      and id = (select customer_id from subscriptions where tenant_id = ${tenantId} and id = ${lineId})
    for no key update`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Read under its customer's lock. */
export async function moneyOfLine(tx: Tx, tenantId: string, id: string, zone: string): Promise<LineMoney> {
  const { rows } = await sql<Row>`
    select s.customer_id, s.billing_mode, s.due_day, s.monthly_fee, s.billed_to, s.activated_at, s.suspended_at,
      s.terminated_at is not null as is_ended, s.valid_until is not null as is_on_vouchers, p.name as plan,
      (select i.period_from from invoices i
        where i.tenant_id = s.tenant_id and i.subscription_id = s.id and i.reason = 'first' and i.kind = 'invoice'
          and i.cancelled_at is null and i.period_to = s.billed_to) as first_from
    from subscriptions s join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id
    where s.tenant_id = ${tenantId} and s.id = ${id}`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('A line that was there is gone.');
  const { billed_to: to, first_from: from } = row;
  const dayOf = (at: Date | null): LocalDate | null => (at === null ? null : localDate(at.getTime(), zone));
  const activatedOn = dayOf(row.activated_at);
  const isShifted = row.billing_mode === 'prepaid' && to !== null && from !== null && activatedOn !== null;
  return {
    id,
    customerId: row.customer_id,
    mode: row.billing_mode,
    dueDay: row.due_day,
    fee: row.monthly_fee,
    plan: row.plan,
    billedTo: isShifted ? coveredTo({ from, to }, activatedOn) : to,
    firstFrom: from,
    activatedOn,
    heldOn: dayOf(row.suspended_at),
    isEnded: row.is_ended,
    isOnVouchers: row.is_on_vouchers,
  };
}
