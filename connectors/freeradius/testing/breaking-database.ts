import {
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { RadiusDatabase } from '../database.ts';
import { GuardedDriver, type Link, type LinkPool } from '../driver.ts';
import { mysqlFlavor, postgresFlavor } from '../flavor.ts';
import { createMysqlPool } from '../mysql-pool.ts';
import { createPostgresPool } from '../postgres-pool.ts';
import { defaultTimeouts } from '../timeouts.ts';

/** Where the writer dies: at which of its statements (from 1), and whether that one still reaches the server. */
export type Break = { readonly at: number; readonly isSent: boolean };

/** `isAutocommitted`: the broken variant, in which no statement waits for the others. */
export type Breaking = { readonly breaks: Break; readonly isAutocommitted: boolean };

const frame = new Set(['begin', 'commit', 'rollback']);

function breakingPool(pool: LinkPool, { breaks, isAutocommitted }: Breaking, onBreak: () => void): LinkPool {
  let count = 0;
  const run = async (link: Link, statement: string, parameters: readonly unknown[]): Promise<readonly unknown[]> => {
    count += 1;
    const isSkipped = isAutocommitted && frame.has(statement);
    if (count < breaks.at) return isSkipped ? [] : link.run(statement, parameters);
    if (count === breaks.at && breaks.isSent && !isSkipped) await link.run(statement, parameters);
    onBreak();
    throw new Error('the writer died');
  };
  return {
    acquire: async () => {
      const link = await pool.acquire();
      return { run: (statement, parameters) => run(link, statement, parameters), release: link.release };
    },
    end: () => pool.end(),
  };
}

/** A RADIUS database whose writer dies at a statement and never says another; `isBroken` tells whether it came so far. */
export function openBreakingDatabase(
  url: string,
  breaking: Breaking,
): { readonly database: RadiusDatabase; isBroken(): boolean } {
  const isPostgres = url.startsWith('postgres');
  const pool = isPostgres ? createPostgresPool(url, defaultTimeouts) : createMysqlPool(url, defaultTimeouts);
  let isBroken = false;
  const onBreak = (): void => {
    isBroken = true;
  };
  const connection: RadiusDatabase['connection'] = new Kysely({
    dialect: {
      createAdapter: () => (isPostgres ? new PostgresAdapter() : new MysqlAdapter()),
      createDriver: () => new GuardedDriver(breakingPool(pool, breaking, onBreak)),
      createIntrospector: (db) => (isPostgres ? new PostgresIntrospector(db) : new MysqlIntrospector(db)),
      createQueryCompiler: () => (isPostgres ? new PostgresQueryCompiler() : new MysqlQueryCompiler()),
    },
  });
  const flavor = isPostgres ? postgresFlavor : mysqlFlavor;
  return { database: { connection, flavor, close: () => connection.destroy() }, isBroken: () => isBroken };
}
