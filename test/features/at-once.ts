import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestBridge } from '#test/setup/bridge.ts';

const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

/**
 * Has all `works` come to what the statement `held` locks (their own rows, or others' behind them), so that each has read
 * what it goes by before any of them writes; then lets them go on. Answers how each ended.
 */
export async function atOnce<T>(
  { url, look }: TestBridge,
  held: { readonly sql: string; readonly values: readonly unknown[] },
  works: readonly (() => Promise<T>)[],
): Promise<readonly PromiseSettledResult<T>[]> {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(held.sql, [...held.values]);
    const begun = Promise.allSettled(works.map((work) => work()));
    while ((await look(waiting)).length < works.length) await sleep(10);
    await holder.query('commit');
    return await begun;
  } finally {
    await holder.end();
  }
}
