import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { err, ok } from '#domain/result.ts';
import { createSenders } from '#inbox/senders.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { connectionsRoutes } from './routes.ts';
import type { ConnectionsDeps } from './verbs.ts';

const erpnext = {
  url: 'https://erp.example.net/',
  api_key: 'canary-key',
  api_secret: 'canary-secret',
  webhook_secret: 'canary-webhook-1',
};
const ownDatabase = 'mysql://radius:canary-pw@10.0.0.5:3307/radius';

let room: BridgeRoom;
let tenantId: string;
let subdomain: string;
let ask: Ask;
let changed: string[] = [];
let moved: string[] = [];
let now = Date.now();
let stocked: Awaited<ReturnType<ConnectionsDeps['installTracker']>> = err('nobody is asked');
let installed: Awaited<ReturnType<ConnectionsDeps['install']>> = err('nobody is asked');
let tested = { ok: true, text: 'ERPNext 15 answers.' };

const askAs = (caller: Parameters<typeof asCaller>[1]): Ask =>
  asCaller(
    connectionsRoutes({
      db: room.db,
      clock: () => now,
      vaultOf: room.vaultOf,
      radiusDbName: (url) => (url === null ? 'installation' : new URL(url).host + new URL(url).pathname),
      test: async () => tested,
      install: async () => installed,
      installTracker: async () => stocked,
      onRadiusMove: async (_tx, who) => void moved.push(who.tenantId),
      onChange: (id, system) => void changed.push(`${id} ${system}`),
    }),
    caller,
  );
const put = (system: string, body: object) => ask('PUT', `/connections/${system}`, body);
const first = async () => (await ask('GET', '/connections')).body.data?.[0];
/** What the webhook door takes as signing secrets of this tenant. */
const secretsAtDoor = async () => (await createSenders(room.db, room.vault, () => now).find(subdomain))?.secrets;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  subdomain = `c${randomUUID().slice(0, 8)}`;
  tenantId = await room.addTenant(subdomain);
  ask = askAs(admin(tenantId));
  changed = [];
  moved = [];
});

