import { sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type AssetRow, meantBy } from '#db/find-asset.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { AssetsTable } from '#db/tables/assets.ts';
import type { AssetCondition } from '#domain/asset.ts';
import { openStates } from '#domain/work-order.ts';
import type { Who } from '#platform/caller.ts';
import type { AssetQuery, NewUnit } from './schema.ts';

/** Which units somebody sees: of a technician its own bag, and what is at customers that it has an open order for. */
export type Sight = { readonly tenantId: string; readonly technicianId: string | null };
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  technicianId: caller.role === 'technician' ? caller.userId : null,
});

const ofTechnician = (technicianId: string) =>
  sql<boolean>`(a.technician_id = ${technicianId} or exists (select from work_orders o where o.tenant_id = a.tenant_id
    and o.customer_id = a.customer_id and o.technician_id = ${technicianId} and o.state = any(${[...openStates]}::text[])))`;

const seen = (tx: Tx, { tenantId, technicianId }: Sight) =>
  tx
    .selectFrom('assets as a')
    .where('a.tenant_id', '=', tenantId)
    .$if(technicianId !== null, (rows) => rows.where(ofTechnician(technicianId ?? '')));

export const findAsset = (tx: Tx, sight: Sight, id: string): Promise<AssetRow | undefined> =>
  seen(tx, sight).where('a.id', '=', id).selectAll('a').executeTakeFirst();

export const lockAsset = (tx: Tx, tenantId: string, id: string): Promise<AssetRow | undefined> =>
  tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .selectAll()
    .forUpdate()
    .executeTakeFirst();

export function listAssets(tx: Tx, sight: Sight, query: AssetQuery): Promise<Page<AssetRow>> {
  let rows = seen(tx, sight).where('a.gone_at', query.gone === 'true' ? 'is not' : 'is', null);
  if (query.state !== undefined) rows = rows.where('a.state', '=', query.state);
  if (query.technician_id !== undefined) rows = rows.where('a.technician_id', '=', query.technician_id);
  if (query.customer_id !== undefined) rows = rows.where('a.customer_id', '=', query.customer_id);
  if (query.subscription_id !== undefined) rows = rows.where('a.subscription_id', '=', query.subscription_id);
  if (query.search) rows = rows.where(meantBy(query.search));
  const { column, direction } = orderOf(query.sort);
  return readPage(rows.selectAll('a').orderBy(`a.${column}`, direction).orderBy('a.id', direction), query);
}

export function listMoves(tx: Tx, tenantId: string, id: string, page: { page: number; page_size: number }) {
  const rows = tx.selectFrom('asset_moves').where('tenant_id', '=', tenantId).where('asset_id', '=', id);
  return readPage(rows.selectAll().orderBy('happened_at', 'desc').orderBy('id', 'desc'), page);
}

export const changeAsset = (tx: Tx, tenantId: string, id: string, change: Updateable<AssetsTable>): Promise<AssetRow> =>
  tx
    .updateTable('assets')
    .set((eb) => ({ ...change, updated_at: new Date(), version: eb('version', '+', 1n) }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** The lines that are locked to this MAC. */
export const linesLockedTo = (tx: Tx, tenantId: string, mac: string) =>
  tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('mac', '=', mac)
    .where('terminated_at', 'is', null)
    .select(['id', 'username'])
    .execute();

export type Twin = Pick<AssetRow, 'id' | 'part' | 'serial' | 'mac' | 'gpon_sn' | 'barcode' | 'state' | 'place'>;

/** Units that have one of these MACs, GPON serials or labels, or of this part one of these serials. */
export async function twinsOf(
  tx: Tx,
  tenantId: string,
  part: string | null,
  units: readonly Partial<NewUnit>[],
): Promise<readonly Twin[]> {
  const all = (key: keyof NewUnit): string[] => units.flatMap((unit) => unit[key] ?? []);
  const serials = all('serial').map((serial) => serial.replace(/[^0-9A-Za-z]/g, '').toUpperCase());
  return tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('gone_at', 'is', null)
    .where(
      sql<boolean>`(mac = any(${all('mac')}::text[]) or gpon_sn = any(${all('gpon_sn')}::text[])
        or barcode = any(${all('barcode')}::text[])
        or (lower(part) = lower(${part}) and serial_key = any(${serials}::text[])))`,
    )
    .select(['id', 'part', 'serial', 'mac', 'gpon_sn', 'barcode', 'state', 'place'])
    .orderBy('id')
    .execute();
}

/** Null: the unit has an operation under way already. */
export async function openMark(
  tx: Tx,
  who: Who,
  asset: AssetRow,
  condition: AssetCondition,
  now: Date,
): Promise<string | null> {
  const row = await tx
    .insertInto('asset_operations')
    .values({
      tenant_id: who.tenantId,
      asset_id: asset.id,
      kind: 'mark',
      technician_id: asset.technician_id,
      subscription_id: asset.subscription_id,
      condition,
      happened_at: now,
      requested_by: who.caller.userId,
      correlation_id: who.correlationId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}
