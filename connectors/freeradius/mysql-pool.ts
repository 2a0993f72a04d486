import type { LookupFunction } from 'node:net';
import { createPool, type PoolConnection } from 'mysql2/promise';
import type { LinkPool } from './driver.ts';
import { judgedSocket } from './judged-socket.ts';
import { idleTransactionSeconds, poolSize, type Timeouts } from './timeouts.ts';

/** The last part is read by MariaDB alone: MySQL has no such setting. */
const sessionSettings = (lockMs: number): readonly string[] => [
  'set session transaction isolation level read committed',
  `set session innodb_lock_wait_timeout = ${Math.ceil(lockMs / 1000)} /*M!100300 , idle_transaction_timeout = ${idleTransactionSeconds} */`,
];

type Target = { readonly config: { readonly host: string; readonly port: number } };

/** The driver's own way of connecting, but for who is asked for the address. */
const connecting = (lookup: LookupFunction) => ({
  stream: ({ config: { host, port } }: Target) =>
    judgedSocket(lookup).setNoDelay(true).setKeepAlive(true).connect(port, host),
});

/** Big integers come as text, as they do from PostgreSQL; times never leave SQL as such, so no zone is set. */
export function createMysqlPool(url: string, timeouts: Timeouts, lookup?: LookupFunction): LinkPool {
  const pool = createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectionLimit: poolSize,
    connectTimeout: timeouts.connectMs,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(lookup && connecting(lookup)),
  });
  const settled = new WeakSet<object>();
  const run = async (raw: PoolConnection, sql: string, values: readonly unknown[]): Promise<readonly unknown[]> => {
    const [rows] = await raw.query({ sql, values: [...values], timeout: timeouts.queryMs });
    return Array.isArray(rows) ? rows : [];
  };
  const settle = async (raw: PoolConnection): Promise<void> => {
    if (settled.has(raw.connection)) return;
    try {
      for (const statement of sessionSettings(timeouts.lockMs)) await run(raw, statement, []);
      settled.add(raw.connection);
    } catch (error) {
      raw.destroy();
      throw error;
    }
  };
  return {
    acquire: async () => {
      const raw = await pool.getConnection();
      await settle(raw);
      return {
        run: (statement, parameters) => run(raw, statement, parameters),
        release: (close) => (close ? raw.destroy() : raw.release()),
      };
    },
    end: () => pool.end(),
  };
}
