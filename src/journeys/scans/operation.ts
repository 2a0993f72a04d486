import type { Tx } from '#db/database.ts';

/** Whether an operation still waits for its move. */
export const isOpen = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx
    .selectFrom('asset_operations')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .select('id')
    .executeTakeFirst()) !== undefined;

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
