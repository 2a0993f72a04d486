import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#platform/log.ts';

/** Names of the loops that somebody else's commit can wake. */
export type WakeName = 'inbox' | 'documents' | 'lines' | 'outbox' | 'charges';

/**
 * Wake-ups between loops, in one process or across several. A wake-up says only "look": it may be lost or doubled, the
 * loops poll each second anyway, and nothing that must not be lost travels here (law 6).
 */
export type WakeUps = {
  wake(name: WakeName): void;
  on(name: WakeName, rouse: () => void): void;
  close(): Promise<void>;
};

/** Within one process: a call. */
export function createLocalWakeUps(): WakeUps {
  const listeners = new Map<WakeName, (() => void)[]>();
  return {
    wake: (name) => {
      for (const rouse of listeners.get(name) ?? []) rouse();
    },
    on: (name, rouse) => {
      listeners.set(name, [...(listeners.get(name) ?? []), rouse]);
    },
    close: async () => undefined,
  };
}

const queueName = 'jembatan-wake';
/** A burst of commits is one wake-up: at most one per name in this time. */
const coalesceMs = 50;
const kept = { removeOnComplete: true, removeOnFail: true } as const;

/** A store that is away is not waited for at the end (REL-28): what it has not been told is worth nothing by then. */
const closeMs = 2_000;
const soon = (closing: Promise<unknown>): Promise<unknown> =>
  Promise.race([closing.catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);

type Bull = {
  readonly add: (name: WakeName) => Promise<unknown>;
  readonly work: (handle: (name: string) => void) => { close(): Promise<void> };
  readonly close: () => Promise<void>;
};

async function onRedis(url: string, log: Log): Promise<Bull> {
  const [{ Queue, Worker }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const connect = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    redis.on('error', (error) => log.debug('Redis is away; the loops poll', { error }));
    return redis;
  };
  const connection = connect();
  const queue = new Queue(queueName, { connection });
  queue.on('error', (error) => log.debug('the wake-up queue failed; the loops poll', { error }));
  return {
    add: (name) => queue.add(name, {}, kept),
    work: (handle) => {
      const workers = connect();
      const worker = new Worker(queueName, async (job) => handle(job.name), { connection: workers });
      worker.on('error', (error) => log.debug('the wake-up worker failed; the loops poll', { error }));
      return {
        close: async () => {
          await soon(worker.close(true));
          workers.disconnect();
        },
      };
    },
    close: async () => {
      await soon(queue.close());
      connection.disconnect();
    },
  };
}

async function onPostgres(url: string, log: Log): Promise<Bull> {
  const { createPostgresBackend, withBackend } = await import('bullmq');
  const bull = withBackend(createPostgresBackend);
  const connection = { connectionString: url, schema: 'bullmq', migrate: true, max: 3 };
  const queue = new bull.Queue(queueName, { connection });
  queue.on('error', (error) => log.debug('the wake-up queue failed; the loops poll', { error }));
  return {
    add: (name) => queue.add(name, {}, kept),
    work: (handle) => {
      const worker = new bull.Worker(queueName, async (job) => handle(job.name), { connection });
      worker.on('error', (error) => log.debug('the wake-up worker failed; the loops poll', { error }));
      return { close: async () => void (await soon(worker.close(true))) };
    },
    close: async () => void (await soon(queue.close())),
  };
}

/**
 * Across processes: BullMQ on Redis, or on its PostgreSQL backend where there is none. It is loaded only here: a process
 * that is everything starts half a second sooner without it.
 */
export async function openWakeUps(
  where: { readonly redisUrl: string | undefined; readonly databaseUrl: string },
  log: Log,
): Promise<WakeUps> {
  const { redisUrl, databaseUrl } = where;
  const bull = redisUrl === undefined ? await onPostgres(databaseUrl, log) : await onRedis(redisUrl, log);
  const local = createLocalWakeUps();
  const asked = new Set<WakeName>();
  const onItsWay = new Set<WakeName>();
  const heard = new Set<WakeName>();
  let worker: { close(): Promise<void> } | null = null;

  /** One of a name at a time: while the store is away they would pile up, and all arrive with it. */
  function publish(name: WakeName): void {
    asked.add(name);
    if (onItsWay.has(name)) return;
    onItsWay.add(name);
    setTimeout(async () => {
      asked.delete(name);
      await bull
        .add(name)
        .catch((error: unknown) => log.debug('a wake-up was lost; the loops poll', { kind: name, error }));
      onItsWay.delete(name);
      // Somebody's commit came after it left.
      if (asked.has(name)) publish(name);
    }, coalesceMs).unref();
  }

  return {
    wake: (name) => (heard.has(name) ? local.wake(name) : publish(name)),
    on: (name, rouse) => {
      heard.add(name);
      local.on(name, rouse);
      worker ??= bull.work((job) => {
        for (const known of heard) if (known === job) local.wake(known);
      });
    },
    close: async () => {
      await worker?.close();
      await bull.close();
    },
  };
}