describe('connections', () => {
  it('are stored sealed and listed without secrets', async () => {
    const made = await put('erpnext', erpnext);
    expect(made).toMatchObject({
      status: 200,
      body: { system: 'erpnext', settings: { url: 'https://erp.example.net' }, tested_at: null },
    });
    await put('freeradius', { database_url: ownDatabase });
    await put('inventree', { url: 'http://stock.example.net', token: 'canary-token', warehouse_location: 1 });
    const list = await ask('GET', '/connections');
    expect(list.body.total).toBe(3);
    expect(list.body.data?.[1]?.settings).toEqual({ database: 'mysql://10.0.0.5:3307/radius' });
    const stored = await room.look('select c::text from connections c where tenant_id = $1', [tenantId]);
    expect(JSON.stringify([made, list, stored])).not.toContain('canary');
    expect(changed).toEqual(['erpnext', 'freeradius', 'inventree'].map((system) => `${tenantId} ${system}`));
  });

  it('L5: payment gateways: keys are sealed and left out later, what is open is shown', async () => {
    const account = { merchant_code: 'T0001', email: 'billing@satu.net', virtual_account: 'BCAVA' };
    const made = await put('tripay', { ...account, api_key: 'canary-key', private_key: 'canary-private' });
    const open = { ...account, environment: 'production', url: null, e_wallet: null };
    expect(made).toMatchObject({ status: 200, body: { system: 'tripay', settings: open, waiting: 0 } });
    expect((await put('tripay', { ...account, virtual_account: null })).status).toBe(200);
    expect((await put('xendit', { secret_key: 'canary-key' })).status).toBe(400);
    for (const [system, form] of [
      ['xendit', { secret_key: 'canary-1', callback_token: 'canary-2' }],
      ['midtrans', { server_key: 'canary-3' }],
      ['duitku', { merchant_code: 'D1', email: 'a@satu.net', api_key: 'canary-4', qris: 'SP' }],
    ] as const) {
      expect((await put(system, form)).status).toBe(200);
    }
    const told = await room.look('select changes::text from audit_logs where tenant_id = $1', [tenantId]);
    const stored = await room.look('select c::text from connections c where tenant_id = $1', [tenantId]);
    expect(JSON.stringify([made, await ask('GET', '/connections'), stored, told])).not.toContain('canary');
    expect((await ask('DELETE', '/connections/duitku')).status).toBe(204);
  });

  it('the webhook door opens what was stored here', async () => {
    await put('erpnext', erpnext);
    expect(await secretsAtDoor()).toEqual(['canary-webhook-1']);
  });

  it('secrets that are left out later stay, the first time they are asked for by name', async () => {
    const { webhook_secret, api_secret: _, ...without } = erpnext;
    expect(await put('erpnext', without)).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'api_secret' }] } },
    });
    await put('erpnext', erpnext);
    expect((await put('erpnext', { url: 'http://10.0.0.9:8000' })).status).toBe(200);
    expect(await secretsAtDoor()).toEqual([webhook_secret]);
    expect((await put('inventree', { url: 'https://stock.example.net' })).status).toBe(400);
  });

  it('a webhook secret that is left out the first time is the hub’s own, told to nobody but ERPNext', async () => {
    const { webhook_secret: _, ...without } = erpnext;
    const made = await put('erpnext', without);
    expect(made).toMatchObject({ status: 200, body: { warnings: [] } });
    const [secret] = (await secretsAtDoor()) ?? [];
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(made)).not.toContain(secret);
    await put('erpnext', { url: erpnext.url });
    expect(await secretsAtDoor()).toEqual([secret]);
  });

  it('ERPNext is furnished once it is connected; what was made is in the audit log, and what is left is told', async () => {
    expect((await ask('POST', '/connections/erpnext/install')).status).toBe(404);
    await put('erpnext', erpnext);
    installed = err('ERPNext does not answer');
    const away = { status: 200, body: { ok: false, steps: [{ state: 'todo', words: 'ERPNext does not answer' }] } };
    expect(await ask('POST', '/connections/erpnext/install')).toMatchObject(away);
    installed = ok([{ of: 'field Customer.jembatan_ref', state: 'made', words: 'Jembatan Reference' }]);
    expect(await ask('POST', '/connections/erpnext/install')).toMatchObject({ status: 200, body: { ok: true } });
    const [last] = (await auditRows(room.look, tenantId)).slice(-1);
    expect(JSON.stringify(last)).toContain('field Customer.jembatan_ref');
  });

  it('InvenTree is furnished once it is connected: places that were made are worked with, chosen ones stay chosen', async () => {
    const path = '/connections/inventree/install';
    expect((await ask('POST', path)).status).toBe(404);
    const url = 'https://stock.example.net';
    await put('inventree', { url, token: 'canary-token', warehouse_location: 9 });
    stocked = err('InvenTree does not answer');
    const away = { of: 'InvenTree', state: 'todo', words: 'InvenTree does not answer' };
    expect(await ask('POST', path)).toMatchObject({ status: 200, body: { ok: false, steps: [away] } });
    const made = { of: 'place of the bags', state: 'made' as const, words: 'Technician bags (3)' };
    stocked = ok({ steps: [made], chosen: { warehouse_location: 2, bag_location_parent: 3 } });
    expect(await ask('POST', path)).toMatchObject({ status: 200, body: { ok: true, steps: [made] } });
    const settings = { url, warehouse_location: 9, bag_location_parent: 3 };
    const all = (await ask('GET', '/connections')).body.data;
    expect(all).toContainEqual(expect.objectContaining({ system: 'inventree', settings }));
    // The token that is left out stays: it was kept when the places were.
    expect((await put('inventree', settings)).status).toBe(200);
    const [last] = (await auditRows(room.look, tenantId)).slice(-2);
    expect(JSON.stringify(last)).toContain('place of the bags');
  });

  it('SEC-6: a replaced webhook secret is taken for 24 hours more, then refused', async () => {
    const start = now;
    await put('erpnext', erpnext);
    await put('erpnext', { ...erpnext, webhook_secret: 'canary-webhook-2' });
    await put('erpnext', { url: erpnext.url });
    expect(await secretsAtDoor()).toEqual(['canary-webhook-2', 'canary-webhook-1']);
    now = start + 24 * 3_600_000 + 1;
    expect(await secretsAtDoor()).toEqual(['canary-webhook-2']);
    now = start;
  });

  it('a short webhook secret is taken as it is, with a warning', async () => {
    expect((await put('erpnext', { ...erpnext, webhook_secret: ' s3cret' })).body.warnings).toHaveProperty('length', 1);
    expect(await secretsAtDoor()).toEqual([' s3cret']);
    expect((await put('erpnext', erpnext)).body.warnings).toEqual([]);
  });

  it('InvenTree: token and plugin’s secret are sealed and stay when left out; a location is its number there', async () => {
    const stock = { url: 'https://stock.example.net', warehouse_location: 2, bag_location_parent: 3 };
    const made = await put('inventree', { ...stock, token: 'canary-token', webhook_secret: 'canary' });
    expect(made).toMatchObject({ status: 200, body: { settings: stock } });
    expect(made.body.warnings).toHaveLength(1);
    expect(JSON.stringify(made)).not.toContain('canary');
    expect((await put('inventree', { ...stock, bag_location_parent: 4 })).body.warnings).toHaveLength(1);
    for (const [field, value] of [
      ['warehouse_location', 0],
      ['bag_location_parent', 'Tas'],
      ['webhook_secret', ''],
    ])
      expect(await put('inventree', { ...stock, [String(field)]: value })).toMatchObject({
        status: 400,
        body: { details: { fields: [{ field }] } },
      });
  });

  it.each([
    'erp.example.net',
    'ftp://erp.example.net',
    'https://',
    'https://user:pw@erp.example.net',
    'https://erp.example.net/app/home',
    'javascript:alert(1)',
    'https://erp.example.net/a\u0000b',
    '',
  ])('refuses the address %j with the field named', async (url) => {
    const refused = { status: 400, body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'url' }] } } };
    expect(await put('erpnext', { ...erpnext, url })).toMatchObject(refused);
  });

  it.each(['http://10.0.0.5/radius', 'mysql://10.0.0.5', 'radius', 'sqlite:///x'])(
    'refuses the database address %j with the field named',
    async (database_url) => {
      const { status, body } = await put('freeradius', { database_url });
      expect(status).toBe(400);
      expect(body.details?.fields?.[0]?.field).toBe('database_url');
    },
  );

  it('an empty database address is the installation’s; one that is left out stays', async () => {
    const databaseOf = async (body: object) => (await put('freeradius', body)).body.settings?.database;
    expect(await databaseOf({})).toBe('installation');
    expect(await databaseOf({ database_url: ownDatabase })).toBe('mysql://10.0.0.5:3307/radius');
    expect(await databaseOf({})).toBe('mysql://10.0.0.5:3307/radius');
    expect(await databaseOf({ database_url: '' })).toBe('installation');
  });

  it('another RADIUS database is furnished, once for each move; a new password for the same one is no move', async () => {
    await put('freeradius', {});
    expect(moved).toEqual([]);
    await put('freeradius', { database_url: ownDatabase });
    await put('freeradius', { database_url: ownDatabase.replace('canary-pw', 'new') });
    expect(moved).toEqual([tenantId]);
    await ask('DELETE', '/connections/freeradius');
    expect(moved).toEqual([tenantId, tenantId]);
  });

  it('the RADIUS database cannot be changed under routers; its password can', async () => {
    await put('freeradius', { database_url: ownDatabase });
    await room.look(
      `insert into nas (tenant_id, radius_db, name, address, secret) values ($1, 'x', 'n', '10.0.0.1', 's')`,
      [tenantId],
    );
    expect((await put('freeradius', { database_url: ownDatabase.replace('canary-pw', 'new') })).status).toBe(200);
    expect(await put('freeradius', { database_url: '' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await first())?.settings).toEqual({ database: 'mysql://10.0.0.5:3307/radius' });
  });

  it('a test answers in words and is kept; new settings make it unknown again', async () => {
    expect((await ask('POST', '/connections/erpnext/test')).status).toBe(404);
    await put('erpnext', erpnext);
    tested = { ok: false, text: 'ERPNext answers 401: the API key is wrong.' };
    expect(await ask('POST', '/connections/erpnext/test')).toEqual({ status: 200, body: tested });
    expect(await first()).toMatchObject({
      test_ok: false,
      test_text: tested.text,
      tested_at: new Date(now).toISOString(),
    });
    await put('erpnext', { url: erpnext.url });
    expect(await first()).toMatchObject({ test_ok: null, test_text: null, tested_at: null });
    expect((await ask('POST', '/connections/nonsense/test')).status).toBe(400);
  });

  it('the installation’s FreeRADIUS can be tested without a connection of one’s own', async () => {
    tested = { ok: true, text: 'reachable' };
    expect(await ask('POST', '/connections/freeradius/test')).toEqual({ status: 200, body: tested });
  });

  it('B10: what waits for a system is counted, with the reason of the oldest', async () => {
    await put('erpnext', erpnext);
    await put('freeradius', {});
    await room.look(
      `insert into dirty_documents (tenant_id, doctype, name, correlation_id, error) values
        ($1, 'Sales Invoice', 'A', 'c', 'unreachable: refused'), ($1, 'Sales Invoice', 'B', 'c', null)`,
      [tenantId],
    );
    await room.look(
      `insert into outbox (tenant_id, kind, key, intent, generation, urgency, correlation_id, state) values
        ($1, 'ledger.username', 'a', '{}', 1, 1, 'c', 'ready'), ($1, 'nas.apply', 'b', '{}', 2, 1, 'c', 'ready'),
        ($1, 'nas.apply', 'c', '{}', 3, 1, 'c', 'done')`,
      [tenantId],
    );
    const { data } = (await ask('GET', '/connections')).body;
    expect(data?.[0]).toMatchObject({ system: 'erpnext', waiting: 3, waiting_error: 'unreachable: refused' });
    expect(data?.[1]).toMatchObject({ system: 'freeradius', waiting: 1, waiting_error: null });
  });

  it('one that is turned off is gone with its secrets: the door refuses its webhooks', async () => {
    await put('erpnext', erpnext);
    expect(await ask('DELETE', '/connections/erpnext')).toEqual({ status: 204, body: {} });
    expect((await ask('GET', '/connections')).body.total).toBe(0);
    expect(await secretsAtDoor()).toEqual([]);
    expect((await ask('DELETE', '/connections/erpnext')).status).toBe(404);
    expect(changed.at(-1)).toBe(`${tenantId} erpnext`);
  });

  it('a RADIUS database of one’s own is not turned off under routers', async () => {
    await put('freeradius', { database_url: ownDatabase });
    await room.look(
      `insert into nas (tenant_id, radius_db, name, address, secret) values ($1, 'y', 'n', '10.0.0.2', 's')`,
      [tenantId],
    );
    expect(await ask('DELETE', '/connections/freeradius')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    await room.look('delete from nas where tenant_id = $1', [tenantId]);
    expect((await ask('DELETE', '/connections/freeradius')).status).toBe(204);
  });

  it('P45, V4: connecting, changing and turning off are in the audit log, secrets as ***', async () => {
    await put('erpnext', erpnext);
    await put('erpnext', { url: 'https://erp2.example.net', webhook_secret: 'canary-webhook-2' });
    await put('erpnext', { url: 'nonsense' });
    await ask('DELETE', '/connections/erpnext');
    const rows = await auditRows(room.look, tenantId);
    expect(rows.map(({ action, entity_type, entity_id }) => [action, entity_type, entity_id])).toEqual(
      ['create', 'update', 'delete'].map((action) => [action, 'connection', 'erpnext']),
    );
    expect(rows[1]?.changes).toEqual({
      url: { old: 'https://erp.example.net', new: 'https://erp2.example.net' },
      webhook_secret: { old: '***', new: '***' },
    });
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  it('P1: another tenant’s connections are not seen', async () => {
    await put('erpnext', erpnext);
    expect((await askAs(admin(await room.addTenant()))('GET', '/connections')).body.total).toBe(0);
  });

  it('P7: only an admin connects; a network operator sees and tests; finance does neither', async () => {
    await put('erpnext', erpnext);
    const noc = askAs(admin(tenantId, 'noc'));
    const finance = askAs(admin(tenantId, 'finance'));
    expect((await noc('PUT', '/connections/erpnext', erpnext)).status).toBe(403);
    expect((await noc('DELETE', '/connections/erpnext')).status).toBe(403);
    expect((await finance('PUT', '/connections/erpnext', erpnext)).status).toBe(403);
    expect((await finance('DELETE', '/connections/erpnext')).status).toBe(403);
    expect((await noc('POST', '/connections/erpnext/test')).status).toBe(200);
    expect((await finance('GET', '/connections')).status).toBe(403);
    expect((await finance('POST', '/connections/erpnext/test')).status).toBe(403);
  });
});
