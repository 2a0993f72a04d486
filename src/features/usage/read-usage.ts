import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import { periodAt } from '#domain/limits.ts';
import type { Result } from '#domain/result.ts';
import { correlationId } from '#platform/log.ts';
import { countSessions, type RowFigure } from './count-sessions.ts';

/** Figures told and sessions ended in the last so many seconds; `isWhole`: and all that is open. */
export type FigureQuery = { readonly lastSeconds: number; readonly isWhole: boolean };
export type FigurePart = { readonly figures: readonly RowFigure[]; readonly next: string | null };

export type Reading = {
  readonly db: Database;
  /** A part of a tenant's figures after `from`, or in words why there is none; null: it has no enforcer. */
  readonly figuresOf: (
    tenantId: string,
    query: FigureQuery,
    from: string | null,
  ) => Promise<Result<FigurePart, string> | null>;
};

/** Without a quota to watch, traffic is counted as often as routers tell it. */
const everySeconds = 300;
/** A record may be told this late: its router sends it again until it is heard. */
const lateSeconds = 900;
const wholeEverySeconds = 3_600;
/** FreeRADIUS takes a record that is late by up to a day. */
const latestSeconds = 93_600;
/** A row that no answer has held for so long comes in none any more. */
const forgottenMs = 90 * 86_400_000;

type Due = FigureQuery | null;

/**
 * What is to be asked now, by the bridge's own clock: how long ago it was asked last is what counts. Null: it is too
 * early. Locks the tenant's row.
 */
async function dueOf(tx: Tx, tenantId: string): Promise<Due> {
  await sql`insert into usage_reads (tenant_id) values (${tenantId}) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ ago: number | null; whole: number | null; watches: boolean }>`
    select extract(epoch from now() - r.read_at)::float8 as ago, extract(epoch from now() - r.whole_at)::float8 as whole,
      exists (select from service_plans p join subscriptions s on s.tenant_id = p.tenant_id and s.service_plan_id = p.id
        where p.tenant_id = r.tenant_id and p.quota_action is not null and s.terminated_at is null) as watches
    from usage_reads r where r.tenant_id = ${tenantId} for update of r`.execute(tx);
  const [read] = rows;
  if (!read || read.ago === null || read.whole === null) return { lastSeconds: latestSeconds, isWhole: true };
  const { ago, whole, watches } = read;
  if (!watches && ago < everySeconds - 30) return null;
  if (whole >= wholeEverySeconds) return { lastSeconds: whole + latestSeconds, isWhole: true };
  return { lastSeconds: ago + lateSeconds, isWhole: false };
}

/** Has lines decided about that have just used up their quota: those that are still served as if they had not. */
async function markUsedUp(tx: Tx, tenantId: string, ids: readonly string[], firstDay: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select s.id from subscriptions s
    join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id and p.quota_action is not null
    join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    join lateral (
      select sum(u.input_octets + u.output_octets) as used from usage_days u
      where u.tenant_id = s.tenant_id and u.subscription_id = s.id and u.day >= ${firstDay}
    ) m on true
    where s.tenant_id = ${tenantId} and s.id = any(${[...ids]}::uuid[]) and m.used >= p.quota_gb::bigint * 1000000000
      and a.state = 'active' and a.reason ->> 'code' is distinct from 'quota_throttled'`.execute(tx);
  const mark = { tenantId, correlationId: correlationId(), cause: 'its quota is used up' };
  await markLines(
    tx,
    mark,
    rows.map(({ id }) => id),
  );
}

/** Notes that what was asked has been counted to its end. */
const note = (tx: Tx, tenantId: string, startedAt: Date, isWhole: boolean) =>
  sql`update usage_reads set read_at = ${startedAt}, whole_at = case when ${isWhole} then ${startedAt} else whole_at end
    where tenant_id = ${tenantId}`.execute(tx);

const startOf = async (tx: Tx): Promise<Date> =>
  (await sql<{ at: Date }>`select now() as at`.execute(tx)).rows[0]?.at ?? new Date(0);

/**
 * Counts a tenant's traffic from its accounting (spec R6, R9), and has whoever passes a quota decided about. `now` in ms
 * since 1970. Throws where accounting cannot be read: nothing is concluded, and the job is seen to fail. Interrupted, it is done again from where it began, and adds nothing twice.
 */
export async function readUsage(
  { db, figuresOf }: Reading,
  tenantId: string,
  zone: string,
  now: number,
): Promise<void> {
  const begun = await db.worker(tenantId, async (tx) => ({ due: await dueOf(tx, tenantId), at: await startOf(tx) }));
  if (begun.due === null) return;
  for (let from: string | null = null; ; ) {
    const part: Result<FigurePart, string> | null = await figuresOf(tenantId, begun.due, from);
    if (part === null) return;
    if (!part.ok) throw new Error(`accounting cannot be read: ${part.error}`);
    const { figures, next } = part.value;
    await db.worker(tenantId, async (tx) => {
      await sql`select from usage_reads where tenant_id = ${tenantId} for update`.execute(tx);
      const grown = await countSessions(tx, tenantId, figures, zone, now);
      await markUsedUp(tx, tenantId, grown, periodAt(now, zone).firstDay);
    });
    if (next === null) break;
    from = next;
  }
  const { isWhole } = begun.due;
  await db.worker(tenantId, async (tx) => {
    await note(tx, tenantId, begun.at, isWhole);
    if (!isWhole) return;
    const forgotten = new Date(now - forgottenMs);
    await tx.deleteFrom('usage_sessions').where('tenant_id', '=', tenantId).where('read_at', '<', forgotten).execute();
  });
}
