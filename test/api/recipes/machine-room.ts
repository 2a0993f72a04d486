import { addCustomer, addEvent, addIntent, addNas, connectErpnext, erpnextBody, nasBody } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';
import { png, pngHeaders } from './persons.ts';

const inventreeBody = (at: Tenant) => ({
  url: 'http://127.0.0.1:9',
  token: `token-${at.canary}`,
  warehouse_location: 1,
});

/** A line that the safety brake holds, past the doors: it takes a score of debtors otherwise. */
async function addHold(at: Tenant): Promise<string> {
  const { line } = await addCustomer(at);
  // In one statement: a hold that nobody waits in lapses.
  const [row] = await at.hub.look<{ id: string }>(
    `with made as (insert into holds (tenant_id, since, evidence) values ($1, now(), '{"limit": 20}') returning id)
     insert into held_lines (tenant_id, hold_id, subscription_id, since) select $1, id, $2, now() from made
     returning hold_id as id`,
    [at.id, line],
  );
  const id = at.keep('hold', row?.id);
  return id;
}

/** Settings, connections, routers, and what came in and goes out. */
export const machineRoomRecipes: Recipes = {
  'get /api/v1/holds': {},
  'post /api/v1/holds/{id}/release': { parts: async (at) => ({ params: { id: await addHold(at) } }) },
  'post /api/v1/holds/{id}/revert': {
    parts: async (at) => {
      const id = await addHold(at);
      await at.hub.look("update held_lines set state = 'cut' where hold_id = $1", [id]);
      await at.hub.look("update holds set state = 'released', ended_at = now() where id = $1", [id]);
      return { params: { id } };
    },
  },
  'get /api/v1/kill-switch': {},
  'put /api/v1/kill-switch': { parts: (at) => ({ body: { on: false, reason: at.name('selesai') } }) },
  'put /api/v1/kill-switch/installation': {
    parts: (at) => ({ body: { on: false, reason: at.name('selesai') } }),
    as: 'platform_owner',
  },
  'get /api/v1/safety': {},
  'get /api/v1/cut-notices': {},
  'post /api/v1/cut-notices/override': { parts: (at) => ({ body: { reason: at.name('ditelepon') } }) },
  'post /api/v1/dry-runs': { parts: () => ({ body: { at: '2026-12-21T00:01:00+07:00' } }) },
  'get /api/v1/settings': {},
  'patch /api/v1/settings': { parts: () => ({ body: { grace_days: 2 } }) },
  'get /api/v1/settings/logo': {
    parts: async (at) => {
      await at.admin({ method: 'PUT', path: '/api/v1/settings/logo', body: png, headers: pngHeaders });
      return {};
    },
  },
  'put /api/v1/settings/logo': { parts: () => ({ body: png, headers: pngHeaders }) },
  'delete /api/v1/settings/logo': {
    parts: async (at) => {
      await at.admin({ method: 'PUT', path: '/api/v1/settings/logo', body: png, headers: pngHeaders });
      return {};
    },
  },
  'put /api/v1/connections/smtp': {
    parts: (at) => ({
      body: {
        host: '127.0.0.1',
        port: 9,
        secure: 'none',
        password: `surat-${at.canary}`,
        from: `a@${at.canary}.example`,
      },
    }),
  },
  'get /api/v1/connections': {},
  'put /api/v1/connections/erpnext': { parts: (at) => ({ body: erpnextBody(at) }) },
  'put /api/v1/connections/freeradius': { parts: () => ({ body: { database_url: '' } }) },
  'put /api/v1/connections/inventree': { parts: (at) => ({ body: inventreeBody(at) }) },
  'post /api/v1/connections/erpnext/install': {
    parts: async (at) => {
      await connectErpnext(at);
      return {};
    },
  },
  'post /api/v1/connections/inventree/install': {
    parts: async (at) => {
      await at.admin({ method: 'PUT', path: '/api/v1/connections/inventree', body: inventreeBody(at) });
      return {};
    },
  },
  'post /api/v1/connections/{system}/test': {
    parts: async (at) => {
      await connectErpnext(at);
      return { params: { system: 'erpnext' } };
    },
  },
  'delete /api/v1/connections/{system}': {
    parts: async (at) => {
      await at.admin({ method: 'PUT', path: '/api/v1/connections/inventree', body: inventreeBody(at) });
      return { params: { system: 'inventree' } };
    },
  },
  'get /api/v1/nas': {},
  'get /api/v1/nas/{id}': { parts: (at) => ({ params: { id: at.the('nas') } }) },
  'post /api/v1/nas': { parts: (at) => ({ body: nasBody(at) }) },
  'delete /api/v1/nas/{id}': { parts: async (at) => ({ params: { id: await addNas(at) } }) },
  'patch /api/v1/nas/{id}': { parts: async (at) => ({ params: { id: await addNas(at) }, body: { coa_port: 1700 } }) },
  'post /api/v1/nas/{id}/routeros-script': {
    parts: (at) => ({
      params: { id: at.the('nas') },
      body: { radius_address: '10.10.10.2', isolir_address: '10.10.10.5:8090' },
    }),
  },
  'get /api/v1/events': {},
  'get /api/v1/events/{id}': { parts: (at) => ({ params: { id: at.the('event') } }) },
  'post /api/v1/events/replay': { parts: async (at) => ({ body: { ids: [await addEvent(at)] } }) },
  'post /api/v1/events/{id}/replay': { parts: async (at) => ({ params: { id: await addEvent(at) } }) },
  'post /api/v1/reconciliations': { parts: () => ({ body: { scope: 'radius' } }) },
  'get /api/v1/reconciliations': {},
  'get /api/v1/reconciliations/{id}': {
    parts: async (at) => {
      const asked = await at.admin({ method: 'POST', path: '/api/v1/reconciliations', body: { scope: 'sessions' } });
      return { params: { id: String(good(asked).id) } };
    },
  },
  'get /api/v1/drift': {},
  'get /api/v1/outbox': {},
  'get /api/v1/outbox/{id}': { parts: (at) => ({ params: { id: at.the('intent') } }) },
  'get /api/v1/latency': {},
  'post /api/v1/outbox/retry': { parts: async (at) => ({ body: { ids: [await addIntent(at)] } }) },
  'post /api/v1/outbox/{id}/retry': { parts: async (at) => ({ params: { id: await addIntent(at) } }) },
};
