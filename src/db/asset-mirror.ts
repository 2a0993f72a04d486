import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AssetRow } from '#db/find-asset.ts';
import { assetState, type TrackedAsset, type TrackerKind } from '#domain/asset.ts';

/** What a look at a unit changed here; `before` null: it was not known. */
export type SeenAsset = { readonly id: string; readonly before: AssetRow | null; readonly after: AssetRow };

type Owners = ReadonlyMap<string, string>;
const placeKey = (kind: 'bag' | 'customer', ref: string): string => `${kind} ${ref}`;

/** Whose the tracker's places and customers are. */
async function ownersOf(
  tx: Tx,
  tenantId: string,
  tracker: TrackerKind,
  seen: readonly TrackedAsset[],
): Promise<Owners> {
  const refs = [...new Set(seen.flatMap(({ at }) => (at.kind === 'nowhere' ? [] : [at.ref])))];
  const { rows } = await sql<{ kind: 'bag' | 'customer'; owner_id: string; ref: string }>`
    select kind, owner_id, ref from tracker_places
    where tenant_id = ${tenantId} and tracker = ${tracker} and ref = any(${refs}::text[])`.execute(tx);
  return new Map(rows.map(({ kind, owner_id, ref }) => [placeKey(kind, ref), owner_id]));
}

function valuesOf({ ref, part, serial, status, at }: TrackedAsset, owners: Owners) {
  const bag = at.kind === 'place' ? (owners.get(placeKey('bag', at.ref)) ?? null) : null;
  const customer = at.kind === 'customer' ? (owners.get(placeKey('customer', at.ref)) ?? null) : null;
  const spot = at.kind !== 'place' ? at.kind : bag === null ? 'warehouse' : 'bag';
  const state = assetState(status, spot);
  return {
    ref,
    part: part.name,
    part_ref: part.ref,
    serial: serial === '' ? null : serial,
    state,
    status,
    // A lost unit is in nobody's bag and at nobody's, whatever place it was lost from.
    technician_id: state === 'lost' ? null : bag,
    customer_id: state === 'lost' ? null : customer,
    place: at.kind === 'nowhere' ? '' : at.name,
  };
}

/**
 * Looked up ref by ref: asked for all at once in order, the planner would rather read the whole stock. Two that look at once
 * take their locks in one order.
 */
async function rowsOf(tx: Tx, tenantId: string, tracker: TrackerKind, refs: readonly string[]): Promise<AssetRow[]> {
  const { rows } = await sql<AssetRow>`
    select a.* from unnest(${[...refs].sort()}::text[]) as k (ref) cross join lateral (
      select * from assets where tenant_id = ${tenantId} and tracker = ${tracker} and tracker_ref = k.ref for update
    ) a`.execute(tx);
  return rows;
}

/** A unit that was gone and is seen again keeps its MAC and labels, unless another has them by now. */
const kept = (column: 'mac' | 'gpon_sn' | 'barcode') => {
  const [mine, theirs] = [sql.ref(`assets.${column}`), sql.ref(`o.${column}`)];
  return sql`${sql.ref(column)} = case when assets.gone_at is null or not exists (select from assets o
    where o.tenant_id = assets.tenant_id and o.id <> assets.id and o.gone_at is null and ${theirs} = ${mine}) then ${mine} end`;
};

/**
 * Writes down what a tracker was just seen to have (spec A1), at most a few hundred units at a time: new ones, and of known
 * ones what has changed. What the hub alone knows of a unit stays; the line that it was installed for stays as long as the
 * unit is at the same customer's. Answers those that are new or have changed.
 */
export async function recordAssets(
  tx: Tx,
  tenantId: string,
  tracker: TrackerKind,
  seen: readonly TrackedAsset[],
): Promise<readonly SeenAsset[]> {
  const latest = [...new Map(seen.map((unit) => [unit.ref, unit])).values()];
  if (latest.length === 0) return [];
  const owners = await ownersOf(tx, tenantId, tracker, latest);
  const before = new Map(
    (
      await rowsOf(
        tx,
        tenantId,
        tracker,
        latest.map(({ ref }) => ref),
      )
    ).map((row) => [row.tracker_ref, row]),
  );
  const values = latest.map((unit) => valuesOf(unit, owners)).toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const { rows } = await sql<AssetRow>`
    insert into assets (tenant_id, tracker, tracker_ref, part, part_ref, serial, state, status, technician_id, customer_id, place)
    select ${tenantId}, ${tracker}, ref, part, part_ref, serial, state, status, technician_id, customer_id, place
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r (ref text, part text, part_ref text, serial text,
      state text, status text, technician_id uuid, customer_id uuid, place text)
    on conflict (tenant_id, tracker, tracker_ref) do update set part = excluded.part, part_ref = excluded.part_ref,
      serial = excluded.serial, state = excluded.state, status = excluded.status, technician_id = excluded.technician_id,
      customer_id = excluded.customer_id, place = excluded.place, gone_at = null,
      subscription_id = case when assets.customer_id = excluded.customer_id then assets.subscription_id end,
      ${kept('mac')}, ${kept('gpon_sn')}, ${kept('barcode')}, updated_at = now(), version = assets.version + 1
    where assets.gone_at is not null or (assets.part, assets.part_ref, assets.serial, assets.state, assets.status,
        assets.technician_id, assets.customer_id, assets.place)
      is distinct from (excluded.part, excluded.part_ref, excluded.serial, excluded.state, excluded.status,
        excluded.technician_id, excluded.customer_id, excluded.place)
    returning assets.*`.execute(tx);
  return rows.map((after) => ({ id: after.id, before: before.get(after.tracker_ref) ?? null, after }));
}

/** One unit as the tracker was just seen to have it; answers its row as it is now, changed or not. */
export async function recordAsset(
  tx: Tx,
  tenantId: string,
  tracker: TrackerKind,
  tracked: TrackedAsset,
): Promise<SeenAsset> {
  const [changed] = await recordAssets(tx, tenantId, tracker, [tracked]);
  if (changed) return changed;
  const [row] = await rowsOf(tx, tenantId, tracker, [tracked.ref]);
  if (!row) throw new Error(`The unit ${tracked.ref} was neither written nor found.`);
  return { id: row.id, before: row, after: row };
}
