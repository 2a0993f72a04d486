import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { type Log, newCorrelationId, withCorrelation } from '#platform/log.ts';
import { lastDue } from '#platform/schedule.ts';
import { claimDue, type Run, renewRun, settleRun } from './claim.ts';
import type { Job } from './job.ts';

export type Scheduling = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: readonly Job[];
  /** What a killed process had in its hands is run again by another after so long. */
  readonly leaseMs: number;
};

function perform(job: Job, run: Run, now: number): Promise<void> {
  const occasion = { due: new Date(lastDue(run, now)), now };
  if (job.zone === 'platform') return job.run(occasion);
  if (run.tenantId === null) throw new Error(`The job ${job.name} is a tenant's, and its row names none.`);
  return job.run({ ...occasion, tenantId: run.tenantId, zone: run.zone });
}

async function failureOf(job: Job, run: Run, now: number): Promise<unknown> {
  try {
    await perform(job, run, now);
    return null;
  } catch (error) {
    return error ?? new Error('it failed without a reason');
  }
}

async function runOne({ db, clock, log, leaseMs }: Scheduling, job: Job, run: Run): Promise<void> {
  // A renewal that fails is the next one's business; without any the lease ends, as it should.
  const timer = setInterval(() => renewRun(db, run, leaseMs).catch(() => undefined), leaseMs / 3);
  const began = performance.now();
  // Due by the time at which it was begun: what falls due while it runs is not lost.
  const now = clock();
  const failure = await failureOf(job, run, now);
  clearInterval(timer);
  const line = { kind: run.name, tenant: run.tenantId ?? undefined, attempts: run.attempt };
  const words = failure === null ? null : failure instanceof Error ? failure.message : String(failure);
  await settleRun(db, run, now, words);
  if (failure === null) log.debug('a job ran', { ...line, duration_ms: Math.round(performance.now() - began) });
  else log.error('a job failed', { ...line, error: failure, next: 'again after a pause' });
}

/** Claims what is due and runs it, each by itself; answers how many runs there were. */
export async function runDue(s: Scheduling): Promise<number> {
  const jobs = new Map(s.jobs.map((job) => [job.name, job]));
  const runs = await claimDue(s.db, [...jobs.keys()], s.clock(), s.leaseMs);
  await Promise.all(
    runs.map((run) => {
      const job = jobs.get(run.name);
      return job && withCorrelation(newCorrelationId(), () => runOne(s, job, run));
    }),
  );
  return runs.length;
}
