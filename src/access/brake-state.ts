import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type Stop, stopOf } from '#db/kill-switch.ts';
import type { BrakeLimits, BrakeState } from '#decide/brake.ts';
import type { SourceSize } from '#domain/source-size.ts';

export const hourMs = 3_600_000;

/** What the brake weighs, and which open hold each of the lines stands in. */
export type LoadedBrake = BrakeState & { readonly holdOf: ReadonlyMap<string, string> };

type Standing = { readonly id: string; readonly hold: string; readonly state: 'held' | 'released' };

type Found = {
  readonly active: number;
  readonly lately: number;
  readonly forecast: number | null;
  readonly ever: boolean;
  readonly standing: readonly Standing[] | null;
  readonly recut: readonly string[] | null;
  readonly source: SourceSize | null;
  readonly stop: Stop | null;
};

/** Looked up line by line: on the day of a mass isolir thousands stand there, and no statistics say so. */
const standingOf = (tenantId: string, ids: readonly string[]) => sql`
  select jsonb_agg(jsonb_build_object('id', i.id, 'hold', h.hold, 'state', h.state))
  from unnest(${ids}::uuid[]) as i (id) cross join lateral (
    select hold_id as hold, state from held_lines
    where tenant_id = ${tenantId} and subscription_id = i.id and state in ('held', 'released') offset 0) h`;

/** Asks about the release only afterwards: the index of all cuts of an hour, released ones left out, is then out of question. */
const recutOf = (tenantId: string, ids: readonly string[], ago: Date, at: Date) => sql`
  select jsonb_agg(distinct i.id) from unnest(${ids}::uuid[]) as i (id) cross join lateral (
    select hold_id from cuts where tenant_id = ${tenantId} and subscription_id = i.id and at > ${ago} and at <= ${at} offset 0) c
  where c.hold_id is null`;

const sourceOf = (tenantId: string) => sql`
  select jsonb_build_object('rows', rows, 'expected', expected) from source_sizes
  where tenant_id = ${tenantId} and source = 'subscriptions'`;

/** In one statement, for each costs a cut its own. The hour before counts as well: what was expected in it may be cut a little later. */
async function loadFound(tx: Tx, tenantId: string, ids: readonly string[], now: number): Promise<Found> {
  const [ago, at] = [new Date(now - hourMs), new Date(now)];
  const { rows } = await sql<Found>`
    select
      (select count(*)::int from access where tenant_id = ${tenantId} and state = 'active') as active,
      (select count(distinct subscription_id)::int from cuts
        where tenant_id = ${tenantId} and at > ${ago} and at <= ${at} and hold_id is null) as lately,
      (select max(lines)::int from cut_forecasts
        where tenant_id = ${tenantId} and hour > ${ago} and hour <= ${at}) as forecast,
      exists (select from cuts where tenant_id = ${tenantId}) as ever,
      (${standingOf(tenantId, ids)}) as standing, (${recutOf(tenantId, ids, ago, at)}) as recut,
      (${sourceOf(tenantId)}) as source, (${stopOf(tenantId)}) as stop`.execute(tx);
  const [found] = rows;
  if (!found) throw new Error('A statement without a table answered no row.');
  return found;
}

/** What of it stands in the bridge; the limits are settings. */
export type FoundBrake = Omit<LoadedBrake, 'limits'>;

async function findBrake(tx: Tx, tenantId: string, ids: readonly string[], now: number): Promise<FoundBrake> {
  const found = await loadFound(tx, tenantId, ids, now);
  const standing = found.standing ?? [];
  return {
    active: found.active,
    cutLately: found.lately,
    forecast: found.forecast,
    isFirstRun: !found.ever,
    recut: new Set(found.recut ?? []),
    standing: new Map(standing.map(({ id, state }) => [id, state])),
    holdOf: new Map(standing.map(({ id, hold }) => [id, hold])),
    stop: found.stop,
    source: found.source,
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
