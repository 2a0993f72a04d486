import type { LookupFunction } from 'node:net';
import pg from 'pg';
import type { LinkPool } from './driver.ts';
import { judgedSocket } from './judged-socket.ts';
import { idleTransactionSeconds, poolSize, type Timeouts } from './timeouts.ts';

const sessionSettings = (lockMs: number): string =>
  [
    'default_transaction_isolation=read\\ committed',
    `lock_timeout=${lockMs}`,
    `idle_in_transaction_session_timeout=${idleTransactionSeconds * 1000}`,
  ]
    .map((setting) => `-c ${setting}`)
    .join(' ');

/** Big integers come as text, as the driver gives them. */
export function createPostgresPool(url: string, timeouts: Timeouts, lookup?: LookupFunction): LinkPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: timeouts.connectMs,
    query_timeout: timeouts.queryMs,
    options: sessionSettings(timeouts.lockMs),
    ...(lookup && { stream: () => judgedSocket(lookup) }),
  });
  // An idle connection that is lost leaves the pool by itself; whoever asks next gets a new one or the reason.
  pool.on('error', () => undefined);
  // Nor may one that is lent, between two statements of a transaction, take the process with it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    acquire: async () => {
      const raw = await pool.connect();
      return {
        run: async (statement, parameters) => (await raw.query(statement, [...parameters])).rows,
        release: (close) => raw.release(close),
      };
    },
    end: () => pool.end(),
  };
}
