import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { TrackerKind } from '#domain/asset.ts';

/** Who keeps a tenant's stock: InvenTree as soon as it is connected, whether it answers or not; else the hub's own list. */
export async function trackerKind(tx: Tx, tenantId: string): Promise<TrackerKind> {
  const { rows } = await sql`select from connections where tenant_id = ${tenantId} and system = 'inventree'`.execute(
    tx,
  );
  return rows.length > 0 ? 'inventree' : 'builtin';
}
