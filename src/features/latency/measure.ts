import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { walkedSteps } from './step-rows.ts';
import { boundsMs } from './steps.ts';

export type Measuring = {
  readonly db: Database;
  /** The open sessions of a username; none where the enforcer is away. */
  readonly sessionsOf: (tenantId: string, username: string) => Promise<readonly { readonly startedAt: Date | null }[]>;
};

/** What belongs to a decision is expected within this time; then it is counted as it is. */
const settledMs = 20 * 60_000;
/** After a downtime so much of the timeline is caught up with. */
const reachMs = 86_400_000;
/** `acctstarttime` has whole seconds: a session that began in the second of the ACK is a new one. */
const startResolutionMs = 1_000;
const askedAtOnce = 200;

const since = async (tx: Tx, tenantId: string, now: number): Promise<Date> => {
  const last = await tx
    .selectFrom('enforcements')
    .where('tenant_id', '=', tenantId)
    .select((eb) => eb.fn.max('decided_at').as('at'))
    .executeTakeFirst();
  const known = last?.at instanceof Date ? last.at.getTime() : now - reachMs;
  return new Date(Math.max(now - reachMs, Math.min(now, known) - settledMs));
};

/** Decisions that took access or gave it back, with what the timeline has of them; gathered again until they are counted. */
const gather = (tx: Tx, tenantId: string, from: Date) =>
  sql`
    insert into enforcements as e (tenant_id, subscription_id, generation, kind, nas, correlation_id, received_at, decided_at,
      rows_at, acked_at)
    select distinct on (d.subscription_id, d.generation) ${tenantId}::uuid, d.subscription_id, d.generation::bigint, d.kind,
      n.id::text, d.correlation_id, i.received_at, d.at, r.at, k.at
    from (
      select subscription_id, at, correlation_id, data ->> 'generation' as generation,
        case when data ->> 'state' = 'active' then 'restore' else 'suspend' end as kind
      from timeline where tenant_id = ${tenantId} and kind = 'decision' and at >= ${from}
        and ((data ->> 'was' = 'active' and data ->> 'state' in ('isolated', 'suspended'))
          or (data ->> 'state' = 'active' and data ->> 'was' in ('isolated', 'suspended')))
    ) d
    left join lateral (
      select min(received_at) as received_at from inbox
      where tenant_id = ${tenantId} and correlation_id = d.correlation_id
    ) i on true
    left join lateral (
      select at from timeline where tenant_id = ${tenantId} and subscription_id = d.subscription_id and kind = 'rows'
        and data ->> 'generation' = d.generation order by id limit 1
    ) r on true
    left join lateral (
      select at, data ->> 'nas' as nas from timeline where tenant_id = ${tenantId}
        and subscription_id = d.subscription_id and kind = 'disconnect' and data ->> 'generation' = d.generation
        and data ->> 'answer' = 'ack' order by id limit 1
    ) k on true
    left join nas n on n.tenant_id = ${tenantId} and n.name = k.nas
    order by d.subscription_id, d.generation, d.at
    on conflict (tenant_id, subscription_id, generation) do update set nas = excluded.nas, rows_at = excluded.rows_at,
      acked_at = excluded.acked_at where not e.counted`.execute(tx);

type Awaited = { readonly subscription_id: string; readonly generation: bigint; readonly acked_at: Date } & {
  readonly username: string;
};

const awaitingSessions = async (tx: Tx, tenantId: string): Promise<readonly Awaited[]> =>
  (
    await sql<Awaited>`
      select e.subscription_id, e.generation, e.acked_at, s.canonical_username as username
      from enforcements e join subscriptions s on s.tenant_id = e.tenant_id and s.id = e.subscription_id
      where e.tenant_id = ${tenantId} and not e.counted and e.acked_at is not null and e.session_at is null
      order by e.decided_at desc limit ${askedAtOnce}`.execute(tx)
  ).rows;

/** The first session that began after the ACK, as far as it is still open; null: there is none yet. */
async function newSession({ sessionsOf }: Measuring, tenantId: string, one: Awaited): Promise<Date | null> {
  const starts = (await sessionsOf(tenantId, one.username)).flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  const after = starts.filter((at) => at + startResolutionMs > one.acked_at.getTime());
  return after.length === 0 ? null : new Date(Math.max(Math.min(...after), one.acked_at.getTime()));
}

async function findSessions(m: Measuring, tenantId: string): Promise<void> {
  const awaited = await m.db.worker(tenantId, (tx) => awaitingSessions(tx, tenantId));
  for (const one of awaited) {
    const at = await newSession(m, tenantId, one);
    if (at === null) continue;
    await m.db.worker(tenantId, (tx) =>
      tx
        .updateTable('enforcements')
        .set({ session_at: at })
        .where('tenant_id', '=', tenantId)
        .where('subscription_id', '=', one.subscription_id)
        .where('generation', '=', one.generation)
        .execute(),
    );
  }
}

/** Each once, when nothing more is expected of it: whole, or too old to become so. */
const count = (tx: Tx, tenantId: string, now: number) =>
  sql`
    with e as (
      update enforcements set counted = true where tenant_id = ${tenantId} and not counted
        and (session_at is not null or decided_at < ${new Date(now - settledMs)}) returning *
    )
    insert into latency_buckets as b (tenant_id, nas, kind, step, le_ms, count, sum_ms)
    select e.tenant_id, coalesce(e.nas, ''), e.kind, s.step, l.le_ms, count(*), sum(s.ms)
    from e ${walkedSteps} cross join lateral (
      select min(le) as le_ms from unnest(${sql.raw(`'{${boundsMs.join(',')}}'::int[]`)}) as le where le >= s.ms
    ) l
    where s.ms is not null and l.le_ms is not null group by 1, 2, 3, 4, 5
    on conflict (tenant_id, nas, kind, step, le_ms) do update set count = b.count + excluded.count,
      sum_ms = b.sum_ms + excluded.sum_ms`.execute(tx);

/** Gathers what was enforced lately and how long each step took (spec X5); running it again changes nothing. `now` in ms since 1970. */
export async function measureLatency(m: Measuring, tenantId: string, now: number): Promise<void> {
  await m.db.worker(tenantId, async (tx) => gather(tx, tenantId, await since(tx, tenantId, now)));
  await findSessions(m, tenantId);
  await m.db.worker(tenantId, (tx) => count(tx, tenantId, now));
}
