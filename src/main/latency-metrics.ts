import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Database } from '#db/database.ts';
import { boundsMs } from '#features/latency/steps.ts';

type Labels = { readonly tenant: string; readonly nas: string; readonly kind: string; readonly step: string };
type Bucket = Labels & { readonly le_ms: number; readonly count: number; readonly sum_ms: number };

const readBuckets = (db: Database): Promise<readonly Bucket[]> =>
  db.gate(async (tx) => {
    const { rows } = await sql<Bucket>`
      select tenant_id::text as tenant, nas, kind, step, le_ms, count::float8 as count, sum_ms from latency_buckets
      order by tenant, nas, kind, step, le_ms`.execute(tx);
    return rows;
  });

/** A histogram's series from buckets that do not overlap: Prometheus wants each bound to count all below it too. */
function cumulated(buckets: readonly Bucket[]) {
  const series = new Map<string, { readonly labels: Labels; readonly own: Map<number, number>; sum: number }>();
  for (const { tenant, nas, kind, step, le_ms: le, count, sum_ms: sum } of buckets) {
    const key = [tenant, nas, kind, step].join(' ');
    const one = series.get(key) ?? { labels: { tenant, nas, kind, step }, own: new Map<number, number>(), sum: 0 };
    one.own.set(le, count);
    one.sum += sum;
    series.set(key, one);
  }
  return [...series.values()].map(({ labels, own, sum }) => {
    let below = 0;
    const bounds = boundsMs.map((le, i) => {
      below += own.get(le) ?? 0;
      return { le: i === boundsMs.length - 1 ? '+Inf' : String(le / 1_000), count: below };
    });
    return { labels, bounds, count: below, seconds: sum / 1_000 };
  });
}

type Series = ReturnType<typeof cumulated>[number];

/**
 * How long cuts and restores took (spec X5), as the series of a histogram, `jembatan_enforcement_seconds_bucket`, `_sum`
 * and `_count`, read from the bridge: they are the same at each process's door and survive its restart. Tenants and
 * routers are named by their ids. They are gauges to the client library, which has no histogram that can be set.
 */
export function tellLatency(registry: Registry, db: Database): void {
  const help = 'Seconds that the steps of cuts and restores took, by tenant, router, kind and step';
  const tell = (name: string, set: (gauge: Gauge, series: Series) => void, more: readonly string[] = []): void => {
    new Gauge({
      name: `jembatan_enforcement_seconds_${name}`,
      help,
      labelNames: ['tenant', 'nas', 'kind', 'step', ...more],
      registers: [registry],
      async collect() {
        this.reset();
        // With the bridge away the other metrics are still wanted; that it is away stands in /readyz.
        for (const series of cumulated(await readBuckets(db).catch(() => []))) set(this, series);
      },
    });
  };
  tell(
    'bucket',
    (gauge, { labels, bounds }) => {
      for (const { le, count } of bounds) gauge.set({ ...labels, le }, count);
    },
    ['le'],
  );
  tell('sum', (gauge, { labels, seconds }) => gauge.set(labels, seconds));
  tell('count', (gauge, { labels, count }) => gauge.set(labels, count));
}
