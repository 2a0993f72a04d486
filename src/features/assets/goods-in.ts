import { createHash } from 'node:crypto';
import { record } from '#audit/record.ts';
import { recordAssets } from '#db/asset-mirror.ts';
import type { Database, Tx } from '#db/database.ts';
import type { AssetRow } from '#db/find-asset.ts';
import { trackerKind } from '#db/tracker-kind.ts';
import type { TrackedAsset, TrackedPart, TrackerKind } from '#domain/asset.ts';
import type { Result } from '#domain/result.ts';
import { serialKey } from '#domain/scan-code.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { GoodsInTurn } from './goods-in-turn.ts';
import type { Asset, NewAssets, NewUnit } from './schema.ts';
import { changeAsset, type Twin, twinsOf } from './store.ts';
import { clashOf, refusingTwins, taken } from './twins.ts';
import { assetView, tellLabels } from './verbs.ts';

type Failure = { readonly reason: string; readonly detail: string };
type Answer<T> = Promise<Result<T, Failure>>;

/** What goods-in asks of whoever keeps the stock. */
type Shelf = {
  parts(): Answer<readonly TrackedPart[]>;
  warehouse(): Answer<TrackedPart>;
  receive(goods: {
    readonly operationId: string;
    readonly part: string;
    readonly place: string;
    readonly serials: readonly string[];
    readonly by: string;
  }): Answer<readonly TrackedAsset[]>;
};

export type GoodsInDeps = {
  readonly db: Database;
  readonly trackerOf: (tenantId: string) => Promise<Shelf>;
  /** Of this process, among all of them. */
  readonly goodsInTurn: GoodsInTurn;
};

/** The tracker said no, or did not answer: who asks again with the same units is told what was made. */
function refusedBy({ reason, detail }: Failure): Refusal {
  if (reason === 'unreachable')
    return new Refusal('UPSTREAM_FAILED', `The stock does not answer: ${detail}. Send the same again.`);
  if (reason === 'forbidden')
    return new Refusal('UPSTREAM_FAILED', `InvenTree does not take the hub's token: ${detail}.`);
  return new Refusal('CONFLICT', `The stock refused it: ${detail}.`);
}

/** The part that a person names by its name or number; in the hub's own list a name makes a part. */
async function partNamed(tracker: Shelf, kind: TrackerKind, name: string): Promise<TrackedPart> {
  const parts = await tracker.parts();
  if (!parts.ok) throw refusedBy(parts.error);
  const wanted = name.trim();
  const known = parts.value.find((part) => part.name.toLowerCase() === wanted.toLowerCase() || part.ref === wanted);
  if (known) return known;
  if (kind === 'builtin') return { ref: wanted, name: wanted };
  const some = parts.value.slice(0, 20).map((part) => part.name);
  throw invalid('part', `InvenTree has no salable, trackable part ${wanted}; it has: ${some.join(', ') || 'none'}.`);
}

