import type { Tx } from '#db/database.ts';

/** An open operation with the scan that wanted it; null: it is over. */
export async function readOperation(tx: Tx, tenantId: string, id: string) {
  const row = await tx
    .selectFrom('asset_operations as o')
    .innerJoin('assets as a', (join) => join.onRef('a.tenant_id', '=', 'o.tenant_id').onRef('a.id', '=', 'o.asset_id'))
    .leftJoin('scans as s', (join) => join.onRef('s.tenant_id', '=', 'o.tenant_id').onRef('s.id', '=', 'o.scan_id'))
    .leftJoin('users as t', (join) =>
      join.onRef('t.tenant_id', '=', 'o.tenant_id').onRef('t.id', '=', 'o.technician_id'),
    )
    .leftJoin('users as b', (join) =>
      join.onRef('b.tenant_id', '=', 'o.tenant_id').onRef('b.id', '=', 'o.requested_by'),
    )
    .leftJoin('subscriptions as l', (join) =>
      join.onRef('l.tenant_id', '=', 'o.tenant_id').onRef('l.id', '=', 'o.subscription_id'),
    )
    .where('o.tenant_id', '=', tenantId)
    .where('o.id', '=', id)
    .where('o.state', '=', 'waiting')
    .select(['o.id', 'o.asset_id', 'o.kind', 'o.technician_id', 'o.subscription_id', 'o.condition', 'o.scan_id'])
    .select(['o.happened_at', 'o.requested_by', 'o.correlation_id', 'l.customer_id'])
    .select(['t.name as technician', 'b.name as requester', 's.kind as scan_kind', 's.work_order_id', 'a.tracker'])
    .select(['s.latitude', 's.longitude'])
    .executeTakeFirst();
  return row ?? null;
}
export type Operation = NonNullable<Awaited<ReturnType<typeof readOperation>>>;

export async function closeOperation(
  tx: Tx,
  tenantId: string,
  id: string,
  state: 'done' | 'refused' | 'held',
  problem: string | null,
): Promise<void> {
  await tx
    .updateTable('asset_operations')
    .set({ state, problem, finished_at: state === 'held' ? null : new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
}

/** What of a scan has not been moved yet, in its order. */
export const openOperations = (tx: Tx, tenantId: string, scanId: string) =>
  tx
    .selectFrom('asset_operations')
    .where('tenant_id', '=', tenantId)
    .where('scan_id', '=', scanId)
    .where('state', 'in', ['waiting', 'held'])
    .select(['id', 'state', 'subscription_id'])
    .orderBy('created_at')
    .execute();

/** Whether a scan has moved anything yet. */
export const hasMoved = async (tx: Tx, tenantId: string, scanId: string): Promise<boolean> =>
  (await tx
    .selectFrom('asset_operations')
    .where('tenant_id', '=', tenantId)
    .where('scan_id', '=', scanId)
    .where('state', '=', 'done')
    .select('id')
    .limit(1)
    .executeTakeFirst()) !== undefined;
