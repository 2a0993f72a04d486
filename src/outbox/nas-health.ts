import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { announce } from '#outbox/announce.ts';
import type { Claimed } from '#outbox/claim.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import type { Nas } from '#outbox/routers.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** How long a router rests after so many silent rounds, in milliseconds: five minutes at most, then the reconciliation looks. */
const rests = [5_000, 30_000, 60_000, 120_000] as const;
const longestRestMs = 300_000;

/** One silent round is a bad line (at 30 % loss each way, one in thirty); at the second people are told. */
const toldAt = 2;

type Note = { readonly claimed: Claimed; readonly nas: Nas };

/** The bucket of a router is never further behind than so many seconds, whatever the clock of the database does. */
const mostBehindSeconds = 30;

/**
 * It answers: what waits for it goes out again, at its own pace. The order is counted for all processes; answered is in
 * how many milliseconds the router's bucket is full again, by the orders of them all.
 */
export async function noteHeard(tx: Tx, { claimed, nas }: Note): Promise<number> {
  const { tenantId } = claimed;
  const { rows } = await sql<{ silences: number; full_ms: number }>`
    with was as (select silences from nas where tenant_id = ${tenantId} and id = ${nas.id} for update)
    update nas n set last_answer_at = now(), silences = 0, deaf_since = null, next_try_at = null, heard_from = null,
      paced_until = ${1_000 / nas.perSecond}::float8 * interval '1 ms' + least(
        greatest(n.paced_until, clock_timestamp()), clock_timestamp() + ${mostBehindSeconds} * interval '1 s')
    from was where n.tenant_id = ${tenantId} and n.id = ${nas.id}
    returning was.silences, (extract(epoch from n.paced_until - clock_timestamp()) * 1000)::float8 as full_ms`.execute(
    tx,
  );
  const { silences, full_ms: fullMs } = rows[0] ?? { silences: 0, full_ms: 0 };
  if (silences === 0) return fullMs;
  await sql`
    with waiting as (
      select id, urgency from outbox where tenant_id = ${tenantId} and nas_id = ${nas.id} and state = 'ready'
      order by id for update skip locked),
    turns as (select id, row_number() over (order by urgency, id) as place from waiting)
    update outbox o set next_at = least(o.next_at, now() + t.place * ${1_000 / nas.perSecond}::float8 * interval '1 ms')
    from turns t where o.id = t.id`.execute(tx);
  if (silences < toldAt) return fullMs;
  const data = { id: nas.id, name: nas.name };
  await announce(tx, tenantId, { type: 'router.heard', data, correlationId: claimed.correlationId });
  return fullMs;
}

/** Those who look after routers are written to, and other systems are told. */
async function tellDeaf(d: Dispatching, tx: Tx, { claimed, nas }: Note, since: Date): Promise<void> {
  const { tenantId, correlationId } = claimed;
  d.log.error('a router does not answer; see docs/runbooks/router-silent.md', { tenant: tenantId, nas: nas.name });
  const data = { id: nas.id, name: nas.name, since: since.toISOString() };
  await announce(tx, tenantId, { type: 'router.silent', data, correlationId });
  const [{ settings }, people] = await Promise.all([
    tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow(),
    tx
      .selectFrom('users')
      .where('tenant_id', '=', tenantId)
      .where('role', 'in', ['admin', 'noc'])
      .where('is_active', '=', true)
      .select(['id', 'email'])
      .execute(),
  ]);
  for (const { id, email } of people) {
    await d.hooks.appendMessage(tx, tenantId, {
      event: 'device_offline',
      to: { email, userId: id },
      language: readTenantSettings(settings).language,
      values: { device: nas.name, since: since.toISOString() },
      correlationId,
    });
  }
}

/**
 * It left an order unanswered that was given at `askedAt`. Orders that were in its hands together are one round (all but the
 * first were given before its rest), and one that was answered meanwhile shows that it is not deaf.
 */
export async function noteSilence(
  d: Dispatching,
  tx: Tx,
  note: Note,
  askedAt: Date,
  heardFrom: string | null,
): Promise<void> {
  const { claimed, nas } = note;
  const next = sql`(array[${sql.join(rests.map((ms) => sql`${ms}::int`))}])[silences + 1]`;
  const { rows } = await sql<{ silences: number; deaf_since: Date }>`
    update nas set last_silence_at = now(), silences = silences + 1, deaf_since = coalesce(deaf_since, now()),
      heard_from = ${heardFrom}, next_try_at = now() + coalesce(${next}, ${longestRestMs}) * interval '1 ms'
    where tenant_id = ${claimed.tenantId} and id = ${nas.id}
      and greatest(next_try_at, last_answer_at, '-infinity') <= ${askedAt}
    returning silences, deaf_since`.execute(tx);
  const [row] = rows;
  if (row?.silences === toldAt) await tellDeaf(d, tx, note, row.deaf_since);
}
