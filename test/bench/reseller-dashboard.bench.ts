/**
 * What a reseller's first page costs through HTTP: 10^4 customers of one reseller in a tenant of 3 × 10^4 among others, a
 * third of them with an open bill. Beside it the one bare statement that counts them by state. Accounting answers from
 * memory: who is online is looked at once in half a minute, and what that look costs the hub itself is told apart.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { ok } from '#domain/result.ts';
import { resellerDeskRoutes } from '#features/reseller-desk/routes.ts';
import { createApp } from '#http/app.ts';
import { listen } from '#http/server.ts';
import { resellerPurse } from '#main/reseller-purse.ts';
import { createLog } from '#platform/log.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import type { TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { fillTenants } from './customers/fill.ts';
import { printFigure, quantile, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const [size, whole, others, othersSize] = [10_000, 30_000, 20, 300];
const rounds = 200;

const never = (): never => {
  throw new Error('nobody asked for this');
};

/** Gives a reseller the newest customers of a tenant, and every third of them a bill that is due about now. */
async function addReseller(bridge: TestBridge, { id: tenant }: TestTenant): Promise<string> {
  const reseller = randomUUID();
  await bridge.look('alter table customers disable trigger user');
  await bridge.look('insert into resellers (tenant_id, id, name) values ($1, $2, $3)', [tenant, reseller, 'Toko Sari']);
  await bridge.look(
    `update customers set reseller_id = $2 where tenant_id = $1 and id in (
       select id from customers where tenant_id = $1 order by created_at desc limit $3)`,
    [tenant, reseller, size],
  );
  await bridge.look('alter table customers enable trigger user');
  await bridge.look('alter table entries disable trigger user');
  await bridge.look(
    `with owned as (select id, row_number() over (order by id) as n from customers
       where tenant_id = $1 and reseller_id = $2),
     p as (insert into postings (tenant_id, kind, idem_key, posted_on)
       select $1, 'invoice', 'bill ' || n, '2026-11-01' from owned where n % 3 = 0 returning id, idem_key)
     insert into invoices (tenant_id, year, serial, number, customer_id, reason, issued_on, due_date, net, total, posting_id)
     select $1, 2026, n, 'INV-' || n, owned.id, 'manual', '2026-11-01', to_char(now() + (n % 20 - 10) * interval '1 day',
       'YYYY-MM-DD'), 150000, 150000, p.id from owned join p on p.idem_key = 'bill ' || n`,
    [tenant, reseller],
  );
  await bridge.look('vacuum analyze');
  return reseller;
}

/** The real door over the reseller's counter; the token is the reseller's id. */
function openDoor(bridge: TestBridge, tenant: TestTenant) {
  const { db } = bridge;
  const online = async (_tenant: string, names: readonly string[]) => ok(new Set(names.filter((_n, i) => i % 10 > 0)));
  const desk = resellerDeskRoutes({
    db,
    clock: Date.now,
    modems: { online, lastSessions: never },
    appendMessage: never,
    purse: resellerPurse,
    checkPlace: never,
    addPresent: never,
    inTurn: never,
  });
  const app = createApp({
    config: { publicUrl: 'http://127.0.0.1', corsOrigins: [], trustedProxies: [] },
    version: '0',
    log: createLog('silent'),
    metrics: new Registry(),
    receiver: never,
    readiness: never,
    authenticate: async (token) => ({
      caller: { userId: token, tenantId: tenant.id, role: 'reseller', resellerId: token },
      subdomain: 'bench',
    }),
    publicRoutes: [],
    routes: [{ path: '/', app: desk }],
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  remark('filling …');
  const [tenant] = await fillTenants(bridge, [whole, ...Array.from({ length: others }, () => othersSize)]);
  if (!tenant) throw new Error('the tenant is missing');
  const reseller = await addReseller(bridge, tenant);
  const door = keep(await openDoor(bridge, tenant), (it) => it.close());

  async function ask(): Promise<{ readonly customers: { readonly total: number } }> {
    const response = await fetch(`http://127.0.0.1:${door.port}/api/v1/reseller/dashboard`, {
      headers: { authorization: `Bearer ${reseller}` },
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as { customers: { total: number } };
  }
  const bare = (): Promise<unknown> =>
    underReseller(reseller, () =>
      bridge.db.tenant(tenant.id, (tx) =>
        sql`select status, count(*) from customers where tenant_id = ${tenant.id} and reseller_id = ${reseller}
          and deleted_at is null group by status`.execute(tx),
      ),
    );

  const first = await timed(ask);
  const { total } = (await ask()).customers;
  if (total !== size) throw new Error(`${total} customers are counted`);
  remark(`the first page, with the look at ${size} customers: ${first.toFixed(1)} ms`);
  const [page, floor]: [number[], number[]] = [[], []];
  for (let round = -10; round < rounds; round++) {
    const [one, least] = [await timed(ask), await timed(bare)];
    // The first rounds warm up.
    if (round < 0) continue;
    page.push(one);
    floor.push(least);
  }
  for (const share of [0.5, 0.99]) {
    const [value, least] = [quantile(page, share), quantile(floor, share)];
    printFigure({ name: `reseller-dashboard p${share * 100} at ${size}`, value, unit: 'ms', floor: least });
  }
});
