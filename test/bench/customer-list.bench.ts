/**
 * What a page of the customer list costs through HTTP, filtered and searched, for a tenant of 10^3, 10^4 and 10^5
 * customers among 50 on one PostgreSQL; beside it the queries alone, in the same transaction that the route opens. And
 * what the pages cost when one walks on by cursor: the hundredth as much as the second.
 */
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { customersRoutes } from '#features/customers/routes.ts';
import { CustomerQuery } from '#features/customers/schema.ts';
import { listCustomers } from '#features/customers/verbs.ts';
import { createApp } from '#http/app.ts';
import { listen } from '#http/server.ts';
import { createLog } from '#platform/log.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import type { TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { fillTenants } from './customers/fill.ts';
import { questions } from './customers/questions.ts';
import { printFigure, quantile, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const sizes = [1_000, 10_000, 100_000];
const others = 47;
const othersSize = 300;
const rounds = 40;
const walkedPages = 200;

const never = (): never => {
  throw new Error('nobody asked for this');
};

/** The real door over the room of customers; the token is the tenant's id. */
function openDoor(bridge: TestBridge, tenants: readonly TestTenant[]) {
  const vaults = new Map(tenants.map(({ id, vault }) => [id, vault]));
  const vaultOf = async (tenantId: string) => vaults.get(tenantId) ?? never();
  const { db } = bridge;
  const app = createApp({
    config: { publicUrl: 'http://127.0.0.1', corsOrigins: [], trustedProxies: [] },
    version: '0',
    log: createLog('silent'),
    metrics: new Registry(),
    receiver: never,
    readiness: never,
    authenticate: async (token) => ({
      caller: { userId: token, tenantId: token, role: 'admin' },
      subdomain: 'bench',
    }),
    publicRoutes: [],
    routes: [
      {
        path: '/',
        app: customersRoutes({ db, clock: Date.now, vaultOf, register: never, addLine: never, decideNow: never }),
      },
    ],
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

type Samples = { readonly http: number[]; readonly query: number[] };

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 5), (it) => it.close());
  remark('filling 50 tenants …');
  const tenants = await fillTenants(bridge, [...sizes, ...Array.from({ length: others }, () => othersSize)]);
  const door = keep(await openDoor(bridge, tenants), (it) => it.close());

  async function ask(tenant: TestTenant, query: string): Promise<{ next_cursor: string | null; total: number }> {
    const url = `http://127.0.0.1:${door.port}/api/v1/customers?${query}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${tenant.id}` } });
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { next_cursor: string | null; total: number };
  }

  function queryAlone(tenant: TestTenant, query: string): Promise<unknown> {
    const caller = { userId: tenant.adminId, tenantId: tenant.id, role: 'admin' };
    const who = { tenantId: tenant.id, caller, correlationId: '', address: '' };
    const asked = CustomerQuery.parse(Object.fromEntries(new URLSearchParams(query)));
    const looking = { vault: tenant.vault, now: Date.now() };
    return bridge.db.tenant(tenant.id, (tx) => listCustomers(tx, who, asked, looking));
  }

  async function measure(tenant: TestTenant, size: number): Promise<ReadonlyMap<string, Samples>> {
    const samples = new Map(Object.keys(questions).map((kind): [string, Samples] => [kind, { http: [], query: [] }]));
    for (let round = -3; round < rounds; round++) {
      for (const [kind, question] of Object.entries(questions)) {
        const query = question(round + 3, size);
        const [http, alone] = [await timed(() => ask(tenant, query)), await timed(() => queryAlone(tenant, query))];
        // The first rounds warm up.
        if (round < 0) continue;
        samples.get(kind)?.http.push(http);
        samples.get(kind)?.query.push(alone);
      }
    }
    return samples;
  }

  for (const [i, size] of sizes.entries()) {
    const tenant = tenants[i];
    if (!tenant) throw new Error('a tenant is missing');
    const samples = await measure(tenant, size);
    for (const [kind, { http, query }] of samples) {
      const told = [http, query].flatMap((one) => [quantile(one, 0.5), quantile(one, 0.99)].map((ms) => ms.toFixed(1)));
      remark(
        `${size} customers, ${kind}: p50 ${told[0]} p99 ${told[1]} ms; queries alone p50 ${told[2]} p99 ${told[3]} ms`,
      );
    }
    const all = [...samples.values()];
    const [http, query] = [all.flatMap((one) => one.http), all.flatMap((one) => one.query)];
    for (const [share, name] of [
      [0.5, 'p50'],
      [0.99, 'p99'],
    ] as const) {
      const [value, floor] = [quantile(http, share), quantile(query, share)];
      printFigure({ name: `customer-list ${name} at ${size}`, value, unit: 'ms', floor });
    }
  }

  const large = tenants[2];
  if (!large) throw new Error('a tenant is missing');
  const walk: number[] = [];
  let cursor = (await ask(large, 'page_size=100')).next_cursor;
  while (cursor !== null && walk.length < walkedPages) {
    const query = `page_size=100&cursor=${cursor}`;
    walk.push(
      await timed(async () => {
        cursor = (await ask(large, query)).next_cursor;
      }),
    );
  }
  const [first, last] = [walk.slice(0, 50), walk.slice(-50)];
  const [value, floor] = [quantile(last, 0.5), quantile(first, 0.5)];
  printFigure({ name: 'customer-list keyset page 150 to 200', value, unit: 'ms', floor });
});
