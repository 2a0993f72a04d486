/**
 * What it takes to compare every line of a tenant with what RADIUS holds, at 10^3, 10^4 and 10^5 subscribers on MariaDB:
 * seconds beside the floor (the same rows read whole, and nothing done with them), the exponent of growth, and the memory
 * of this process, which is all of the hub that the sweep needs. `first`: nothing is believed yet, as once a day and after
 * an upgrade, so every line is compared row by row; the others find what the first found right unchanged.
 */
import { join } from 'node:path';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { freshDatabase } from '#connectors/freeradius/testing/fresh-database.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import { createLog } from '#platform/log.ts';
import { reconcileNext } from '#reconcile/reconcile.ts';
import { askRun } from '#reconcile/runs.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import type { TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { fillLines } from './drift/fill.ts';
import { exponentOf, median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const sizes = [1_000, 10_000, 100_000];
const rounds = 3;
const rssGoalMb = 300;
const exponentGoal = 1.1;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const mariadb = keep(await startMariadb({ dir: join(folder, 'my') }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  const points: [number, number][] = [];
  const firsts: [number, number][] = [];
  let highestRss = 0;
  const watch = setInterval(() => {
    highestRss = Math.max(highestRss, process.memoryUsage.rss());
  }, 20);

  for (const size of sizes) {
    const radius = await freshDatabase(mariadb.url);
    const enforcer = createFreeradiusEnforcer({ databaseUrl: radius.url, coa: acknowledging });
    remark(`writing ${size} lines …`);
    const tenant: TestTenant = await fillLines(bridge, enforcer, size);
    const reconciling = {
      db: bridge.db,
      clock: Date.now,
      log: createLog('silent'),
      vaultOf: async () => tenant.vault,
      enforcerOf: async () => enforcer,
      ledgerOf: async () => null,
    };
    const sweep = async (): Promise<void> => {
      const id = await bridge.db.worker(tenant.id, (tx) => askRun(tx, tenant.id, 'radius', 'bench', 'bench'));
      await reconcileNext(reconciling, id);
      const [run] = await bridge.look<{ checked: number; found: object; error: string | null }>(
        'select checked, found, error from reconciliations where id = $1',
        [id],
      );
      const isRight = run?.error === null && run.checked === size && Object.keys(run.found).length === 0;
      if (!isRight) throw new Error(`not a clean sweep: ${JSON.stringify(run)}`);
    };
    const floor = async (): Promise<void> => {
      for (const table of ['radcheck', 'radreply', 'radusergroup', 'hub_fence']) {
        await radius.query(`select * from ${table}`, []);
      }
    };
    globalThis.gc?.();
    highestRss = 0;
    const first = await timed(sweep);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) seconds.push(await timed(sweep));
    const rss = highestRss;
    const floors: number[] = [];
    for (let round = 0; round < rounds; round++) floors.push(await timed(floor));
    printFigure({ name: `drift-sweep-first-${size}`, value: first, unit: 's', floor: median(floors) });
    printFigure({ name: `drift-sweep-${size}`, value: median(seconds), unit: 's', floor: median(floors) });
    printFigure({ name: `drift-sweep-rss-${size}`, value: rss / 2 ** 20, unit: 'MB', floor: rssGoalMb });
    points.push([size, median(seconds)]);
    firsts.push([size, first]);
    await enforcer.close();
    await radius.drop();
  }
  clearInterval(watch);
  printFigure({ name: 'drift-sweep-first-exponent', value: exponentOf(firsts), unit: '', floor: exponentGoal });
  printFigure({ name: 'drift-sweep-exponent', value: exponentOf(points), unit: '', floor: exponentGoal });
  remark('The floor of memory and exponent is the goal: a ratio of at most 1 reaches it.');
});
