import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { err } from '#domain/result.ts';
import { connectionsRoutes } from '#features/connections/routes.ts';
import { webhooksRoutes } from '#features/webhooks/routes.ts';
import { createWire, type Wire } from '#main/wire/wire.ts';
import { readConfig } from '#platform/config.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';

let room: BridgeRoom;
let wire: Wire;
let tenantId: string;
let connections: Ask;
let webhooks: Ask;
let listener: Server;
let port = 0;
let connects = 0;

/** Ways of writing an address of this machine, of its neighbours, or of a cloud's metadata service. */
const hosts: readonly string[] = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '0X7F.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0x0.0.01',
  '0000177.0.0.1',
  '127.00000.00000.00001',
  'localhost',
  'LOCALHOST',
  'LocalHost.',
  'localhost.localdomain',
  'ip6-localhost',
  'ip6-loopback',
  hostname(),
  '0',
  '0.0.0.0',
  '0x0',
  '0.0.0.0.',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:127.0.0.1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[febf::1]',
  '[fd00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '１２７.0.0.1',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  '%31%32%37.0.0.1',
  '127.0.0.1%2eexample.net',
  '169.254.169.254',
  '169.254.170.2',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '100.100.100.200',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
];

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  listener = createServer((socket) => {
    connects += 1;
    socket.destroy();
  });
  // Every address of this machine, in both families.
  await new Promise<void>((ready) => listener.listen(0, '::', ready));
  port = (listener.address() as AddressInfo).port;
  const config = readConfig({ JEMBATAN_DATA_DIR: '/nonexistent' });
  const databases = { bridgeUrl: room.url, radiusUrl: 'mysql://nobody@127.0.0.1:1/radius', embedded: null };
  wire = await createWire(room.db, room.vault, config, databases, Date.now);
});
afterAll(async () => {
  await wire.close();
  listener.close();
  await room.close();
});
beforeEach(async () => {
  tenantId = await room.addTenant();
  connects = 0;
  const { vaultOf, radiusDbName, test, checkUrl } = wire;
  const onChange = (): void => wire.forget(tenantId);
  const deps = {
    db: room.db,
    clock: Date.now,
    vaultOf,
    radiusDbName,
    test,
    onChange,
    install: async () => err('not asked here'),
    installTracker: async () => err('not asked here'),
    onRadiusMove: async () => undefined,
  };
  connections = asCaller(connectionsRoutes(deps), admin(tenantId));
  webhooks = asCaller(webhooksRoutes({ db: room.db, clock: Date.now, vaultOf, checkUrl }), admin(tenantId));
});

const secret = { api_key: 'key', api_secret: 'secret', webhook_secret: 'm4Zs9QeTq2VwYx7LpR3n' };

/** Every field of the API that names where to connect: what is put there, and what then connects. */
const fields: Readonly<Record<string, (host: string) => Promise<boolean>>> = {
  'connections/erpnext url': async (host) => {
    const saved = await connections('PUT', '/connections/erpnext', { url: `http://${host}:${port}`, ...secret });
    return saved.status === 200 && (await wire.test(tenantId, 'erpnext')).ok;
  },
  'connections/smtp host': async (host) => {
    const form = { host: host.replace(/^\[(.*)\]$/, '$1'), port, secure: 'none', from: 'a@b.example' };
    const saved = await connections('PUT', '/connections/smtp', form);
    return saved.status === 200 && (await wire.test(tenantId, 'smtp')).ok;
  },
  'connections/freeradius database_url': async (host) => {
    let passed = false;
    for (const scheme of ['mysql', 'postgres']) {
      const form = { database_url: `${scheme}://u:p@${host}:${port}/radius` };
      const saved = await connections('PUT', '/connections/freeradius', form);
      passed ||= saved.status === 200 && (await wire.test(tenantId, 'freeradius')).ok;
    }
    return passed;
  },
  'webhook-endpoints url': async (host) => {
    const url = `http://${host}:${port}/hook`;
    const made = await webhooks('POST', '/webhook-endpoints', { url });
    // Even past the door, as a name that leads elsewhere by now.
    const posted = await wire.webhookSender.post({
      url,
      id: 'msg_1',
      body: '{}',
      secrets: ['whsec_eA=='],
      allowPrivate: false,
    });
    return made.status === 201 || posted.ok;
  },
};

