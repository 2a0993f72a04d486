import { sql } from 'kysely';
import { brakeCuts } from '#access/brake-cuts.ts';
import { lockBrake } from '#access/brake-state.ts';
import { endPromises } from '#access/end-promises.ts';
import { loadFacts } from '#access/load-facts.ts';
import { readPolicy } from '#access/policy.ts';
import { type Decided, hashOf, type Saved, saveDecisions } from '#access/save-decisions.ts';
import type { Database, Tx } from '#db/database.ts';
import { decideAccess } from '#decide/access.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Handing } from '#outbox/append.ts';
import type { Clock } from '#platform/clock.ts';

/** Numbers of a few lines are taken before it is known whether they are needed: that spares a way to the database. */
const fewLines = 10;

type Mark = {
  readonly subscription_id: string;
  readonly correlation_id: string;
  readonly cause: string;
  readonly settings: unknown;
  readonly generation: bigint | null;
};

/**
 * A mark's row is the lock: two workers never decide about one line at once. A deactivated tenant's marks stay. With a mark
 * come the tenant's settings and, of a few lines, a generation, which is so taken under the line's lock.
 */
const takeMarks = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  sql<Mark>`
    delete from dirty_lines where tenant_id = ${tenantId} and subscription_id in (
      select subscription_id from dirty_lines where tenant_id = ${tenantId} and subscription_id = any(${ids}::uuid[])
      order by subscription_id for update skip locked)
    and exists (select from tenants where id = ${tenantId} and is_active)
    returning subscription_id, correlation_id, cause, (select settings from tenants where id = ${tenantId}) as settings,
      case when ${ids.length <= fewLines} then nextval('access_generation') end as generation`.execute(tx);

type Outcome = Saved & { readonly count: number };
const nothing: Outcome = { count: 0, claimed: [], isEvidenceAsked: false, isSomeLeft: false };

/**
 * Takes the marks of some lines and decides about them, in the caller's transaction; a fact that commits meanwhile marks
 * the line anew. Statements are begun together and run in that order, so what is read is read under the marks' locks.
 * `mayCut`: the brake will most likely be asked, so it is locked and read with them, which spares a way to the database.
 */
async function decideMarked(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  now: number,
  handing: Handing | null,
  mayCut = false,
): Promise<Outcome> {
  const [{ rows: marks }, lines, locked] = await Promise.all([
    takeMarks(tx, tenantId, ids),
    loadFacts(tx, tenantId, ids),
    mayCut ? lockBrake(tx, tenantId, ids, now) : null,
  ]);
  const [first] = marks;
  if (!first) return nothing;
  const taken = first.generation === null ? null : marks.flatMap(({ generation }) => generation ?? []);
  const dirtyOf = new Map(
    marks.map((mark) => [mark.subscription_id, { correlationId: mark.correlation_id, cause: mark.cause }]),
  );
  const policy = readPolicy(first.settings);
  const judged = lines.flatMap((line) => {
    const dirty = dirtyOf.get(line.facts.subscriptionId);
    return dirty ? [{ line, decision: decideAccess(line.facts, policy, now), dirty }] : [];
  });
  const braked = await brakeCuts(tx, tenantId, judged, policy.brake, now, locked);
  const decided = braked.proposed.map((one): Decided => ({ ...one, hash: hashOf(one.line, one.decision) }));
  const [saved] = await Promise.all([
    saveDecisions(tx, tenantId, decided, { language: policy.language, now, taken, handing }),
    braked.noted,
    endPromises(tx, tenantId, judged, policy, now),
  ]);
  return { ...saved, count: decided.length };
}

/** How many lines one transaction decides about. */
const batch = 500;
/** More are left to the loop: who recorded their facts should not hold its locks so long. */
const atOnce = 20;

/** Decides about one marked line at once, for whoever waits for the answer. */
export const decideLine = async (
  db: Database,
  clock: Clock,
  tenantId: string,
  subscriptionId: string,
): Promise<number> =>
  (await db.worker(tenantId, (tx) => decideMarked(tx, tenantId, [subscriptionId], clock(), null))).count;

/**
 * Decides about a few lines in the transaction that marked them, and answers what follows from it; null: they are more
 * than `most`, and the marks stay. `mayCut`: what was found out may well cut them.
 */
export const decideWithin = async (
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  now: number,
  handing: Handing | null,
  { mayCut = false, most = atOnce }: { readonly mayCut?: boolean; readonly most?: number } = {},
): Promise<Saved | null> => (ids.length > most ? null : decideMarked(tx, tenantId, ids, now, handing, mayCut));

/**
 * Decides about marked lines of active tenants, and hands over what the process has room for. `follow` is told after
 * each commit what else follows from it; answers about how many lines were decided.
 */
export async function decideDirtyLines(
  db: Database,
  clock: Clock,
  handing: Handing | null,
  follow: (saved: Saved) => void,
): Promise<number> {
  const due = await db.claim((tx) =>
    tx
      .selectFrom('dirty_lines as d')
      .innerJoin('tenants as t', 't.id', 'd.tenant_id')
      .where('t.is_active', '=', true)
      .where('d.not_before', '<=', sql<Date>`now()`)
      .select(['d.tenant_id', 'd.subscription_id'])
      .orderBy('d.since')
      .limit(batch)
      .execute(),
  );
  let count = 0;
  for (const [tenantId, marks] of groupBy(due, (mark) => mark.tenant_id)) {
    const ids = marks.map((mark) => mark.subscription_id);
    const decided = await db.worker(tenantId, (tx) => decideMarked(tx, tenantId, ids, clock(), handing));
    follow(decided);
    count += decided.count;
  }
  return count;
}
