import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { nextDue } from '#platform/schedule.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type Job, platformZone } from './job.ts';

type Wanted = { readonly job: Job; readonly tenantId: string | null; readonly zone: string };
type Enrolled = {
  readonly name: string;
  readonly tenant_id: string | null;
  readonly cron: string;
  readonly zone: string;
};

/** Processes of an older version do not know a new job yet: what is strange to one of them may be another one's. */
const forgottenAfterMs = 7 * 86_400_000;

const keyOf = (name: string, tenantId: string | null): string => `${tenantId ?? ''} ${name}`;

async function wantedRows(tx: Tx, jobs: readonly Job[]): Promise<readonly Wanted[]> {
  const tenants = await tx.selectFrom('tenants').where('is_active', '=', true).select(['id', 'settings']).execute();
  const zones = tenants.map(({ id, settings }) => ({ id, zone: readTenantSettings(settings).time_zone }));
  return jobs.flatMap((job): readonly Wanted[] =>
    job.zone === 'platform'
      ? [{ job, tenantId: null, zone: platformZone }]
      : zones.map(({ id, zone }) => ({ job, tenantId: id, zone })),
  );
}

async function put(tx: Tx, { job, tenantId, zone }: Wanted, isNew: boolean, now: number): Promise<void> {
  const next = new Date(isNew && job.atFirstStart ? now : nextDue({ cron: job.cron, zone }, now));
  await sql`
    insert into schedules (name, tenant_id, cron, zone, next_due_at)
    values (${job.name}, ${tenantId}::uuid, ${job.cron}, ${zone}, ${next})
    on conflict (tenant_id, name) do update
    set cron = excluded.cron, zone = excluded.zone, next_due_at = excluded.next_due_at
    where schedules.cron <> excluded.cron or schedules.zone <> excluded.zone`.execute(tx);
}

/**
 * Gives each job its row, for each active tenant where it is a tenant's; a tenant whose zone changed, or a job with
 * another timetable, is due by the new one from now on. A row that nobody has run for a week, since there is no such job
 * any more, goes.
 */
export const enrol = (db: Database, jobs: readonly Job[], now: number): Promise<void> =>
  db.claims(async (tx) => {
    const rows = await tx.selectFrom('schedules').select(['name', 'tenant_id', 'cron', 'zone']).execute();
    const enrolled = new Map<string, Enrolled>(rows.map((row) => [keyOf(row.name, row.tenant_id), row]));
    for (const wanted of await wantedRows(tx, jobs)) {
      const there = enrolled.get(keyOf(wanted.job.name, wanted.tenantId));
      if (there?.cron === wanted.job.cron && there.zone === wanted.zone) continue;
      await put(tx, wanted, there === undefined, now);
    }
    const names = jobs.map(({ name }) => name);
    const forgotten = new Date(now - forgottenAfterMs);
    await tx.deleteFrom('schedules').where('name', 'not in', names).where('next_due_at', '<', forgotten).execute();
  });
