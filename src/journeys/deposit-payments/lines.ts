import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import type { DepositPayment } from '#features/deposits/verbs.ts';

export type Lines = DepositPayment['lines'];

/** The customers' lines as they are decided about now, by customer. */
export async function linesOf(
  tx: Tx,
  tenantId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, Lines>> {
  if (customerIds.length === 0) return new Map();
  const { rows } = await sql<Lines[number] & { readonly customer: string }>`
    select s.customer_id as customer, s.id as subscription_id, s.username, a.state
    from subscriptions s left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = ${tenantId} and s.customer_id = any(${[...new Set(customerIds)]}::uuid[])
      and s.terminated_at is null
    order by s.created_at, s.id`.execute(tx);
  const found = groupBy(rows, ({ customer }) => customer);
  return new Map([...found].map(([id, some]) => [id, some.map(({ customer: _customer, ...line }) => line)]));
}
