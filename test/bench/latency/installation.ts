import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { type HubClient, openHubClient } from '#sandbox/demo/hub-client.ts';
import { createErpnext, type Erpnext } from '#sandbox/erpnext/create-erpnext.ts';
import { createNas } from '#sandbox/nas/create-nas.ts';
import type { Nas } from '#sandbox/nas/nas.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { startFreeradius } from '#sandbox/services/freeradius.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createHubChild } from '#test/pipeline/hub-child.ts';
import { createDatabase, prepareForFreeradius } from '#test/radius/radius-database.ts';
import type { ThrowAway } from '../throw-away.ts';

/**
 * A whole hub on a durable PostgreSQL, reached through its socket as its own would be, and MariaDB, a FreeRADIUS, an ERPNext
 * that sends nothing by itself, one router.
 */
export type Installation = {
  readonly url: string;
  readonly subdomain: string;
  /** The tenant's admin. */
  readonly hub: HubClient;
  readonly erpnext: Erpnext;
  readonly nas: Nas;
  readonly router: { readonly address: string; readonly secret: string };
  readonly webhookSecret: string;
  readonly radiusUrl: string;
  /** The bridge, past row-level security: for looking at times. */
  readonly bridge: pg.Pool;
};

export const item = 'FIBER-50M';
export const erpPlan = 'FIBER-50M-PLAN';
export const customer = 'Budi Santoso';
export const feeRupiah = 150_000;
const subdomain = 'bench';

async function openDatabases({ folder, keep }: ThrowAway) {
  const [postgres, mariadb] = await Promise.all([
    startPostgres({ dir: join(folder, 'pg'), durable: true, bySocket: true }),
    startMariadb({ dir: join(folder, 'my'), durable: true }),
  ]);
  keep(postgres, (it) => it.stop());
  keep(mariadb, (it) => it.stop());
  const bridge = keep(new pg.Pool({ connectionString: postgres.url, max: 2 }), (it) => it.end());
  const radius = keep(await createDatabase('mysql', mariadb.url), (it) => it.drop());
  const server = await startFreeradius({ dir: join(folder, 'fr'), database: await prepareForFreeradius(radius) });
  keep(server, (it) => it.stop());
  return { bridge, bridgeUrl: postgres.url, radiusUrl: radius.url, server };
}

async function openErpnext({ keep }: ThrowAway): Promise<Erpnext> {
  const erpnext = keep(await createErpnext({ delaysMs: { send: 0 } }), (it) => it.stop());
  erpnext.createItem({ item_code: item, item_name: 'Fiber 50 Mbps' });
  erpnext.createPlan({ name: erpPlan, item, cost: feeRupiah });
  erpnext.createCustomer({ customer_name: customer, mobile_no: '+6281200000001' });
  return erpnext;
}

type Owner = { readonly email: string; readonly password: string };

async function makeAdmin(url: string, owner: Owner): Promise<HubClient> {
  const anybody = openHubClient(url);
  const platform = await anybody.login(owner.email, owner.password, null);
  const { id } = await platform.call<{ id: string }>('POST', 'tenants', { name: 'Bench Net', subdomain });
  const admin = { email: 'admin@bench.example', password: 'only-for-this-bench', name: 'Admin' };
  await platform.call('POST', 'auth/register', { tenant_id: id, role: 'admin', ...admin });
  return anybody.login(admin.email, admin.password, subdomain);
}

/** A hub as an operator starts it: a process of its own, as ERPNext and the router (here, with the floor) are to it. */
async function startHub(place: ThrowAway, databases: NodeJS.ProcessEnv, owner: Owner): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const hub = createHubChild(url, {
    ...databases,
    JEMBATAN_PORT: String(port),
    JEMBATAN_DATA_DIR: join(place.folder, 'data'),
    JEMBATAN_OUTBOUND_ALLOW: '127.0.0.0/8',
    JEMBATAN_LIMIT_USER: '0',
    JEMBATAN_LIMIT_ADDRESS: '0',
    JEMBATAN_OWNER_EMAIL: owner.email,
    JEMBATAN_OWNER_PASSWORD: owner.password,
  });
  await hub.start();
  place.keep(hub, (it) => it.stop());
  return url;
}

export async function openInstallation(place: ThrowAway): Promise<Installation> {
  const { bridge, bridgeUrl, radiusUrl, server } = await openDatabases(place);
  const owner = { email: 'owner@bench.example', password: 'only-for-this-bench' };
  const url = await startHub(place, { DATABASE_URL: bridgeUrl, RADIUS_DATABASE_URL: radiusUrl }, owner);
  const erpnext = await openErpnext(place);
  const hub = await makeAdmin(url, owner);
  const webhookSecret = randomBytes(16).toString('hex');
  await hub.call('PUT', 'connections/erpnext', {
    url: erpnext.url,
    api_key: erpnext.apiKey,
    api_secret: erpnext.apiSecret,
    webhook_secret: webhookSecret,
  });
  const router = { address: '127.0.0.2', secret: randomBytes(12).toString('hex') };
  const { authPort, acctPort } = server;
  const nas = await createNas({ ...router, coaPort: 0, radius: { host: '127.0.0.1', authPort, acctPort } });
  place.keep(nas, (it) => it.close());
  await hub.call('POST', 'nas', {
    name: 'CKP',
    ...router,
    coa_port: nas.coaPort,
    type: 'mikrotik',
    orders_per_second: 1_000,
  });
  const plan = { name: 'Fiber 50', speed_download: 50, speed_upload: 10, price: feeRupiah, erp_item: item };
  await hub.call('POST', 'service-plans', plan);
  return { url, subdomain, hub, erpnext, nas, router, webhookSecret, radiusUrl, bridge };
}

/**
 * What PostgreSQL's autovacuum does about once a minute, in which a benchmark is over: without it plans are made, and kept, for
 * the empty tables of a hub that was never used.
 */
export const noteSizes = ({ bridge }: Installation): Promise<unknown> => bridge.query('analyze');
