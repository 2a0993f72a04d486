import type { LookupFunction } from 'node:net';
import {
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely';
import { GuardedDriver } from './driver.ts';
import { type Flavor, mysqlFlavor, postgresFlavor } from './flavor.ts';
import { createMysqlPool } from './mysql-pool.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/** Statements are written in SQL for both servers at once, so Kysely needs to know of no table. */
export type RadiusTables = Record<never, never>;
export type RadiusConnection = Kysely<RadiusTables>;
export type RadiusTransaction = Transaction<RadiusTables>;

export type RadiusDatabase = {
  readonly connection: RadiusConnection;
  readonly flavor: Flavor;
  close(): Promise<void>;
};

const openMysql = (url: string, timeouts: Timeouts, lookup?: LookupFunction): RadiusConnection =>
  new Kysely({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new GuardedDriver(createMysqlPool(url, timeouts, lookup)),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  });

const openPostgres = (url: string, timeouts: Timeouts, lookup?: LookupFunction): RadiusConnection =>
  new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new GuardedDriver(createPostgresPool(url, timeouts, lookup)),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });

/**
 * Opens a FreeRADIUS database, `mysql://…` or `postgres://…`. Connects only when first asked; `lookup` judges where a name
 * leads at each connect (SEC-17).
 */
export function openRadiusDatabase(
  url: string,
  timeouts: Partial<Timeouts> = {},
  lookup?: LookupFunction,
): RadiusDatabase {
  const limits = { ...defaultTimeouts, ...timeouts };
  const isPostgres = /^postgres(ql)?:/.test(url);
  const connection = isPostgres ? openPostgres(url, limits, lookup) : openMysql(url, limits, lookup);
  return { connection, flavor: isPostgres ? postgresFlavor : mysqlFlavor, close: () => connection.destroy() };
}
