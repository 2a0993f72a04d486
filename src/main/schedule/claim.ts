import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { backOffMs } from '#domain/retry.ts';
import { lastDue, nextDue } from '#platform/schedule.ts';

/** A job that this process runs now. `attempt` tells its run from that of whoever takes over when its lease has ended. */
export type Run = {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string | null;
  readonly cron: string;
  readonly zone: string;
  readonly attempt: number;
};

const atOnce = 8;
const retryCapMs = 3_600_000;

/** Leases what is due, and what a dead process left behind. A deactivated tenant has no job (spec T2). */
export const claimDue = (
  db: Database,
  names: readonly string[],
  now: number,
  leaseMs: number,
): Promise<readonly Run[]> =>
  db.claims(async (tx) => {
    const { rows } = await sql<{
      id: string;
      name: string;
      tenant_id: string | null;
      cron: string;
      zone: string;
      attempts: number;
    }>`
      update schedules s set locked_until = now() + ${leaseMs} * interval '1 ms', attempts = s.attempts + 1
      from (
        select c.id from schedules c left join tenants t on t.id = c.tenant_id
        where c.name = any(${names}::text[]) and coalesce(c.retry_at, c.next_due_at) <= ${new Date(now)}
          and (c.locked_until is null or c.locked_until < now()) and (c.tenant_id is null or t.is_active)
        order by coalesce(c.retry_at, c.next_due_at), c.id limit ${atOnce} for update of c skip locked
      ) due
      where s.id = due.id
      returning s.id, s.name, s.tenant_id, s.cron, s.zone, s.attempts`.execute(tx);
    return rows.map(({ tenant_id, attempts, ...row }) => ({ ...row, tenantId: tenant_id, attempt: attempts }));
  });

const stillMine = (run: Run) => sql<boolean>`id = ${run.id} and attempts = ${run.attempt} and locked_until is not null`;

/** Keeps the lease while the job goes on. */
export const renewRun = (db: Database, run: Run, leaseMs: number): Promise<unknown> =>
  db.claims((tx) =>
    sql`update schedules set locked_until = now() + ${leaseMs} * interval '1 ms' where ${stillMine(run)}`.execute(tx),
  );

/** What became of a run: it is due at its next time, or is tried again after a pause. */
export const settleRun = (db: Database, run: Run, now: number, error: string | null): Promise<unknown> =>
  db.claims(async (tx) => {
    const at = new Date(now);
    if (error !== null) {
      const retryAt = new Date(now + backOffMs(run.attempt, Math.random(), retryCapMs));
      await sql`update schedules set locked_until = null, retry_at = ${retryAt}, last_run_at = ${at}, last_error = ${error}
        where ${stillMine(run)}`.execute(tx);
      return;
    }
    const [due, next] = [new Date(lastDue(run, now)), new Date(nextDue(run, now))];
    await sql`update schedules set locked_until = null, retry_at = null, attempts = 0, next_due_at = ${next},
      last_due_at = ${due}, last_run_at = ${at}, last_error = null where ${stillMine(run)}`.execute(tx);
  });
