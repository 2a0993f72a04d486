import { Worker } from 'node:worker_threads';
import { Refusal } from '#platform/refusal.ts';
import type { Paper } from './papers.ts';
import type { Printed } from './worker.ts';

/** Makes PDFs in threads of its own. */
export type Press = {
  /** Throws UNAVAILABLE where too many wait already, or one takes too long. */
  print(paper: Paper): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Job = {
  readonly paper: Paper;
  readonly settle: (printed: Printed) => void;
  /** A thread died of it, and it was tried again without its picture. */
  isBare: boolean;
};
type Seat = { worker: Worker | null; job: Job | null; timer: NodeJS.Timeout | null };

export type PressSettings = {
  readonly threads?: number;
  /** So many may wait before others are sent away. */
  readonly mostWaiting?: number;
  /** A sheet of ten thousand vouchers takes some seconds. */
  readonly timeoutMs?: number;
  /** A thread that has had nothing to do for so long is ended: it holds some 40 MB. */
  readonly idleMs?: number;
};

/** In a clone the sources run, in an installation what was made of them. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './from-source.mjs' : './worker.js', import.meta.url);
const resourceLimits = { maxOldGenerationSizeMb: 256 };

const bare = (paper: Paper): Paper => ({ ...paper, head: { ...paper.head, logo: null } });

/**
 * A pool of threads, begun when they are needed. One that dies of a paper takes no other along: the paper is tried once
 * more without its picture, which is all in it that is not text, and is given up then.
 */
export function createPress(settings: PressSettings = {}): Press {
  const { threads = 1, mostWaiting = 100, timeoutMs = 60_000, idleMs = 300_000 } = settings;
  const seats: readonly Seat[] = Array.from({ length: threads }, () => ({ worker: null, job: null, timer: null }));
  const waiting: Job[] = [];

  function clear(seat: Seat): Job | null {
    const { job } = seat;
    if (seat.timer) clearTimeout(seat.timer);
    seat.timer = null;
    seat.job = null;
    return job;
  }

  function stop(seat: Seat): Promise<unknown> {
    const { worker } = seat;
    seat.worker = null;
    return worker?.terminate() ?? Promise.resolve();
  }

  function finish(seat: Seat, printed: Printed): void {
    clear(seat)?.settle(printed);
    seat.worker?.unref();
    if (waiting.length > 0) next(seat);
    else seat.timer = setTimeout(() => void stop(seat), idleMs).unref();
  }

  /** The thread is gone, whatever it was at. */
  function died(seat: Seat, worker: Worker, why: string): void {
    if (seat.worker !== worker) return;
    seat.worker = null;
    const job = clear(seat);
    if (!job) return;
    if (job.isBare || job.paper.head.logo === null) job.settle({ error: why });
    else waiting.unshift({ ...job, paper: bare(job.paper), isBare: true });
    if (waiting.length > 0) next(seat);
  }

  function workerOf(seat: Seat): Worker {
    if (seat.worker) return seat.worker;
    const worker = new Worker(entry, { resourceLimits });
    worker.on('message', (printed: Printed) => finish(seat, printed));
    worker.on('error', (error) => died(seat, worker, String(error)));
    worker.on('exit', (code) => died(seat, worker, `its thread ended with ${code}`));
    seat.worker = worker;
    return worker;
  }

  function next(seat: Seat): void {
    const job = waiting.shift();
    if (!job) return;
    clear(seat);
    seat.job = job;
    const worker = workerOf(seat);
    worker.ref();
    seat.timer = setTimeout(() => {
      const late = clear(seat);
      void stop(seat);
      late?.settle({ error: 'it took too long' });
      next(seat);
    }, timeoutMs);
    worker.postMessage(job.paper);
  }

  return {
    print: (paper) => {
      if (waiting.length >= mostWaiting) {
        throw new Refusal('UNAVAILABLE', 'Too many papers wait to be printed. Try again in a moment.');
      }
      return new Promise((resolve, reject) => {
        const settle = (printed: Printed): void => {
          if ('pdf' in printed) resolve(printed.pdf);
          else reject(new Error(`A paper could not be printed: ${printed.error}`));
        };
        waiting.push({ paper, settle, isBare: false });
        const free = seats.find(({ job }) => job === null);
        if (free) next(free);
      });
    },
    close: async () => {
      const stopped = { error: 'the hub is being stopped' };
      for (const job of waiting.splice(0)) job.settle(stopped);
      await Promise.all(
        seats.map((seat) => {
          clear(seat)?.settle(stopped);
          return stop(seat);
        }),
      );
    },
  };
}
