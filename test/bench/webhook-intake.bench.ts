/**
 * How many signed ERPNext webhooks a second the hub's door takes in, acknowledged after their commit on a durable
 * PostgreSQL, beside the same server with the same signature check and no database. Rounds alternate, so that what else
 * the machine does hits both alike; figures are medians of the rounds.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { median, printFigure, quantile, remark } from './figures.ts';
import { startCeiling } from './intake/ceiling.ts';
import { startDoor } from './intake/door.ts';
import type { Round, RoundResult } from './intake/round.ts';
import { type Load, startLoad } from './load-process.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 7;
const requestsARound = 4_000;
const warmUpRequests = 3_000;
const subdomain = 'bench';

/** `cpuUs`: of the server's process, per request. */
type Measured = { readonly perSecond: number; readonly p99Ms: number; readonly cpuUs: number };

/** Plays one round; every delivery must have been taken in, or the figure means nothing. */
async function measure(load: Load<Round, RoundResult>, round: Round): Promise<Measured> {
  const before = process.cpuUsage();
  const { elapsedMs, latenciesMs, statuses } = await load.play(round);
  const { user, system } = process.cpuUsage(before);
  if (statuses[202] !== round.requests) throw new Error(`not all were 202: ${JSON.stringify(statuses)}`);
  return {
    perSecond: (round.requests / elapsedMs) * 1_000,
    p99Ms: quantile(latenciesMs, 0.99),
    cpuUs: (user + system) / round.requests,
  };
}

const middle = (measured: readonly Measured[]): Measured => ({
  perSecond: median(measured.map(({ perSecond }) => perSecond)),
  p99Ms: median(measured.map(({ p99Ms }) => p99Ms)),
  cpuUs: median(measured.map(({ cpuUs }) => cpuUs)),
});

async function demandAllStored(bridge: TestBridge, acknowledged: number): Promise<void> {
  const [row] = await bridge.look<{ count: string }>('select count(*) from inbox');
  if (Number(row?.count) !== acknowledged) throw new Error(`${acknowledged} acknowledged, ${row?.count} stored`);
}

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 10), (it) => it.close());
  const secret = randomBytes(16).toString('hex');
  const door = keep(await startDoor(bridge.db, subdomain, secret), (it) => it.close());
  const ceiling = keep(await startCeiling(secret), (it) => it.close());
  const load = keep(startLoad<Round, RoundResult>(new URL('./intake/load.ts', import.meta.url)), (it) => it.stop());
  let acknowledged = 0;

  async function play(port: number, series: string, requests: number, connections: number): Promise<Measured> {
    const path = `/webhooks/erpnext/${subdomain}`;
    const measured = await measure(load, { port, path, secret, series, requests, connections });
    if (port === door.port) acknowledged += requests;
    return measured;
  }

  for (const port of [door.port, ceiling.port]) await play(port, 'warm-up', warmUpRequests, 50);
  for (const connections of [50, 200]) {
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      const series = `${connections}-${round}`;
      ours.push(await play(door.port, series, requestsARound, connections));
      theirs.push(await play(ceiling.port, series, requestsARound, connections));
    }
    const [value, floor] = [middle(ours), middle(theirs)];
    const name = `webhook-intake-${connections}-connections`;
    printFigure({ name: `${name}-rate`, value: value.perSecond, unit: 'requests/s', floor: floor.perSecond });
    printFigure({ name: `${name}-p99`, value: value.p99Ms, unit: 'ms', floor: floor.p99Ms });
    printFigure({ name: `${name}-server-cpu`, value: value.cpuUs, unit: 'us/request', floor: floor.cpuUs });
  }
  await demandAllStored(bridge, acknowledged);
  remark(`${acknowledged} deliveries acknowledged, all of them stored.`);
});
