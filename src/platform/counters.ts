import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '#platform/log.ts';

/** What a counter holds after an addition, and when it begins again. */
export type Count = { readonly total: number; readonly msLeft: number };

/** Counters that all processes of an installation share. A window begins with the first addition and ends by itself. */
export type Counters = {
  add(key: string, points: number, windowSeconds: number): Promise<Count>;
  /** Null: nothing is counted there now. */
  read(key: string): Promise<Count | null>;
  forget(key: string): Promise<void>;
  close(): Promise<void>;
};

/** Counting never refuses by itself: who asks compares the total with its own limit. */
const neverReached = 2_147_483_647;
const answerMs = 1_000;

type Limiter = RateLimiterMemory | RateLimiterPostgres | RateLimiterRedis;

function countersOf(limiter: Limiter, close: () => Promise<void>): Counters {
  const countOf = ({ consumedPoints, msBeforeNext }: { consumedPoints: number; msBeforeNext: number }): Count => ({
    total: consumedPoints,
    msLeft: msBeforeNext,
  });
  return {
    add: async (key, points, windowSeconds) => {
      const options = { customDuration: windowSeconds };
      return countOf(
        points < 0 ? await limiter.reward(key, -points, options) : await limiter.penalty(key, points, options),
      );
    },
    read: async (key) => {
      const found = await limiter.get(key);
      return found && countOf(found);
    },
    forget: async (key) => {
      await limiter.delete(key);
    },
    close,
  };
}

const limits = { points: neverReached, duration: 60, keyPrefix: '' };

/** Of one process alone. */
export const createMemoryCounters = (): Counters => countersOf(new RateLimiterMemory(limits), async () => undefined);

async function onRedis(url: string, log: Log): Promise<Counters> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: answerMs, enableOfflineQueue: false });
  redis.on('error', (error) => log.debug('Redis is away; limits are counted in this process', { error }));
  // Whoever counts before it is there counts in this process alone; a refusal is logged above, and tried again.
  await Promise.race([once(redis, 'ready').catch(() => undefined), sleep(answerMs, undefined, { ref: false })]);
  const insuranceLimiter = new RateLimiterMemory(limits);
  const limiter = new RateLimiterRedis({ ...limits, keyPrefix: 'jbl', storeClient: redis, insuranceLimiter });
  return countersOf(limiter, async () => redis.disconnect());
}

/** In the table `rate_limits`, which is unlogged and for hub_gate alone. */
function onPostgres(url: string): Counters {
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c role=hub_gate -c synchronous_commit=off',
    application_name: 'jembatan limits',
    max: 4,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', () => undefined);
  const store = { storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true };
  const limiter = new RateLimiterPostgres({ ...limits, ...store, insuranceLimiter: new RateLimiterMemory(limits) });
  return countersOf(limiter, () => pool.end());
}

/** On Redis, else in PostgreSQL; while that is away each process counts for itself (spec I5, ADR 0013). */
export async function openCounters(
  where: { readonly redisUrl: string | undefined; readonly databaseUrl: string },
  log: Log,
): Promise<Counters> {
  return where.redisUrl === undefined ? onPostgres(where.databaseUrl) : onRedis(where.redisUrl, log);
}
