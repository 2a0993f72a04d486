import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';

const countHeld = (db: Database): Promise<number> =>
  db.claim(async (tx) => {
    const row = await tx
      .selectFrom('held_lines')
      .where('state', '=', 'held')
      .select((eb) => eb.fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  });

/** How many lines of all tenants wait for a person, read when somebody asks for the metrics. */
export function tellBrake(registry: Registry, db: Database): void {
  new Gauge({
    name: 'jembatan_brake_held',
    help: 'Lines whose cut the safety brake holds until a person releases it',
    registers: [registry],
    async collect() {
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const held = await countHeld(db).catch(() => null);
      if (held === null) this.reset();
      else this.set(held);
    },
  });
}
