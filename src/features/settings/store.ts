import type { Tx } from '#db/database.ts';

/** What was set, as stored; locked, so that two changes at once do not undo each other. */
export async function lockSettings(tx: Tx, tenantId: string): Promise<unknown> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').forNoKeyUpdate();
  return (await query.executeTakeFirstOrThrow()).settings;
}

export async function readSettings(tx: Tx, tenantId: string): Promise<unknown> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return (await query.executeTakeFirstOrThrow()).settings;
}

export async function writeSettings(tx: Tx, tenantId: string, settings: object): Promise<void> {
  await tx
    .updateTable('tenants')
    .set({ settings: JSON.stringify(settings), updated_at: new Date() })
    .where('id', '=', tenantId)
    .execute();
}
