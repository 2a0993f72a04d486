import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Tables } from '#db/tables.ts';

/** A transaction on the bridge. Which rows it sees follows from the door that opened it. */
export type Tx = Transaction<Tables>;

/** The database roles that the hub works under; none owns a table, so row-level security binds each (spec T3). */
export type Role = 'hub_app' | 'hub_gate' | 'hub_worker';

/**
 * The only door to the bridge database. Each method is one transaction; what it throws rolls it back. A statement that
 * ends in a serialisation failure or a deadlock runs again from the start, so callbacks hold no outside effects.
 */
export type Database = {
  /** A tenant's request, by a person or a key. */
  tenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The hub's own work for one tenant. */
  worker<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Claims over all tenants: sees the work tables and the list of tenants, no tenant's own rows. */
  claims<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Doors where no tenant is known yet: login, webhook intake, the platform owner. */
  gate<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** int8 as bigint: ids, generations and money are exact. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format),
};

/** `role` is set at the start of the session, so that even RESET ROLE leads back to it. */
function openPool(url: string, role: Role, max: number): Kysely<Tables> {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c role=${role}`,
    application_name: `jembatan ${role}`,
    max,
    connectionTimeoutMillis: 2_500,
    query_timeout: 10_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    types,
  });
  // An idle connection that breaks is replaced at the next use, whose caller sees the failure if it lasts.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

const mayRunAgain = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01');

async function inTransaction<T>(db: Kysely<Tables>, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === 5 || !mayRunAgain(error)) throw error;
    }
  }
}

/** `url` is a login that may become the three roles; the migrator grants them. */
export function openDatabase(url: string, poolSize = 10): Database {
  const app = openPool(url, 'hub_app', poolSize);
  const worker = openPool(url, 'hub_worker', poolSize);
  const gate = openPool(url, 'hub_gate', Math.max(2, Math.ceil(poolSize / 2)));
  const inTenant = <T>(db: Kysely<Tables>, tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    inTransaction(db, async (tx) => {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
      return work(tx);
    });
  return {
    tenant: (tenantId, work) => inTenant(app, tenantId, work),
    worker: (tenantId, work) => inTenant(worker, tenantId, work),
    claims: (work) => inTransaction(worker, work),
    gate: (work) => inTransaction(gate, work),
    close: async () => {
      await Promise.all([app.destroy(), worker.destroy(), gate.destroy()]);
    },
  };
}
