import { sql } from 'kysely';
import { askLedger } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';

/** A ledger that cannot be read, or can again. `since`: when it was last read whole, or was connected. */
type LedgerNews =
  | { readonly isAway: true; readonly since: Date; readonly detail: string }
  | { readonly isAway: false; readonly since: Date; readonly until: Date };

/** Tells a tenant's people and systems, in the transaction that notes it: each outage is told once, and its end once. */
type TellLedger = (tx: Tx, tenantId: string, news: LedgerNews) => Promise<void>;

/** Readings are a minute apart, so three have failed: told well within the five minutes of REL-11. */
const awayAfterMs = 180_000;

type Seen = {
  readonly connected_at: Date | null;
  readonly read_at: Date | null;
  /** Why it could not be read; null: nobody has tried in vain. */
  readonly error: string | null;
  readonly away_since: Date | null;
};

async function see(tx: Tx, tenantId: string): Promise<Seen> {
  const { rows } = await sql<Seen>`
    select (select updated_at from connections where tenant_id = ${tenantId} and system = 'erpnext') as connected_at,
      (select started_at from ledger_readings where tenant_id = ${tenantId} and customer = '') as read_at,
      (select error from dirty_documents where tenant_id = ${tenantId} and doctype = ${askLedger} limit 1) as error,
      (select since from ledger_outages where tenant_id = ${tenantId}) as away_since`.execute(tx);
  const [seen] = rows;
  if (!seen) throw new Error('A look at a ledger answered nothing.');
  return seen;
}

/** Of two processes that see it at once one notes it. */
async function begin(tx: Tx, tenantId: string, since: Date, now: Date, detail: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into ledger_outages (tenant_id, since, told_at, detail) values (${tenantId}, ${since}, ${now}, ${detail})
    on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

async function end(tx: Tx, tenantId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from ledger_outages where tenant_id = ${tenantId}`.execute(tx);
  return numAffectedRows === 1n;
}

async function watchOne(db: Database, tenantId: string, now: number, tell: TellLedger): Promise<boolean> {
  const {
    connected_at: connectedAt,
    read_at: readAt,
    error,
    away_since: awaySince,
  } = await db.look(tenantId, (tx) => see(tx, tenantId));
  if (awaySince !== null && (connectedAt === null || (readAt !== null && readAt > awaySince))) {
    return db.worker(tenantId, async (tx) => {
      if (!(await end(tx, tenantId))) return false;
      const until = connectedAt === null || readAt === null ? new Date(now) : readAt;
      await tell(tx, tenantId, { isAway: false, since: awaySince, until });
      return true;
    });
  }
  // Whatever was read of another site before it was connected anew is no sign of this one.
  const since = readAt !== null && connectedAt !== null && readAt > connectedAt ? readAt : connectedAt;
  if (awaySince !== null || since === null || error === null || now - since.getTime() < awayAfterMs) return false;
  return db.worker(tenantId, async (tx) => {
    if (!(await begin(tx, tenantId, since, new Date(now), error))) return false;
    await tell(tx, tenantId, { isAway: true, since, detail: error });
    return true;
  });
}

/**
 * Tells of ledgers that could not be read for some minutes, and of their return (REL-11). Nobody is cut meanwhile, but
 * nobody who pays is restored either, so a person must know. Answers how many it told of.
 */
export async function watchLedgers(db: Database, clock: Clock, tell: TellLedger): Promise<number> {
  const tenants = await db.claims((tx) =>
    tx.selectFrom('tenants').where('is_active', '=', true).select('id').execute(),
  );
  let told = 0;
  for (const { id } of tenants) if (await watchOne(db, id, clock(), tell)) told += 1;
  return told;
}
