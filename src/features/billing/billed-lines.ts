import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type BilledLine, coveredTo } from '#domain/bill-plan.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';

type Row = {
  readonly id: string;
  readonly customer_id: string;
  readonly billing_mode: BillingMode;
  readonly due_day: number;
  readonly monthly_fee: bigint;
  readonly billed_to: string | null;
  readonly activated_at: Date;
  readonly plan: string;
  /** Of the first bill, while no later one was written. */
  readonly first_from: string | null;
};

/** A line that the hub's ledger bills, and what stands on its bills. */
export type Billable = BilledLine & { readonly id: string; readonly customerId: string; readonly plan: string };

/**
 * Lines that are billed by invoice here: served once, neither held nor ended, not by vouchers, of customers that are in no
 * other ledger (spec L2, R4, R5). A line that is isolated goes on being billed.
 */
const isBilled = sql<boolean>`s.activated_at is not null and s.suspended_at is null and s.terminated_at is null
  and s.valid_until is null and s.monthly_fee > 0`;

/** Days up to which lines are billed already where nothing is to be done. */
export type BilledUntil = Readonly<Record<BillingMode, LocalDate>>;

const isDue = (until: BilledUntil): RawBuilder<boolean> =>
  sql`coalesce(s.billed_to, '') < case s.billing_mode when 'prepaid' then ${until.prepaid} else ${until.postpaid} end`;

/** Before the first of all customers. */
export const nobodyYet = '00000000-0000-0000-0000-000000000000';

/**
 * The next customers, in the order of their ids, of whom a line may have to be billed; `after` the last one seen. Each
 * is looked at once in a run: its own lines are looked up, so that no page reads all lines of the tenant.
 */
export async function customersToBill(
  tx: Tx,
  tenantId: string,
  until: BilledUntil,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from customers c cross join lateral (
      select from subscriptions s
      where s.tenant_id = c.tenant_id and s.customer_id = c.id and ${isBilled} and ${isDue(until)} limit 1) due
    where c.tenant_id = ${tenantId} and c.erp_customer is null and c.deleted_at is null and c.id > ${after}
    order by c.id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

const billed = (tx: Tx, tenantId: string, customerIds: readonly string[], until: BilledUntil) =>
  sql<Row>`
    select s.id, s.customer_id, s.billing_mode, s.due_day, s.monthly_fee, s.billed_to, s.activated_at, p.name as plan,
      case when s.billing_mode = 'prepaid' then (
        select i.period_from from invoices i
        where i.tenant_id = s.tenant_id and i.subscription_id = s.id and i.reason = 'first' and i.kind = 'invoice'
          and i.cancelled_at is null and i.period_to = s.billed_to) end as first_from
    from subscriptions s join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id
    where s.tenant_id = ${tenantId} and s.customer_id = any(${customerIds}::uuid[]) and ${isBilled} and ${isDue(until)}
    order by s.customer_id, s.id`.execute(tx);

function billableOf(row: Row, zone: string): Billable {
  const { billed_to: to, first_from: from } = row;
  const activatedOn = localDate(row.activated_at.getTime(), zone);
  return {
    id: row.id,
    customerId: row.customer_id,
    plan: row.plan,
    mode: row.billing_mode,
    dueDay: row.due_day,
    fee: row.monthly_fee,
    billedTo: to !== null && from !== null ? coveredTo({ from, to }, activatedOn) : to,
    activatedOn,
  };
}

/** What may have to be billed of these customers; read under their locks. */
export async function linesToBill(
  tx: Tx,
  tenantId: string,
  customerIds: readonly string[],
  until: BilledUntil,
  zone: string,
): Promise<readonly Billable[]> {
  const { rows } = await billed(tx, tenantId, customerIds, until);
  return rows.map((row) => billableOf(row, zone));
}

/** Notes up to which day lines are billed. */
export const saveBilledTo = (
  tx: Tx,
  tenantId: string,
  lines: readonly { readonly id: string; readonly billedTo: LocalDate }[],
) =>
  sql`
    update subscriptions s set billed_to = l.to
    from unnest(${lines.map(({ id }) => id)}::uuid[], ${lines.map(({ billedTo }) => billedTo)}::text[]) as l (id, "to")
    where s.tenant_id = ${tenantId} and s.id = l.id`.execute(tx);
