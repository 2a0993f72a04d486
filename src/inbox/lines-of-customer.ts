import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Ids of the lines whose customer has one of these names in the ledger. */
export async function linesOfCustomers(
  tx: Tx,
  tenantId: string,
  customers: readonly string[],
): Promise<readonly string[]> {
  if (customers.length === 0) return [];
  const rows = await tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('c.erp_customer', 'in', customers)
    .where('c.deleted_at', 'is', null)
    .select('s.id')
    .execute();
  return rows.map((row) => row.id);
}

/** Lines that wait for evidence: the last decision wanted to cut them and could not prove it. */
export async function linesAwaitingEvidence(tx: Tx, tenantId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('access')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`(evidence ->> 'needed')::boolean`)
    .select('subscription_id')
    .execute();
  return rows.map((row) => row.subscription_id);
}
