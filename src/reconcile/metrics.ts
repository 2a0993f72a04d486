import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';

/** How much drift is open, by kind, over all tenants: read when somebody asks for the metrics. */
export function tellDrift(registry: Registry, db: Database): void {
  new Gauge({
    name: 'jembatan_drift_open',
    help: 'Differences from what stands that no reconciliation has found gone yet, by kind',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      this.reset();
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const rows = await readOpen(db).catch(() => []);
      for (const { kind, open } of rows) this.set({ kind }, Number(open));
    },
  });
}

/** How many tenants' ledgers cannot be read, over all tenants. */
export function tellOutages(registry: Registry, db: Database): void {
  new Gauge({
    name: 'jembatan_ledger_away',
    help: 'Ledgers that could not be read for three minutes or more: nobody is cut, and nobody who pays is seen',
    registers: [registry],
    async collect() {
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const away = await countAway(db).catch(() => null);
      if (away === null) this.reset();
      else this.set(away);
    },
  });
}

/** How many tenants' stocks cannot be followed, over all tenants. */
export function tellStocks(registry: Registry, db: Database): void {
  new Gauge({
    name: 'jembatan_stock_away',
    help: 'Stocks in InvenTree whose last look failed, or was not believed: what others move there is not seen',
    registers: [registry],
    async collect() {
      // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
      const away = await countStocks(db).catch(() => null);
      if (away === null) this.reset();
      else this.set(away);
    },
  });
}

const countStocks = (db: Database): Promise<number> =>
  db.gateOnce(async (tx) => {
    const { rows } = await sql<{ away: number }>`select count(error)::int as away from asset_feeds`.execute(tx);
    return rows[0]?.away ?? 0;
  });

const countAway = (db: Database): Promise<number> =>
  db.gateOnce(async (tx) => {
    const { rows } = await sql<{ away: number }>`select count(told_at)::int as away from ledger_outages`.execute(tx);
    return rows[0]?.away ?? 0;
  });

const readOpen = (db: Database) =>
  db.gateOnce((tx) =>
    tx
      .selectFrom('drift')
      .where('resolved_at', 'is', null)
      .groupBy('kind')
      .select(({ fn }) => ['kind', fn.countAll<bigint>().as('open')])
      .execute(),
  );
