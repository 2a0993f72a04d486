import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { OwnerDoor } from '#db/owner-door.ts';
import { ofChain } from './chain.ts';

const dayMs = 86_400_000;

/** Months (partitions) that ended `keepDays` ago or earlier, the oldest first, each with the instant at which it ended. */
async function oldMonths(tx: Tx, now: number, keepDays: number) {
  const { rows } = await sql<{ name: string; ended: Date }>`
    select name, ended from (
      select c.relname as name,
        (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' as ended
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'audit_logs'::regclass and c.relname ~ '^audit_logs_[0-9]{4}_[0-9]{2}$') months
    where ended <= ${new Date(now - keepDays * dayMs)} order by name`.execute(tx);
  return rows;
}

/** Entries from before then that no link proves yet: their month has to stay. */
async function demandLinked(db: Database, before: Date): Promise<void> {
  const { rows } = await db.claims((tx) =>
    sql`select from audit_pending where entry_at < ${before} limit 1`.execute(tx),
  );
  if (rows.length > 0) throw new Error('Old entries of the audit log are not linked yet: no month is dropped.');
}

/**
 * Notes where the chain begins from now on, and removes the links up to there. Links are in the order of ids, not quite
 * of times: those behind the first one that stays stay too, although their entry goes. The last one always stays, for
 * the next follows it.
 */
async function shorten(tx: Tx, tenantId: string | null, before: Date): Promise<void> {
  await sql`select set_config('app.tenant_id', ${tenantId ?? ''}, true)`.execute(tx);
  const mine = ofChain('tenant_id', tenantId);
  const { rows } = await sql<{ seq: bigint; hash: Buffer }>`
    select seq::text as seq, hash from audit_chain where ${mine} and seq < (
      select least(min(seq) filter (where entry_at >= ${before}), max(seq)) from audit_chain where ${mine})
    order by seq desc limit 1`.execute(tx);
  // A row of a month that never had its partition lies in the one for the rest.
  await sql`delete from audit_logs where ${mine} and at < ${before} and tableoid = 'audit_logs_rest'::regclass`.execute(
    tx,
  );
  const [last] = rows;
  const base = last ? sql`${last.seq}::bigint, ${last.hash}::bytea` : sql`0::bigint, decode(repeat('00', 32), 'hex')`;
  await sql`
    insert into audit_bases (tenant_id, seq, hash, entries_before) values (${tenantId}::uuid, ${base}, ${before})
    on conflict (tenant_id) do update set entries_before = excluded.entries_before, dropped_at = now(),
      seq = greatest(audit_bases.seq, excluded.seq),
      hash = case when excluded.seq > audit_bases.seq then excluded.hash else audit_bases.hash end`.execute(tx);
  if (last) await sql`delete from audit_chain where ${mine} and seq <= ${last.seq}`.execute(tx);
}

/**
 * Drops the audit log's months that ended `keepDays` ago or earlier (spec V4: at least a year), all or none. What stays
 * is proved as before: each chain begins at a noted link. Answers the names of the months that went. Whoever just writes
 * is waited for; a log that is busy is left for the next try.
 */
export async function dropOldMonths(
  db: Database,
  owner: OwnerDoor,
  now: number,
  keepDays: number,
): Promise<readonly string[]> {
  const months = await db.claims((tx) => oldMonths(tx, now, keepDays));
  const last = months.at(-1);
  if (!last) return [];
  await demandLinked(db, last.ended);
  const tenants = await db.gate((tx) => tx.selectFrom('tenants').select('id').orderBy('id').execute());
  await owner.act(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('jembatan audit partitions'))`.execute(tx);
    for (const tenantId of [null, ...tenants.map(({ id }) => id)]) await shorten(tx, tenantId, last.ended);
    await sql`set local lock_timeout = '2s'`.execute(tx);
    for (const { name } of months) await sql`drop table ${sql.table(name)}`.execute(tx);
  });
  return months.map(({ name }) => name);
}
