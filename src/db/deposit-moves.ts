import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** The moves of a reseller's deposit; `memo` names the customer whose payment it was, by the name that it has now. */
export const depositMovesOf = (tx: Tx, tenantId: string, resellerId: string) =>
  tx
    .selectFrom('deposit_moves as m')
    .leftJoin('payments as p', (join) =>
      join.onRef('p.tenant_id', '=', 'm.tenant_id').onRef('p.id', '=', 'm.source_id'),
    )
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'p.tenant_id').onRef('c.id', '=', 'p.customer_id'),
    )
    .where('m.tenant_id', '=', tenantId)
    .where('m.reseller_id', '=', resellerId)
    .select(sql<string>`coalesce(c.name || ' ' || c.customer_code, m.memo)`.as('memo'));
