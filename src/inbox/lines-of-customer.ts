import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

export type LineOfDebtor = {
  readonly id: string;
  /** Its customer's name in the ledger. */
  readonly customer: string;
  /** The last decision wanted to cut it and could not prove that it may. */
  readonly awaitsEvidence: boolean;
};

/** The lines whose customer has one of these names in the ledger. */
export async function linesOfCustomers(
  tx: Tx,
  tenantId: string,
  customers: readonly string[],
): Promise<readonly LineOfDebtor[]> {
  if (customers.length === 0) return [];
  const { rows } = await sql<LineOfDebtor>`
    select s.id, c.erp_customer as customer, coalesce((a.evidence ->> 'needed')::boolean, false) as "awaitsEvidence"
    from customers c join subscriptions s on s.tenant_id = c.tenant_id and s.customer_id = c.id
    left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where c.tenant_id = ${tenantId} and c.erp_customer = any(${customers}) and c.deleted_at is null`.execute(tx);
  return rows;
}

/** Lines that wait for evidence, whoever's they are. */
export async function linesAwaitingEvidence(tx: Tx, tenantId: string): Promise<readonly LineOfDebtor[]> {
  const { rows } = await sql<LineOfDebtor>`
    select s.id, coalesce(c.erp_customer, '') as customer, true as "awaitsEvidence"
    from access a join subscriptions s on s.tenant_id = a.tenant_id and s.id = a.subscription_id
    join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    where a.tenant_id = ${tenantId} and (a.evidence ->> 'needed')::boolean`.execute(tx);
  return rows;
}
