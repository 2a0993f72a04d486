import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import type { AssetRow } from '#db/find-asset.ts';
import { takeGeneration } from '#db/generations.ts';
import { mapPage } from '#db/page.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Asset, AssetChange, AssetMove, AssetQuery, Marking } from './schema.ts';
import * as store from './store.ts';
import { refusingTwins } from './twins.ts';

export const assetView = (row: AssetRow): Asset => ({
  id: row.id,
  tracker: row.tracker,
  tracker_ref: row.tracker_ref,
  part: row.part,
  serial: row.serial,
  mac: row.mac,
  gpon_sn: row.gpon_sn,
  barcode: row.barcode,
  state: row.state,
  status: row.status,
  place: row.place,
  technician_id: row.technician_id,
  customer_id: row.customer_id,
  subscription_id: row.subscription_id,
  note: row.note,
  gone_at: row.gone_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export async function listAssets(tx: Tx, who: Who, query: AssetQuery) {
  demand(who.caller, 'assets:read');
  return mapPage(await store.listAssets(tx, store.sightOf(who), query), assetView);
}

export async function getAsset(tx: Tx, who: Who, id: string): Promise<Asset> {
  demand(who.caller, 'assets:read');
  const row = await store.findAsset(tx, store.sightOf(who), id);
  if (!row) throw notFound('asset');
  return assetView(row);
}

type MoveRow = Awaited<ReturnType<typeof store.listMoves>>['data'][number];
const moveView = ({
  tenant_id: _,
  asset_id: _asset,
  recorded_at: _at,
  tracker_row: _row,
  ...move
}: MoveRow): AssetMove => ({
  ...move,
  happened_at: move.happened_at.toISOString(),
});

/** The history of a unit, whoever moved it, the latest first (spec A1). */
export async function listMoves(tx: Tx, who: Who, id: string, page: { page: number; page_size: number }) {
  await getAsset(tx, who, id);
  return mapPage(await store.listMoves(tx, who.tenantId, id, page), moveView);
}

/** People who look at the tracker see what the hub knows of the unit; its own list needs no copy. */
export async function tellLabels(tx: Tx, who: Who, rows: readonly AssetRow[]): Promise<void> {
  const { tenantId, correlationId } = who;
  const elsewhere = rows.filter(({ tracker }) => tracker !== 'builtin');
  if (elsewhere.length === 0) return;
  const generation = await takeGeneration(tx);
  await appendIntents(
    tx,
    tenantId,
    elsewhere.map(({ id: assetId }) => {
      const intent = { kind: 'asset.label', assetId } as const;
      const other = { subscriptionId: null, generation, urgency: urgency.other, correlationId };
      return { intent, key: intentKey(intent), ...other };
    }),
  );
}

/** A line is locked to the MAC of the unit that stands there: to correct one without the other would lock it out. */
async function checkLock(tx: Tx, { tenantId }: Who, before: AssetRow, mac: string | null): Promise<void> {
  if (before.subscription_id === null || before.mac === null || before.mac === mac) return;
  const lines = await store.linesLockedTo(tx, tenantId, before.mac);
  const line = lines.find(({ id }) => id === before.subscription_id);
  if (!line) return;
  throw new Refusal(
    'CONFLICT',
    `The line ${line.username} is locked to this MAC: replace the modem there, or unlock it.`,
    {
      subscription_id: line.id,
    },
  );
}

/** Corrects what the hub alone knows of a unit: MAC, GPON serial, label, note. Where it is, is moved by scans. */
export async function changeAsset(tx: Tx, who: Who, id: string, change: AssetChange): Promise<Asset> {
  demand(who.caller, 'assets:write');
  const before = await store.lockAsset(tx, who.tenantId, id);
  if (!before) throw notFound('asset');
  if (change.mac !== undefined) await checkLock(tx, who, before, change.mac);
  const row = await refusingTwins(tx, who.tenantId, [{ ...change, id }], () =>
    store.changeAsset(tx, who.tenantId, id, change),
  );
  await record(tx, who, { action: 'update', entity: 'asset', id, before: assetView(before), after: assetView(row) });
  await tellLabels(tx, who, [row]);
  return assetView(row);
}

/**
 * Notes that a unit is damaged, lost, or in order after all. The tracker is told first; the mirror follows it. One that has
 * a move under way already is refused: 409.
 */
export async function markAsset(tx: Tx, who: Who, id: string, { condition, note }: Marking, now: Date): Promise<Asset> {
  demand(who.caller, 'assets:write');
  const { tenantId, correlationId } = who;
  const before = await store.lockAsset(tx, tenantId, id);
  if (!before) throw notFound('asset');
  if (before.gone_at !== null) throw new Refusal('CONFLICT', 'The tracker has this unit no more.');
  const operationId = await store.openMark(tx, who, before, condition, now);
  if (operationId === null) throw new Refusal('CONFLICT', 'This unit is being moved right now: try again in a moment.');
  const row = note === '' ? before : await store.changeAsset(tx, tenantId, id, { note });
  const intent = { kind: 'asset.move', operationId } as const;
  const generation = await takeGeneration(tx);
  await appendIntents(tx, tenantId, [
    {
      intent,
      key: operationId,
      subscriptionId: before.subscription_id,
      generation,
      urgency: urgency.other,
      correlationId,
    },
  ]);
  const after = { condition, note: row.note };
  await record(tx, who, {
    action: 'update',
    entity: 'asset',
    id,
    before: { condition: before.status, note: before.note },
    after,
  });
  return assetView(row);
}
