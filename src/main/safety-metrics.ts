import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';

type Counted = { readonly table: 'held_lines' | 'cut_notices'; readonly state: 'held' | 'undeliverable' };

const count = (db: Database, { table, state }: Counted): Promise<number> =>
  db.claim(async (tx) => {
    const row = await tx
      .selectFrom(table)
      .where('state', '=', state)
      .select((eb) => eb.fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  });

function gauge(registry: Registry, db: Database, name: string, help: string, counted: Counted): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const value = await count(db, counted).catch(() => null);
      if (value === null) this.reset();
      else this.set(value);
    },
  });
}

/** How many lines of all tenants wait for a person, read when somebody asks for the metrics. */
export function tellBrake(registry: Registry, db: Database): void {
  const held = 'Lines whose cut the safety brake holds until a person releases it';
  gauge(registry, db, 'jembatan_brake_held', held, { table: 'held_lines', state: 'held' });
  const untold = 'Reminders without which a line may not be cut, and that could not be delivered';
  gauge(registry, db, 'jembatan_cut_notices_undeliverable', untold, { table: 'cut_notices', state: 'undeliverable' });
}
