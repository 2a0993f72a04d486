import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** As a part of a statement: whether an operation still waits for its move. */
export const waits = (tenantId: string, id: string): RawBuilder<boolean> =>
  sql<boolean>`exists (
    select from asset_operations where tenant_id = ${tenantId} and id = ${id} and state = 'waiting')`;

/** The same by itself. */
export async function isOpen(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select ${waits(tenantId, id)} as is`.execute(tx);
  return rows[0]?.is === true;
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
