import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';

export type LockedCustomer = {
  readonly id: string;
  readonly erp_customer: string | null;
  readonly is_taxable: boolean;
  readonly deleted_at: Date | null;
};

/**
 * Locks customers whose money is about to move, in the order of their ids: of all who bill, pay, credit or refund one
 * customer, one does at a time, and what is open is read under the lock.
 */
export async function lockCustomers(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedCustomer>> {
  const { rows } = await sql<LockedCustomer>`
    select id, erp_customer, is_taxable, deleted_at from customers
    where tenant_id = ${tenantId} and id = any(${[...new Set(ids)]}::uuid[])
    order by id for no key update`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Their lines that have not ended: what a decision may change for. */
export async function livingLines(tx: Tx, tenantId: string, customerIds: readonly string[]) {
  const { rows } = await sql<{ id: string; customer_id: string; due_day: number }>`
    select id, customer_id, due_day from subscriptions
    where tenant_id = ${tenantId} and customer_id = any(${[...new Set(customerIds)]}::uuid[]) and terminated_at is null
    order by created_at, id`.execute(tx);
  return rows;
}

export async function settingsOf(tx: Tx, tenantId: string): Promise<TenantSettings> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await query.executeTakeFirstOrThrow()).settings);
}

/** The date in the tenant's calendar at `at`, ms since 1970. */
export const dayOf = async (tx: Tx, tenantId: string, at: number): Promise<LocalDate> =>
  localDate(at, (await settingsOf(tx, tenantId)).time_zone);

/** Debt that comes back since money was taken back cuts nobody before this long has passed (spec B3). */
const settleMs = 300_000;

/** Notes that money of this customer was taken back at `now`, ms since 1970. */
export const noteTakenBack = (tx: Tx, tenantId: string, customerId: string, now: number) =>
  sql`
    insert into ledger_readings as held (tenant_id, customer, settles_at)
    values (${tenantId}, ${customerId}, ${new Date(now + settleMs)})
    on conflict (tenant_id, customer) do update set settles_at = greatest(held.settles_at, excluded.settles_at)`.execute(
    tx,
  );
