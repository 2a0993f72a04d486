import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readStop } from '#db/kill-switch.ts';
import type { BrakeLimits, BrakeState } from '#decide/brake.ts';
import type { SourceSize } from '#domain/source-size.ts';

export const hourMs = 3_600_000;

/** What the brake weighs, and which open hold each of the lines stands in. */
export type LoadedBrake = BrakeState & { readonly holdOf: ReadonlyMap<string, string> };

type Counts = {
  readonly active: number;
  readonly lately: number;
  readonly forecast: number | null;
  readonly ever: boolean;
};

/** The hour before counts as well: what was expected in it may be cut a little later. */
async function loadCounts(tx: Tx, tenantId: string, now: number): Promise<Counts> {
  const [ago, at] = [new Date(now - hourMs), new Date(now)];
  const { rows } = await sql<Counts>`
    select
      (select count(*)::int from access where tenant_id = ${tenantId} and state = 'active') as active,
      (select count(distinct subscription_id)::int from cuts
        where tenant_id = ${tenantId} and at > ${ago} and at <= ${at} and hold_id is null) as lately,
      (select max(lines)::int from cut_forecasts
        where tenant_id = ${tenantId} and hour > ${ago} and hour <= ${at}) as forecast,
      exists (select from cuts where tenant_id = ${tenantId}) as ever`.execute(tx);
  return rows[0] ?? { active: 0, lately: 0, forecast: null, ever: false };
}

type Standing = { readonly id: string; readonly hold: string; readonly state: 'held' | 'released' };

/** Looked up line by line, as in `loadRecut`: on the day of a mass isolir thousands stand there, and no statistics say so. */
const loadStanding = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  sql<Standing>`
    select i.id, h.hold, h.state from unnest(${ids}::uuid[]) as i (id) cross join lateral (
      select hold_id as hold, state from held_lines
      where tenant_id = ${tenantId} and subscription_id = i.id and state in ('held', 'released') offset 0) h`.execute(
    tx,
  );

/** Asks about the release only afterwards: the index of all cuts of an hour, released ones left out, is then out of question. */
const loadRecut = (tx: Tx, tenantId: string, ids: readonly string[], now: number) =>
  sql<{ readonly id: string }>`
    select distinct i.id from unnest(${ids}::uuid[]) as i (id) cross join lateral (
      select hold_id from cuts where tenant_id = ${tenantId} and subscription_id = i.id
        and at > ${new Date(now - hourMs)} and at <= ${new Date(now)} offset 0) c
    where c.hold_id is null`.execute(tx);

const loadSource = (tx: Tx, tenantId: string): Promise<SourceSize | undefined> =>
  tx
    .selectFrom('source_sizes')
    .where('tenant_id', '=', tenantId)
    .where('source', '=', 'subscriptions')
    .select(['rows', 'expected'])
    .executeTakeFirst();

/** What of it stands in the bridge; the limits are settings. */
export type FoundBrake = Omit<LoadedBrake, 'limits'>;

async function findBrake(tx: Tx, tenantId: string, ids: readonly string[], now: number): Promise<FoundBrake> {
  const [counts, standing, recut, stop, source] = await Promise.all([
    loadCounts(tx, tenantId, now),
    loadStanding(tx, tenantId, ids),
    loadRecut(tx, tenantId, ids, now),
    readStop(tx, tenantId),
    loadSource(tx, tenantId),
  ]);
  return {
    active: counts.active,
    cutLately: counts.lately,
    forecast: counts.forecast,
    isFirstRun: !counts.ever,
    recut: new Set(recut.rows.map(({ id }) => id)),
    standing: new Map(standing.rows.map(({ id, state }) => [id, state])),
    holdOf: new Map(standing.rows.map(({ id, hold }) => [id, hold])),
    stop,
    source: source ?? null,
  };
}

/** What a plan about the lines `ids` is weighed against at `now` (ms since 1970). */
export const loadBrake = async (
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  limits: BrakeLimits,
  now: number,
): Promise<LoadedBrake> => ({ ...(await findBrake(tx, tenantId, ids, now)), limits });

/**
 * The same for a plan that will be carried out. Workers side by side do not spend one allowance twice: until the transaction
 * ends, the others wait here.
 */
export async function lockBrake(tx: Tx, tenantId: string, ids: readonly string[], now: number): Promise<FoundBrake> {
  const lock = sql`select pg_advisory_xact_lock(hashtextextended('brake ' || ${tenantId}, 0))`.execute(tx);
  // Begun after the lock, it is read under it.
  const [, found] = await Promise.all([lock, findBrake(tx, tenantId, ids, now)]);
  return found;
}
