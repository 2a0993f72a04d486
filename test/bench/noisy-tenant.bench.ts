/**
 * What one tenant's tenfold load does to the others at the webhook door (SEC-25): their 99th percentile beside the one
 * with everybody at the same load. Rounds alternate; figures are medians of the rounds.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { median, printFigure, quantile, remark } from './figures.ts';
import { startDoorFor } from './intake/door.ts';
import { startLoad } from './load-process.ts';
import type { PacedResult, PacedRound } from './noisy/round.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 7;
const seconds = 6;
const perSecond = 20;
const timesLouder = 10;
const tenants = ['noisy', 'quiet-a', 'quiet-b', 'quiet-c', 'quiet-d'] as const;

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 10), (it) => it.close());
  const senders = tenants.map((subdomain) => ({ subdomain, secret: randomBytes(16).toString('hex') }));
  const door = keep(await startDoorFor(bridge.db, senders), (it) => it.close());
  const load = keep(startLoad<PacedRound, PacedResult>(new URL('./noisy/load.ts', import.meta.url)), (it) => it.stop());

  /** The quiet tenants' p99, ms, while the noisy one is so many times as loud as each of them. */
  async function play(series: string, times: number): Promise<number> {
    const streams = senders.map(({ subdomain, secret }) => ({
      path: `/webhooks/erpnext/${subdomain}`,
      secret,
      series: `${subdomain}-${series}`,
      perSecond: subdomain === 'noisy' ? perSecond * times : perSecond,
    }));
    const { latenciesMs, refused } = await load.play({ port: door.port, seconds, streams });
    if (refused > 0) throw new Error(`${refused} deliveries were not taken in`);
    const [, ...quiet] = latenciesMs;
    return quantile(quiet.flat(), 0.99);
  }

  await play('warm-up', timesLouder);
  const loud: number[] = [];
  const even: number[] = [];
  for (let round = 0; round < rounds; round++) {
    loud.push(await play(`loud-${round}`, timesLouder));
    even.push(await play(`even-${round}`, 1));
  }
  printFigure({ name: 'noisy-tenant-others-p99', value: median(loud), unit: 'ms', floor: median(even) });
  remark(
    `${tenants.length - 1} tenants at ${perSecond}/s, one at ${perSecond * timesLouder}/s; the goal is a ratio of 2.`,
  );
});
