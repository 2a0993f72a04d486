import { type Delays, type Delivery, type DeliveryStatus, type Outgoing, realDelays, type Try } from './delivery.ts';
import { sendOnce } from './send-once.ts';

type Job = { delivery: Delivery; readonly outgoing: Outgoing; readonly readyAt: number };

export type SendQueue = {
  /** Queues one delivery; `extraDelayMs` holds it back beyond the usual delay. */
  push(outgoing: Outgoing, options?: { readonly extraDelayMs?: number; readonly replayOf?: number }): number;
  /** Writes down a delivery that a fault swallowed. */
  drop(outgoing: Outgoing): void;
  deliveries(): readonly Delivery[];
  /** Sends a stored body again, at once. Throws for an unknown id. */
  replay(id: number): number;
  /** Waits until nothing is queued or on its way. */
  idle(): Promise<void>;
  /** Whatever is still on its way is lost, as when a worker is killed. */
  stop(): Promise<void>;
};

/** Frappe's background workers; with two of them the events of one transaction may swap. */
const workers = 2;
const triesAtMost = 3;

export function sendQueue(given: Partial<Delays>, now: () => Date): SendQueue {
  const delays: Delays = { ...realDelays, ...given };
  const log: Job[] = [];
  const waiting: Job[] = [];
  const stopping = new AbortController();
  const idleWaiters: (() => void)[] = [];
  const running = new Set<Promise<void>>();
  let alarm: NodeJS.Timeout | undefined;

  const add = (outgoing: Outgoing, readyAt: number, status: DeliveryStatus, replayOf: number | null): Job => {
    const { event, doctype, name, url, body, signature } = outgoing;
    const what = { event, doctype, name, url, body, signature };
    const delivery: Delivery = { id: log.length + 1, ...what, queuedAt: now(), tries: [], status, replayOf };
    const job = { delivery, outgoing, readyAt };
    log.push(job);
    return job;
  };
  const enqueue = (job: Job): number => {
    const before = waiting.findLastIndex((other) => other.readyAt <= job.readyAt);
    waiting.splice(before + 1, 0, job);
    pump();
    return job.delivery.id;
  };
  const pump = (): void => {
    clearTimeout(alarm);
    while (running.size < workers && !stopping.signal.aborted && (waiting[0]?.readyAt ?? Infinity) <= Date.now()) {
      const job = waiting.shift();
      if (job) start(job);
    }
    if (running.size === 0 && waiting.length === 0) for (const resolve of idleWaiters.splice(0)) resolve();
    else if (running.size < workers && waiting[0]) alarm = setTimeout(pump, waiting[0].readyAt - Date.now());
  };
  const start = (job: Job): void => {
    const run: Promise<void> = deliver(job, delays, now, stopping.signal).then(() => {
      running.delete(run);
      pump();
    });
    running.add(run);
  };
  return {
    push: (outgoing, options) =>
      enqueue(add(outgoing, Date.now() + delays.send + (options?.extraDelayMs ?? 0), 'pending', null)),
    drop: (outgoing) => void add(outgoing, 0, 'dropped', null),
    deliveries: () => log.map((job) => job.delivery),
    replay: (id) => {
      const job = log[id - 1];
      if (!job) throw new Error(`no delivery ${id}`);
      return enqueue(add(job.outgoing, Date.now(), 'pending', id));
    },
    idle: () =>
      new Promise((resolve) => {
        idleWaiters.push(resolve);
        pump();
      }),
    stop: async () => {
      stopping.abort();
      clearTimeout(alarm);
      for (const job of waiting.splice(0)) job.delivery = { ...job.delivery, status: 'failed' };
      await Promise.all(running);
      for (const resolve of idleWaiters.splice(0)) resolve();
    },
  };
}

/** Up to three tries; a 4xx is retried like a 5xx, and after a timeout the next try follows without a pause. */
async function deliver(job: Job, delays: Delays, now: () => Date, signal: AbortSignal): Promise<void> {
  const pauses = [delays.retry1, delays.retry2];
  const tries: Try[] = [];
  for (let attempt = 0; attempt < triesAtMost && !signal.aborted; attempt += 1) {
    const result = await sendOnce(job.outgoing, now(), { timeoutMs: delays.timeout, signal });
    tries.push(result);
    const done = result.status !== null && result.status >= 200 && result.status < 300;
    job.delivery = { ...job.delivery, tries: [...tries], status: done ? 'delivered' : 'pending' };
    if (done) return;
    const pauseMs = pauses[attempt];
    if (pauseMs !== undefined && result.error !== 'timeout') await pause(pauseMs, signal);
  }
  job.delivery = { ...job.delivery, status: 'failed' };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
