import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Hold, HoldPage, HoldQuery } from './schema.ts';
import { changeHold, type HoldRow, holdAgain, listHolds, lockHold, readPeers } from './store.ts';

export type HoldDeps = { readonly db: Database; readonly clock: Clock };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const time = (at: Date | null): string | null => at?.toISOString() ?? null;

const reasonOf = ({ limit, source_rows, source_expected }: Record<string, unknown>): string =>
  source_rows === undefined
    ? `More lines would be cut off in an hour than the limit of ${limit} allows.`
    : `ERPNext lists ${source_rows} subscriptions, where it listed ${source_expected}: what it says of debts is doubtful.`;

function holdView({ held, released, cut, spared, ...row }: HoldRow): Hold {
  const evidence = isRecord(row.evidence) ? row.evidence : {};
  return {
    ...row,
    since: row.since.toISOString(),
    released_at: time(row.released_at),
    ended_at: time(row.ended_at),
    evidence,
    reason: reasonOf(evidence),
    lines: { held, released, cut, spared },
  };
}

/** What the safety brake holds, and held. */
export async function findHolds({ db }: HoldDeps, who: Who, query: HoldQuery): Promise<HoldPage> {
  demand(who.caller, 'safety:read');
  return mapPage(await db.tenant(who.tenantId, (tx) => listHolds(tx, who.tenantId, query)), holdView);
}

async function take(tx: Tx, who: Who, id: string): Promise<HoldRow> {
  const hold = await lockHold(tx, who.tenantId, id);
  if (!hold) throw notFound('hold');
  return hold;
}

/**
 * How many lines one person may let go where another could agree: a tenth of those online an hour, and the tenant's
 * `brake_minimum`. Null: there is nobody else to ask, or enough have agreed.
 */
async function ceilingOf(tx: Tx, who: Who, { asked_by }: HoldRow): Promise<number | null> {
  const { userId } = who.caller;
  if (asked_by !== null && asked_by !== userId) return null;
  const { others, active } = await readPeers(tx, who.tenantId, userId);
  if (others === 0) return null;
  const row = await tx
    .selectFrom('tenants')
    .where('id', '=', who.tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  return Math.max(readTenantSettings(row.settings).brake_minimum, Math.floor(active / 10));
}

const needsSecond = (lines: number, ceiling: number): Refusal =>
  new Refusal('CONFLICT', `${lines} lines are more than one person may release: another admin has to release it too.`, {
    needs_second_person: true,
    lines,
    ceiling,
  });

/**
 * Lets what the brake holds go on, in waves; each line is decided about afresh then (spec B8). Above the ceiling the
 * first person's wish is kept and refused with `details`, and the second person's call lets it go.
 */
export async function releaseHold({ db, clock }: HoldDeps, who: Who, id: string): Promise<Hold> {
  demand(who.caller, 'safety:write');
  const outcome = await db.tenant(who.tenantId, async (tx) => {
    const hold = await take(tx, who, id);
    if (hold.state !== 'waiting') throw new Refusal('CONFLICT', `This hold is ${hold.state}.`, { state: hold.state });
    const ceiling = await ceilingOf(tx, who, hold);
    const isRefused = ceiling !== null && hold.held > ceiling;
    const by = who.caller.userId;
    const change = isRefused
      ? { asked_by: by }
      : { state: 'releasing' as const, wave: 0, note: null, released_by: by, released_at: new Date(clock()) };
    await changeHold(tx, who.tenantId, id, change);
    if (!isRefused) await acceptSource(tx, who.tenantId, hold, clock());
    const before = { state: hold.state, asked_by: hold.asked_by };
    await record(tx, who, { action: 'update', entity: 'hold', id, before, after: { ...change, lines: hold.held } });
    return isRefused ? needsSecond(hold.held, ceiling) : holdView(await take(tx, who, id));
  });
  if (outcome instanceof Refusal) throw outcome;
  return outcome;
}

/** Whoever releases what a shrunken source has held believes it: from now on it is as large as it is. */
const acceptSource = (tx: Tx, tenantId: string, { evidence }: HoldRow, now: number) =>
  isRecord(evidence) && evidence.source_rows !== undefined
    ? sql`update source_sizes set expected = rows, expected_at = ${new Date(now)} where tenant_id = ${tenantId}`.execute(
        tx,
      )
    : null;

/** Takes a release back: whoever it has cut and still owes is restored, and all of it waits again. */
export function revertHold({ db }: HoldDeps, who: Who, id: string): Promise<Hold> {
  demand(who.caller, 'safety:write');
  const { tenantId } = who;
  return db.tenant(tenantId, async (tx) => {
    const hold = await take(tx, who, id);
    if (hold.cut === 0 && hold.state !== 'releasing') {
      throw new Refusal('CONFLICT', 'Nobody was cut off by a release of this hold.', { state: hold.state });
    }
    const lines = await holdAgain(tx, tenantId, id);
    const note = 'The release was taken back.';
    const change = { state: 'waiting' as const, note, wave: 0, asked_by: null, ended_at: null };
    await changeHold(tx, tenantId, id, change);
    const before = { state: hold.state };
    await record(tx, who, { action: 'update', entity: 'hold', id, before, after: { ...change, lines: lines.length } });
    await markLines(tx, { tenantId, correlationId: who.correlationId, cause: 'a release was taken back' }, lines);
    return holdView(await take(tx, who, id));
  });
}
