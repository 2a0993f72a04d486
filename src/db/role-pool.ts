import {
  DefaultQueryExecutor,
  type Dialect,
  DummyDriver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  Transaction,
} from 'kysely';
import pg from 'pg';
import { gather } from '#db/gather.ts';
import { LentConnection } from '#db/lent-connection.ts';
import { createStatementNames, type StatementNames } from '#db/statement-names.ts';
import type { Tables } from '#db/tables.ts';

/** A transaction on the bridge. Which rows it sees follows from the door that opened it. */
export type Tx = Transaction<Tables>;

/** int8 as bigint: ids, generations and money are exact. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format),
};

const driver = new DummyDriver();
const dialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const adapter = new PostgresAdapter();
const compiler = new PostgresQueryCompiler();

const transactionOn = (connection: LentConnection): Tx =>
  new Transaction<Tables>({
    config: { dialect },
    dialect,
    driver,
    executor: new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) }),
  });

/** The database roles that the hub works under; none owns a table, so row-level security binds each (spec T3). */
type Role = 'hub_app' | 'hub_gate' | 'hub_worker';

/**
 * A statement that is kept is planned once, for whatever values: PostgreSQL itself believes that a list of one is cheaper to plan
 * for than a list, and would plan such a statement anew each time, for longer than it runs.
 */
const planOnce = 'plan_cache_mode = force_generic_plan';

/** `role` is set at the start of the session, so that even RESET ROLE leads back to it. */
function openPool(url: string, role: Role, max: number, keepsPlans: boolean): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    // Compiling a statement costs more than any of the hub's takes.
    options: `-c role=${role} -c jit=off${keepsPlans ? ` -c ${planOnce.replaceAll(' ', '')}` : ''}`,
    application_name: `jembatan ${role}`,
    max,
    connectionTimeoutMillis: 2_500,
    query_timeout: 10_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    // A statement is sent although the one before it is not answered yet.
    pipeline: true,
    types,
  });
  // An idle connection that breaks is replaced at the next use, whose caller sees the failure if it lasts; one in use
  // fails the statements on it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** A table was changed under a statement that the connection keeps by name (by a migration). */
const isOutgrown = (error: unknown): boolean => codeOf(error) === '0A000';

const mayRunAgain = (error: unknown): boolean =>
  codeOf(error) === '40001' || codeOf(error) === '40P01' || isOutgrown(error);

async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 4; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !mayRunAgain(error)) throw error;
    }
  }
}

/** An aborted transaction answers COMMIT with ROLLBACK, and no error: somebody did not wait for a statement that failed. */
async function commit(client: pg.PoolClient, connection: LentConnection): Promise<void> {
  const { command } = await client.query('commit');
  if (command === 'COMMIT') return;
  const { fault: cause } = connection;
  if (mayRunAgain(cause)) throw cause;
  throw new Error('The transaction was rolled back: one of its statements had failed.', { cause });
}

async function rollBack(client: pg.PoolClient, cause: unknown): Promise<void> {
  const fault = await client.query('rollback').then(
    () => isOutgrown(cause),
    () => true,
  );
  client.release(fault);
}

/** Connections under one database role, and the ways to work on them. */
export type RolePool = {
  /**
   * One transaction. `opening` begins it, and travels with the first statement; it is text without parameters. `keepsPlans`:
   * other than the pool does.
   */
  transaction<T>(opening: string, work: (tx: Tx) => Promise<T>, keepsPlans?: boolean): Promise<T>;
  /** One transaction that only reads (`opening` says so): its answer is not kept waiting for the end. */
  reading<T>(opening: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One statement, which is a transaction of its own. */
  statement<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** `keepsPlans`: statements are kept by name on each connection; for a role whose statements are few and always alike. */
export function openRolePool(url: string, role: Role, max: number, keepsPlans: boolean): RolePool {
  const pool = openPool(url, role, max, keepsPlans);
  const names = createStatementNames();
  const noNames: StatementNames = () => null;

  async function run<T>(
    opening: string,
    work: (tx: Tx) => Promise<T>,
    finish: (client: pg.PoolClient, connection: LentConnection) => Promise<void>,
    isKept = keepsPlans,
  ): Promise<T> {
    const client = await pool.connect();
    const connection = new LentConnection(client, isKept ? names : noNames);
    gather(client);
    const begun = client.query(isKept && !keepsPlans ? `${opening}; set local ${planOnce}` : opening);
    // Whoever comes after it fails with it; the reason is told below.
    begun.catch(() => undefined);
    try {
      const answer = await work(transactionOn(connection));
      connection.end();
      await finish(client, connection);
      return answer;
    } catch (error) {
      connection.end();
      await rollBack(client, error);
      await begun;
      throw error;
    }
  }

  return {
    transaction: (opening, work, isKept) =>
      again(() =>
        run(
          opening,
          work,
          async (client, connection) => {
            await commit(client, connection);
            client.release();
          },
          isKept,
        ),
      ),
    reading: (opening, work) =>
      again(() =>
        run(opening, work, async (client) => {
          // There is nothing to lose: whoever gets the connection next waits behind it.
          client.query('commit').catch(() => undefined);
          client.release();
        }),
      ),
    statement: (work) =>
      again(async () => {
        const client = await pool.connect();
        const connection = new LentConnection(client, keepsPlans ? names : noNames, 1);
        try {
          const answer = await work(transactionOn(connection));
          client.release();
          return answer;
        } catch (error) {
          client.release(isOutgrown(error));
          throw error;
        } finally {
          connection.end();
        }
      }),
    close: () => pool.end(),
  };
}
