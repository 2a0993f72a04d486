import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';

type Told = { readonly name: string; readonly failing: number; readonly late: number };

/** A deactivated tenant's jobs wait on purpose and are none of it. */
const readSchedules = (db: Database): Promise<readonly Told[]> =>
  db.claims(async (tx) => {
    const { rows } = await sql<Told>`
      select s.name, count(s.last_error)::int as failing,
        greatest(0, floor(extract(epoch from now() - min(s.next_due_at))))::float8 as late
      from schedules s left join tenants t on t.id = s.tenant_id
      where s.tenant_id is null or t.is_active group by s.name`.execute(tx);
    return rows;
  });

/**
 * Jobs whose last run failed, and how late the latest of each is, by job: read when somebody asks for the metrics. No
 * tenant is named, since a label is shown to whoever may read them all.
 */
export function tellSchedules(registry: Registry, db: Database): void {
  const tell = (name: string, help: string, read: (row: Told) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['job'],
      registers: [registry],
      async collect() {
        this.reset();
        // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
        const rows = await readSchedules(db).catch(() => []);
        for (const row of rows) this.set({ job: row.name }, read(row));
      },
    });
  };
  tell('jembatan_schedule_failing', 'Schedules whose last run failed, by job', ({ failing }) => failing);
  tell(
    'jembatan_schedule_late_seconds',
    'How long ago the most overdue run of a job was due; 0: none is',
    ({ late }) => late,
  );
}
