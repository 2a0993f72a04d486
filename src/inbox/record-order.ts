import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * Whoever records something of a customer's debt waits here for whoever does so already: what is compared with what is
 * held then stays true until the commit, and two looks at one customer's bills never lock them in opposite orders.
 * Everybody's at once (`customer` null) waits for all of the tenant's.
 */
export async function lockDebt(tx: Tx, tenantId: string, customer: string | null): Promise<void> {
  const everybody = sql`hashtextextended(${tenantId}, 0)`;
  if (customer === null) await sql`select pg_advisory_xact_lock(${everybody})`.execute(tx);
  else {
    const one = sql`hashtextextended(${`${tenantId} ${customer}`}, 0)`;
    await sql`select pg_advisory_xact_lock_shared(${everybody}), pg_advisory_xact_lock(${one})`.execute(tx);
  }
}

/**
 * Of these customers, those about whom a reading that began after `askedAt` has been recorded. It kept silent about what
 * it found settled, so an older answer (of a worker that was stopped for a while) would bring back what it disproved, and
 * the newer reading would pass for evidence of it. `customers` null: whoever it may be.
 */
export async function overtaken(
  tx: Tx,
  tenantId: string,
  customers: readonly string[] | null,
  askedAt: number,
): Promise<(customer: string) => boolean> {
  const { rows } = await sql<{ customer: string }>`
    select customer from ledger_readings where tenant_id = ${tenantId} and started_at > ${new Date(askedAt)}
      and ${customers === null ? sql`true` : sql`customer = any(${['', ...new Set(customers)]})`}`.execute(tx);
  const read = new Set(rows.map(({ customer }) => customer));
  return (customer) => read.has('') || read.has(customer);
}

/** Whoever is about to finish the document's mark leaves it: the document is looked at again. */
export const markAgain = (tx: Tx, tenantId: string, doctype: string, name: string) =>
  tx
    .updateTable('dirty_documents')
    .set({ marks: sql<bigint>`marks + 1` })
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', doctype)
    .where('name', '=', name)
    .execute();