/** The same list of new units is the same operation, however often it is sent: a lost answer makes nothing twice. */
function operationOf(tenantId: string, part: string, serials: readonly string[]): string {
  const digest = createHash('sha256')
    .update([tenantId, part, ...[...serials].sort()].join('\n'))
    .digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** A unit that goods-in may find there: what a try before this one has made, and lost its answer of. */
const isUntouched = ({ state, mac, gpon_sn, barcode }: Twin, unit: NewUnit): boolean =>
  state === 'in_stock' &&
  [
    [mac, unit.mac],
    [gpon_sn, unit.gpon_sn],
    [barcode, unit.barcode],
  ].every(([has, wished]) => has === null || has === wished);

/** Why a new unit cannot be one; null: it can. */
export function objectionTo(unit: NewUnit, twins: readonly Twin[], part: string): Refusal | null {
  const same = twins.find(
    (twin) =>
      twin.part.toLowerCase() === part.toLowerCase() &&
      twin.serial !== null &&
      serialKey(twin.serial) === serialKey(unit.serial),
  );
  if (same && !isUntouched(same, unit)) return taken('serial', unit.serial, same);
  const clash = clashOf({ ...unit, ...(same && { id: same.id }) }, twins);
  return clash && taken(clash.field, String(unit[clash.field as keyof NewUnit]), clash.twin);
}

const fields = ['serial', 'mac', 'gpon_sn', 'barcode'] as const;

/** All by which a unit must be the only one. */
export const keysOf = (unit: NewUnit) =>
  fields.flatMap((field) => (unit[field] === null ? [] : [{ field, key: `${field} ${unit[field]}` }]));

/** Two units of one list that name the same. */
function doubleIn(units: readonly NewUnit[]): string | null {
  const seen = new Set<string>();
  for (const [at, unit] of units.entries()) {
    for (const { field, key } of keysOf({ ...unit, serial: serialKey(unit.serial) })) {
      if (seen.has(key)) return `units.${at}.${field}`;
      seen.add(key);
    }
  }
  return null;
}

async function keep(
  tx: Tx,
  who: Who,
  kind: TrackerKind,
  made: readonly TrackedAsset[],
  units: readonly NewUnit[],
): Promise<AssetRow[]> {
  const { tenantId } = who;
  await recordAssets(tx, tenantId, kind, made);
  const rows: AssetRow[] = [];
  for (const { serial, mac, gpon_sn, barcode } of units) {
    const unit = made.find((one) => serialKey(one.serial ?? '') === serialKey(serial));
    const row = unit && (await rowOf(tx, tenantId, kind, unit.ref));
    if (!row) throw new Refusal('CONFLICT', `The stock answered no unit with the serial ${serial}.`);
    rows.push(await changeAsset(tx, tenantId, row.id, { mac, gpon_sn, barcode }));
  }
  for (const row of rows)
    await record(tx, who, { action: 'create', entity: 'asset', id: row.id, after: assetView(row) });
  await tellLabels(
    tx,
    who,
    rows.filter(({ mac, gpon_sn, barcode }) => (mac ?? gpon_sn ?? barcode) !== null),
  );
  return rows;
}

const rowOf = (tx: Tx, tenantId: string, kind: TrackerKind, ref: string) =>
  tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('tracker', '=', kind)
    .where('tracker_ref', '=', ref)
    .select('id')
    .executeTakeFirst();

/**
 * New units for the shelf, at most 100 of one part, all or none: into InvenTree or the hub's own list, and into the index
 * with what the hub alone knows of them. The same list again is answered with what it made.
 */
export async function addAssets(deps: GoodsInDeps, who: Who, { part: name, units }: NewAssets): Promise<Asset[]> {
  demand(who.caller, 'assets:write');
  const { tenantId } = who;
  const double = doubleIn(units);
  if (double !== null) throw invalid(double, 'stands in the list twice');
  const kind = await deps.db.tenant(tenantId, (tx) => trackerKind(tx, tenantId));
  const tracker = await deps.trackerOf(tenantId);
  const part = await partNamed(tracker, kind, name);
  const twins = await deps.db.tenant(tenantId, (tx) => twinsOf(tx, tenantId, part.name, units));
  const objection = units.flatMap((unit) => objectionTo(unit, twins, part.name) ?? [])[0];
  if (objection) throw objection;
  const place = await tracker.warehouse();
  if (!place.ok) throw refusedBy(place.error);
  const serials = units.map(({ serial }) => serial);
  const goods = {
    operationId: operationOf(tenantId, part.ref, serials),
    part: part.ref,
    place: place.value.ref,
    serials,
    by: who.caller.userId,
  };
  // The own list has an index that takes each serial once.
  const receive = () => tracker.receive(goods);
  const made = await (kind === 'builtin' ? receive() : deps.goodsInTurn(tenantId, receive));
  if (!made.ok) throw refusedBy(made.error);
  const rows = await deps.db.tenant(tenantId, (tx) =>
    refusingTwins(tx, tenantId, [], () => keep(tx, who, kind, made.value, units)),
  );
  return rows.map(assetView);
}
