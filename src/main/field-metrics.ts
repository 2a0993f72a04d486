import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';

const countLow = (db: Database): Promise<number> =>
  db.claim(async (tx) => {
    const row = await tx
      .selectFrom('consumables')
      .where('deleted_at', 'is', null)
      .whereRef('quantity', '<', 'minimum')
      .select((eb) => eb.fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  });

/** How much of what technicians use up runs out, of all tenants, read when somebody asks for the metrics (P49). */
export function tellLowStock(registry: Registry, db: Database): void {
  new Gauge({
    name: 'jembatan_consumables_low',
    help: 'Consumables below their minimum',
    registers: [registry],
    async collect() {
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const value = await countLow(db).catch(() => null);
      if (value === null) this.reset();
      else this.set(value);
    },
  });
}
