import { median } from '../figures.ts';
import type { Cycle } from './cycle.ts';
import type { Installation } from './installation.ts';

type Moment = { readonly step: string; readonly at: number };

/** What the hub itself noted between a webhook and the next: when deliveries were stored, decisions taken, rows told. */
async function momentsBetween({ bridge }: Installation, from: number, to: number): Promise<readonly Moment[]> {
  const { rows } = await bridge.query<{ step: string; at: string }>(
    `select step, extract(epoch from at) * 1000 as at from (
       select 'inbox stored' as step, received_at as at from inbox
       union all select 'inbox consumed', consumed_at from inbox
       union all select 'timeline ' || kind, at from timeline
       union all select 'outbox ' || kind || ' appended', created_at from outbox
     ) moments where at between to_timestamp($1::float8 / 1000) and to_timestamp($2::float8 / 1000) order by at`,
    [from, to],
  );
  return rows.map(({ step, at }) => ({ step, at: Number(at) }));
}

/** Where the milliseconds of the runs went: the medians of each noted moment, counted from the webhook. */
export async function stepsOf(
  at: Installation,
  cycles: readonly Cycle[],
  from: 'dueAt' | 'paidAt',
  lastsMs: 'dueToAckMs' | 'paidToRowsMs',
): Promise<string> {
  const samples = new Map<string, number[]>();
  for (const cycle of cycles) {
    const seen = new Map<string, number>();
    for (const { step, at: moment } of await momentsBetween(at, cycle[from], cycle[from] + cycle[lastsMs] + 5)) {
      const nth = (seen.get(step) ?? 0) + 1;
      seen.set(step, nth);
      const name = nth === 1 ? step : `${step} (${nth})`;
      samples.set(name, [...(samples.get(name) ?? []), moment - cycle[from]]);
    }
  }
  return [...samples]
    .filter(([, times]) => times.length * 2 > cycles.length)
    .map(([step, times]) => ({ step, ms: median(times) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ step, ms }) => `  ${ms.toFixed(1).padStart(8)} ms  ${step}`)
    .join('\n');
}
