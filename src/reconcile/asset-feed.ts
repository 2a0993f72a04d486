import { sql } from 'kysely';
import { recordAssets, type SeenAsset } from '#db/asset-mirror.ts';
import type { Database, Tx } from '#db/database.ts';
import { hasShrunk } from '#domain/source-size.ts';
import type { AssetFailure, AssetTracker, TrackedAsset, TrackedMove } from '#ports/asset-tracker/port.ts';

export type FollowingAssets = {
  readonly db: Database;
  readonly trackerOf: (tenantId: string) => Promise<AssetTracker>;
};

/** The tracker could not be followed: nothing is concluded, and it is asked again in a minute. */
export class NotFollowed extends Error {
  readonly reason: AssetFailure['reason'];
  constructor({ reason, detail }: Pick<AssetFailure, 'reason' | 'detail'>) {
    super(detail);
    this.reason = reason;
  }
}

type FeedState = { readonly mark: number; readonly isWalked: boolean };

export async function readFeed(db: Database, tenantId: string): Promise<FeedState> {
  const row = await db.look(tenantId, (tx) =>
    tx.selectFrom('asset_feeds').where('tenant_id', '=', tenantId).select(['mark', 'walked_at']).executeTakeFirst(),
  );
  return { mark: Number(row?.mark ?? 0n), isWalked: row?.walked_at != null };
}

type FeedNews = { readonly mark?: number; readonly walked?: true; readonly failure?: NotFollowed };

/** How far the tracker was followed. A mark never goes back; a login that is refused is told as such until it is taken. */
export async function noteFeed(tx: Tx, tenantId: string, { mark = 0, walked, failure }: FeedNews): Promise<void> {
  const [error, isStopped] = [failure?.message ?? null, failure?.reason === 'forbidden'];
  await sql`
    insert into asset_feeds as f (tenant_id, mark, looked_at, walked_at, error, failing_since, stopped_at)
    values (${tenantId}, ${mark}, now(), case when ${walked === true} then now() end, ${error}::text,
      case when ${error}::text is not null then now() end, case when ${isStopped} then now() end)
    on conflict (tenant_id) do update set mark = greatest(f.mark, excluded.mark), looked_at = now(),
      walked_at = coalesce(excluded.walked_at, f.walked_at), error = excluded.error,
      failing_since = case when excluded.error is not null then coalesce(f.failing_since, now())
        when f.told_at is not null then f.failing_since end,
      stopped_at = case when excluded.stopped_at is null then null else coalesce(f.stopped_at, now()) end`.execute(tx);
}

/** Units that the hub moves right now: what becomes of them is written by whoever moves them. */
async function withoutMoving(
  tx: Tx,
  tenantId: string,
  seen: readonly TrackedAsset[],
): Promise<readonly TrackedAsset[]> {
  const { rows } = await sql<{ tracker_ref: string }>`
    select a.tracker_ref from (select asset_id from asset_operations
        where tenant_id = ${tenantId} and state in ('waiting', 'held') offset 0) o
      cross join lateral (select tracker_ref from assets
        where tenant_id = ${tenantId} and id = o.asset_id and tracker = 'inventree' offset 0) a
    where a.tracker_ref = any(${seen.map(({ ref }) => ref)}::text[])`.execute(tx);
  const moving = new Set(rows.map((row) => row.tracker_ref));
  return seen.filter(({ ref }) => !moving.has(ref));
}

export const recordSeen = async (
  tx: Tx,
  tenantId: string,
  seen: readonly TrackedAsset[],
): Promise<readonly SeenAsset[]> => recordAssets(tx, tenantId, 'inventree', await withoutMoving(tx, tenantId, seen));

/** How many units the tracker should have, as far as is known here. */
async function knownUnits(tx: Tx, tenantId: string): Promise<number> {
  const { rows } = await sql<{ units: number }>`
    select count(*)::int as units from assets
    where tenant_id = ${tenantId} and tracker = 'inventree' and gone_at is null`.execute(tx);
  return rows[0]?.units ?? 0;
}

/**
 * Notes that the tracker has units no more. Where so many would be gone that it is rather the tracker that is not itself,
 * nothing is believed (spec B8).
 */
export async function noteGone(tx: Tx, tenantId: string, refs: readonly string[]): Promise<number> {
  if (refs.length === 0) return 0;
  const expected = await knownUnits(tx, tenantId);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from assets where tenant_id = ${tenantId} and tracker = 'inventree' and gone_at is null
      and tracker_ref = any(${[...refs]}::text[])`.execute(tx);
  const gone = rows[0]?.n ?? 0;
  if (gone > 1 && hasShrunk({ rows: expected - gone, expected }))
    throw new NotFollowed({
      reason: 'rejected',
      detail: `it would have ${gone} of ${expected} units no more: not believed`,
    });
  const { numAffectedRows } = await sql`
    update assets set gone_at = now(), updated_at = now(), version = version + 1
    where tenant_id = ${tenantId} and tracker = 'inventree' and gone_at is null
      and tracker_ref = any(${[...refs]}::text[])`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Puts rows of the tracker's history into the hub's, each once. What the hub did itself stands there already by its
 * operation. The tracker tells new values only: where a unit was before is what was known here, and of several moves
 * between two looks the last one alone is known to have led where it is now.
 */
export async function recordHistory(
  tx: Tx,
  tenantId: string,
  moves: readonly TrackedMove[],
  changed: readonly SeenAsset[],
): Promise<void> {
  const before = new Map(changed.map((one) => [one.after.tracker_ref, one.before]));
  const last = new Map(moves.map(({ ref, no }) => [ref, no]));
  const rows = moves.flatMap(({ no, ref, at, what, notes, by, operationId }) => {
    if (ref === null) return [];
    const was = before.get(ref);
    const place = { from_state: was?.state ?? null, from_place: was?.place ?? '', is_last: last.get(ref) === no };
    return [
      { no, ref, at, what: what.slice(0, 100), notes: notes.slice(0, 500), by, operation: operationId, ...place },
    ];
  });
  await sql`
    insert into asset_moves (tenant_id, asset_id, happened_at, kind, from_state, to_state, from_place, to_place,
      technician_id, customer_id, subscription_id, moved_by_name, tracker_row, note)
    select a.tenant_id, a.id, least(now(), coalesce(r.at::timestamp at time zone coalesce(t.settings ->> 'time_zone', 'Asia/Jakarta'), now())),
      coalesce(nullif(r.what, ''), 'moved'), r.from_state, case when r.is_last then a.state else coalesce(r.from_state, a.state) end,
      r.from_place, case when r.is_last then a.place else '' end, case when r.is_last then a.technician_id end,
      case when r.is_last then a.customer_id end, case when r.is_last then a.subscription_id end, coalesce(r.by, ''), r.no,
      coalesce(r.notes, '')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (no bigint, ref text, at text, what text, notes text, by text,
        operation uuid, from_state text, from_place text, is_last boolean)
      cross join lateral (select * from assets
        where tenant_id = ${tenantId} and tracker = 'inventree' and tracker_ref = r.ref offset 0) a
      join tenants t on t.id = a.tenant_id
    where not exists (select from asset_operations o where o.tenant_id = a.tenant_id and o.id = r.operation)
    on conflict do nothing`.execute(tx);
}