describe('SEC-17: where the hub may not connect', () => {
  it(`there are at least 60 forms of such a host`, () => {
    expect(new Set(hosts).size).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.keys(fields))('whatever the form in %s: 0 connects', { timeout: 240_000 }, async (field) => {
    const passed: string[] = [];
    for (const host of hosts) if (await fields[field]?.(host)) passed.push(host);
    expect({ passed, connects }).toEqual({ passed: [], connects: 0 });
  });

  it.each([
    'postgres://u:p@db.example.net/radius?host=127.0.0.1',
    'postgres://u:p@db.example.net/radius?host=/var/run/postgresql',
    'postgres://u:p@db.example.net/radius?sslkey=/etc/passwd',
    'mysql://u:p@db.example.net/radius?socketPath=/run/mysqld/mysqld.sock',
    'mysql:///radius',
    'postgres:///radius',
  ])('a driver is told no other host, socket or file by %s', async (database_url) => {
    expect(await connections('PUT', '/connections/freeradius', { database_url })).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'database_url' }] } },
    });
  });

  it('control: the same forms connect where JEMBATAN_OUTBOUND_ALLOW lists the network', async () => {
    const config = readConfig({ JEMBATAN_DATA_DIR: '/nonexistent', JEMBATAN_OUTBOUND_ALLOW: '127.0.0.0/8' });
    const databases = { bridgeUrl: room.url, radiusUrl: 'mysql://nobody@127.0.0.1:1/radius', embedded: null };
    const open = await createWire(room.db, room.vault, config, databases, Date.now);
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1']) {
      const url = `http://${host}:${port}/hook`;
      await open.webhookSender.post({ url, id: 'msg_1', body: '{}', secrets: ['whsec_eA=='], allowPrivate: false });
    }
    await open.close();
    expect(connects).toBe(3);
  });

  it('a refusal names the setting that would allow it', async () => {
    const refused = await webhooks('POST', '/webhook-endpoints', { url: 'http://127.0.0.1/hook' });
    expect(String(refused.body.message)).toContain('JEMBATAN_OUTBOUND_ALLOW');
  });

  it('private networks are open to the tenant whose admin says so, and to no other', async () => {
    const add = () => webhooks('POST', '/webhook-endpoints', { url: 'http://10.0.0.9/hook' });
    expect((await add()).status).toBe(400);
    await room.look(`update tenants set settings = '{"allow_private_networks": true}' where id = $1`, [tenantId]);
    expect((await add()).status).toBe(201);
  });

  it('the hub’s own databases are closed to a tenant that may reach private networks', async () => {
    await room.look(`update tenants set settings = '{"allow_private_networks": true}' where id = $1`, [tenantId]);
    const config = readConfig({ JEMBATAN_DATA_DIR: '/nonexistent', REDIS_URL: 'redis://10.20.0.4:6379' });
    const databases = {
      bridgeUrl: 'postgres://u:p@10.20.0.2/hub',
      radiusUrl: 'mysql://u:p@10.20.0.3/radius',
      embedded: null,
    };
    const open = await createWire(room.db, room.vault, config, databases, Date.now);
    const judged = await Promise.all(
      ['10.20.0.2', '10.20.0.3:3306', '10.20.0.4', '10.20.0.5'].map((at) => open.checkUrl(tenantId, `http://${at}/`)),
    );
    await open.close();
    expect(judged.map(({ ok }) => ok)).toEqual([false, false, false, true]);
  });
});
