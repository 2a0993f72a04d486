import { type RawBuilder, sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';

const rowsAtOnce = 5_000;
const dayMs = 86_400_000;

/** Deletes in small transactions, so that nobody waits long; answers how many rows went. */
async function inBatches(
  door: (work: (tx: Tx) => Promise<bigint>) => Promise<bigint>,
  table: string,
  condition: RawBuilder<unknown>,
): Promise<number> {
  let gone = 0;
  for (;;) {
    const some = await door(async (tx) => {
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where id in (
        select id from ${sql.table(table)} where ${condition} limit ${rowsAtOnce})`.execute(tx);
      return numAffectedRows ?? 0n;
    });
    gone += Number(some);
    if (some < BigInt(rowsAtOnce)) return gone;
  }
}

/** Tokens that have run out, resets of passwords of days ago, and the platform owner's idempotency keys whose time is over. `now`: ms since 1970. */
export async function cleanPlatform(db: Database, now: number): Promise<number> {
  const at = new Date(now);
  const gate = (work: (tx: Tx) => Promise<bigint>): Promise<bigint> => db.gate(work);
  const tokens = await inBatches(gate, 'refresh_tokens', sql`expires_at < ${at}`);
  // Those of the last hour are counted: nobody gets more than a few messages in one.
  const resets = await inBatches(gate, 'password_resets', sql`expires_at < ${new Date(now - dayMs)}`);
  const keys = sql`tenant_id is null and expires_at < ${at}`;
  return tokens + resets + (await inBatches(gate, 'idempotency_keys', keys));
}

/** Notices of bills that are not open any more: what failed at once, the others when nobody will ask for them. */
const cleanNotices = (db: Database, tenantId: string, before: Date): Promise<number> =>
  db.worker(tenantId, async (tx) => {
    const { numAffectedRows } = await sql`
      delete from cut_notices n where n.tenant_id = ${tenantId} and (n.state = 'undeliverable' or n.at < ${before})
      and not exists (
        select from ledger_documents d where d.tenant_id = n.tenant_id and d.doctype = 'Sales Invoice' and d.name = n.invoice
          and not d.gone and d.fact ->> 'outstanding' <> '0')`.execute(tx);
    return Number(numAffectedRows ?? 0n);
  });

/**
 * A tenant's idempotency keys whose time is over, and its deliveries that were worked on `keepDays` days ago or earlier.
 * Dead ones stay until a person has looked at them. So old are drift, reconciliations and notices that go as well.
 */
export async function cleanTenant(db: Database, tenantId: string, now: number, keepDays: number): Promise<number> {
  const door = (work: (tx: Tx) => Promise<bigint>): Promise<bigint> => db.worker(tenantId, work);
  const mine = sql`tenant_id = ${tenantId}`;
  const keys = await inBatches(door, 'idempotency_keys', sql`${mine} and expires_at < ${new Date(now)}`);
  const old = sql`${mine} and state in ('done', 'ignored') and received_at < ${new Date(now - keepDays * dayMs)}`;
  const before = new Date(now - keepDays * dayMs);
  const drift = await inBatches(door, 'drift', sql`${mine} and resolved_at < ${before}`);
  const runs = sql`${mine} and finished_at < ${before} and not exists (
    select from drift d where d.tenant_id = reconciliations.tenant_id and d.run_id = reconciliations.id)`;
  const notices = await cleanNotices(db, tenantId, before);
  return (
    keys + drift + notices + (await inBatches(door, 'reconciliations', runs)) + (await inBatches(door, 'inbox', old))
  );
}
