import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createErpnext, type Erpnext } from '../../erpnext/create-erpnext.ts';
import { createNas } from '../../nas/create-nas.ts';
import type { Nas } from '../../nas/nas.ts';
import { startFreeradius } from '../../services/freeradius.ts';
import { type HubClient, openHubClient } from '../hub-client.ts';
import { type HubProcess, startHub } from '../hub-process.ts';
import type { Narrator } from '../narrator.ts';
import type { Stage } from '../stage.ts';
import { waitUntil } from '../wait-until.ts';
import { admin, customer, erpPlan, feeRupiah, item, type Scene, tenant } from './scene.ts';

const owner = { email: 'owner@jembatan.example', password: randomBytes(12).toString('base64url') };
const router = { name: 'CKP', address: '127.0.0.2', secret: randomBytes(12).toString('base64url') };

/** Starts the hub, and answers it with its address. */
async function openHub(narrator: Narrator, stage: Stage): Promise<{ installation: HubProcess; url: string }> {
  const hub = startHub(join(stage.folder, 'data'), owner);
  stage.onEnd(hub.stop);
  stage.onFailure(hub.log);
  const url = await narrator.step(
    (address) => `The hub runs on ${address}, on a private PostgreSQL for its bridge and for RADIUS's tables.`,
    () => hub.listening,
  );
  return { installation: hub, url };
}

function makeTenant(narrator: Narrator, url: string): Promise<HubClient> {
  return narrator.step(
    () => `The platform's owner logs in and creates the tenant ${tenant.name}; its admin ${admin.name} logs in.`,
    async () => {
      const anybody = openHubClient(url);
      const platform = await anybody.login(owner.email, owner.password, null);
      const { id } = await platform.call<{ id: string }>('POST', 'tenants', tenant);
      await platform.call('POST', 'auth/register', { tenant_id: id, role: 'admin', ...admin });
      const hub = await anybody.login(admin.email, admin.password, tenant.subdomain);
      await hub.call('PATCH', 'settings', { language: 'en' });
      return hub;
    },
  );
}

async function openErpnext(stage: Stage): Promise<Erpnext> {
  // A real site's queue takes about a second before it sends; what is timed here is the hub.
  const erpnext = await createErpnext({ company: tenant.name, delaysMs: { send: 0 } });
  stage.onEnd(() => erpnext.stop());
  erpnext.createItem({ item_code: item, item_name: 'Fiber 50 Mbps' });
  erpnext.createPlan({ name: erpPlan, item, cost: feeRupiah });
  erpnext.createCustomer({ customer_name: customer, mobile_no: '+6281200000001' });
  return erpnext;
}

async function connectErpnext(narrator: Narrator, stage: Stage, hub: HubClient, url: string): Promise<Erpnext> {
  const erpnext = await openErpnext(stage);
  const secret = randomBytes(16).toString('hex');
  erpnext.addWebhooks({ url: `${url}/webhooks/erpnext/${tenant.subdomain}`, secret });
  await narrator.step(
    (tested) => `ERPNext is connected, its webhooks are signed. The hub says: ${tested.text}`,
    async () => {
      const { url: site, apiKey: api_key, apiSecret: api_secret } = erpnext;
      await hub.call('PUT', 'connections/erpnext', { url: site, api_key, api_secret, webhook_secret: secret });
      const tested = await hub.call<{ ok: boolean; text: string }>('POST', 'connections/erpnext/test');
      if (!tested.ok) throw new Error(tested.text);
      return tested;
    },
  );
  return erpnext;
}

/** A real FreeRADIUS with the configuration of `radius-config/`, and a router that asks it. */
async function openRouter(narrator: Narrator, stage: Stage, installation: HubProcess): Promise<Nas> {
  const radius = await narrator.step(
    () => 'A real FreeRADIUS starts on radius-config/, with the login of `jembatan radius credentials`.',
    async () => startFreeradius({ dir: join(stage.folder, 'fr'), database: await installation.radiusUrl() }),
  );
  stage.onEnd(radius.stop);
  stage.onFailure(radius.log);
  const { authPort, acctPort } = radius;
  const nas = await createNas({ ...router, coaPort: 0, radius: { host: '127.0.0.1', authPort, acctPort } });
  stage.onEnd(() => nas.close());
  return nas;
}

async function addRouterAndPlan(narrator: Narrator, hub: HubClient, nas: Nas | null): Promise<void> {
  await narrator.step(
    () =>
      `The router ${router.name} and the plan "Fiber 50" (50 Mbps down, 10 up) are entered; RADIUS's tables hold them.`,
    async () => {
      await hub.call('POST', 'nas', { ...router, ...(nas ? { coa_port: nas.coaPort } : {}), type: 'mikrotik' });
      await hub.call('POST', 'service-plans', {
        name: 'Fiber 50',
        speed_download: 50,
        speed_upload: 10,
        price: feeRupiah,
        erp_item: item,
      });
      await waitUntil('the router and the plan reach RADIUS', async () => {
        const waiting = await hub.call<{ total: number }>('GET', 'outbox?state=ready');
        const running = await hub.call<{ total: number }>('GET', 'outbox?state=running');
        return waiting.total + running.total === 0 ? true : null;
      });
    },
  );
}

/** Everything that an operator does once: tenant, connections, router, plan. */
export async function setUp(narrator: Narrator, stage: Stage, withRadius: boolean): Promise<Scene> {
  const { installation, url } = await openHub(narrator, stage);
  const hub = await makeTenant(narrator, url);
  const erpnext = await connectErpnext(narrator, stage, hub, url);
  const nas = withRadius ? await openRouter(narrator, stage, installation) : null;
  await addRouterAndPlan(narrator, hub, nas);
  return { narrator, hub, erpnext, nas };
}
