import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import type { HoldState } from '#db/tables/safety.ts';
import type { Clock } from '#platform/clock.ts';
import { newCorrelationId } from '#platform/log.ts';

/** How many lines each wave of a release lets go; after the last comes all that is left. */
const waves = [1, 10, 100] as const;

export type OpenHold = {
  readonly id: string;
  readonly state: HoldState;
  readonly wave: number;
  readonly note: string | null;
  readonly since: Date;
  readonly released_at: Date | null;
  readonly told_at: Date | null;
};

/**
 * How a hold's lines stand. `unwritten`: intents of cut lines that nobody has tried to the end; `deaf`: of those, drops
 * that are being tried again and again (once more is usual: it looks for a login that was under way).
 */
export type Tally = {
  readonly held: number;
  readonly released: number;
  readonly cut: number;
  readonly spared: number;
  readonly unwritten: number;
  readonly dead: number;
  readonly deaf: number;
};

async function tallyOf(tx: Tx, tenantId: string, hold: OpenHold): Promise<Tally> {
  const since = hold.released_at ?? hold.since;
  const { rows } = await sql<Tally>`
    with mine as (
      select h.state, h.subscription_id as id from held_lines h where h.tenant_id = ${tenantId} and h.hold_id = ${hold.id}),
    sent as (
      select o.kind, o.state, o.attempts from outbox o join mine on mine.id = o.subscription_id and mine.state = 'cut'
      where o.tenant_id = ${tenantId} and o.kind in ('access.apply', 'sessions.drop') and o.created_at >= ${since})
    select count(*) filter (where state = 'held')::int as held,
      count(*) filter (where state = 'released')::int as released,
      count(*) filter (where state = 'cut')::int as cut,
      count(*) filter (where state = 'spared')::int as spared,
      (select count(*)::int from sent where state = 'running' or (state = 'ready' and (kind = 'access.apply' or attempts = 0)))
        as unwritten,
      (select count(*)::int from sent where state = 'dead') as dead,
      (select count(*)::int from sent where kind = 'sessions.drop' and state = 'ready' and attempts > 1) as deaf
    from mine`.execute(tx);
  return rows[0] ?? { held: 0, released: 0, cut: 0, spared: 0, unwritten: 0, dead: 0, deaf: 0 };
}

/** A tenth of those that went, and more than one: a single router that is deaf, or one late payment, is everyday life. */
const isMuch = (count: number, of: number): boolean => count > 1 && count * 10 > of;

/** Why a release should not go on, in words; null: it is well. */
function ailmentOf({ cut, spared, dead, deaf }: Tally): string | null {
  if (dead > 0) return `${dead} of ${cut} lines that were cut could not be written or disconnected.`;
  if (isMuch(deaf, cut)) return `Routers did not answer for ${deaf} of ${cut} lines that were cut.`;
  if (isMuch(spared, cut + spared)) return `${spared} of ${cut + spared} lines turned out to owe nothing.`;
  return null;
}

/** What to do with an open hold next. */
export type Step =
  | { readonly kind: 'wait' }
  | { readonly kind: 'end'; readonly state: 'released' | 'lapsed' }
  | { readonly kind: 'stop'; readonly note: string }
  | { readonly kind: 'wave'; readonly lines: number };

/** Pure: the next step of a release is 1, 10, 100, then all the rest, each when the one before is done and well. */
export function nextStep(hold: Pick<OpenHold, 'state' | 'wave'>, tally: Tally): Step {
  const isDone = tally.held === 0 && tally.released === 0;
  if (hold.state === 'waiting') {
    return isDone ? { kind: 'end', state: tally.cut > 0 ? 'released' : 'lapsed' } : { kind: 'wait' };
  }
  const ailment = ailmentOf(tally);
  if (ailment !== null && !isDone) return { kind: 'stop', note: ailment };
  if (isDone) return { kind: 'end', state: 'released' };
  if (tally.released > 0 || tally.unwritten > 0) return { kind: 'wait' };
  return { kind: 'wave', lines: waves[hold.wave] ?? tally.held };
}

const change = (tx: Tx, tenantId: string, id: string) =>
  tx.updateTable('holds').where('tenant_id', '=', tenantId).where('id', '=', id);

async function letGo(tx: Tx, tenantId: string, { id, wave }: OpenHold, lines: number): Promise<void> {
  const { rows } = await sql<{ readonly id: string }>`
    update held_lines h set state = 'released' from (
      select subscription_id as id from held_lines where tenant_id = ${tenantId} and hold_id = ${id} and state = 'held'
      order by subscription_id limit ${lines}) next
    where h.tenant_id = ${tenantId} and h.hold_id = ${id} and h.subscription_id = next.id
    returning h.subscription_id as id`.execute(tx);
  await change(tx, tenantId, id)
    .set({ wave: wave + 1 })
    .execute();
  const mark = { tenantId, correlationId: newCorrelationId(), cause: 'released from the safety brake' };
  await markLines(
    tx,
    mark,
    rows.map((row) => row.id),
  );
}

/** What was let go and not yet cut waits again, and the admins are told once more. */
async function stop(tx: Tx, tenantId: string, { id }: OpenHold, note: string): Promise<void> {
  await change(tx, tenantId, id).set({ state: 'waiting', note, told_at: null }).execute();
  await sql`update held_lines set state = 'held'
    where tenant_id = ${tenantId} and hold_id = ${id} and state = 'released'`.execute(tx);
}

/** Tells whoever must know that lines are held, in the transaction that notes that they were told. */
export type TellHeld = (tx: Tx, tenantId: string, hold: OpenHold, tally: Tally) => Promise<void>;

async function advance(tx: Tx, tenantId: string, hold: OpenHold, now: number, tellHeld: TellHeld): Promise<boolean> {
  const tally = await tallyOf(tx, tenantId, hold);
  const step = nextStep(hold, tally);
  if (step.kind === 'end') {
    await change(tx, tenantId, hold.id)
      .set({ state: step.state, ended_at: new Date(now) })
      .execute();
  } else if (step.kind === 'stop') await stop(tx, tenantId, hold, step.note);
  else if (step.kind === 'wave') await letGo(tx, tenantId, hold, step.lines);
  else if (hold.state === 'waiting' && hold.told_at === null) {
    await change(tx, tenantId, hold.id)
      .set({ told_at: new Date(now) })
      .execute();
    await tellHeld(tx, tenantId, hold, tally);
  }
  return step.kind !== 'wait';
}

const advanceOne = (db: Database, now: number, tellHeld: TellHeld, tenantId: string, id: string): Promise<boolean> =>
  db.worker(tenantId, async (tx) => {
    const hold = await tx
      .selectFrom('holds')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .where('state', 'in', ['waiting', 'releasing'])
      .select(['id', 'state', 'wave', 'note', 'since', 'released_at', 'told_at'])
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    return hold !== undefined && advance(tx, tenantId, hold, now, tellHeld);
  });

/** Takes each open hold of active tenants a step further; answers how many moved. */
export async function advanceHolds(db: Database, clock: Clock, tellHeld: TellHeld): Promise<number> {
  const open = await db.claim((tx) =>
    tx
      .selectFrom('holds as h')
      .innerJoin('tenants as t', 't.id', 'h.tenant_id')
      .where('t.is_active', '=', true)
      .where('h.state', 'in', ['waiting', 'releasing'])
      .select(['h.tenant_id', 'h.id'])
      .orderBy('h.since')
      .execute(),
  );
  let moved = 0;
  for (const { tenant_id: tenantId, id } of open) {
    if (await advanceOne(db, clock(), tellHeld, tenantId, id)) moved += 1;
  }
  return moved;
}
