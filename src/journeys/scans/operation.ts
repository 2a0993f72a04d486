import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Whether an operation still waits for its move. */
export async function isOpen(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    select id from asset_operations where tenant_id = ${tenantId} and id = ${id} and state = 'waiting'`.execute(tx);
  return rows.length > 0;
}

export async function closeOperation(
  tx: Tx,
  tenantId: string,
  id: string,
  state: 'done' | 'refused' | 'held',
  problem: string | null,
): Promise<void> {
  const finishedAt = state === 'held' ? null : new Date();
  await sql`
    update asset_operations set state = ${state}, problem = ${problem}, finished_at = ${finishedAt}
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
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
