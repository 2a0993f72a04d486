import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { answerError } from '#http/errors.ts';
import { createLog } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { admin } from '#test/features/room.ts';
import { logoMaxBytes, logoType } from './logo.ts';
import { settingsRoutes } from './routes.ts';

let room: BridgeRoom;
let folder: string;
let tenantId: string;

const png = (bytes: number): Uint8Array<ArrayBuffer> => {
  const content = new Uint8Array(bytes);
  content.set(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  return content;
};

/** The room as somebody of a tenant meets it, with whole responses: pictures are no JSON. */
function open(tenant: string, role = 'admin') {
  const told = async () => undefined;
  const app = new Hono<RouteEnv>();
  app.onError(answerError(createLog('silent')));
  app.use(async (c, next) => {
    c.set('caller', admin(tenant, role));
    c.set('correlationId', 'c-1');
    c.set('address', '192.0.2.1');
    await next();
  });
  const files = createTenantFiles(folder);
  app.route('/', settingsRoutes({ db: room.db, files, onPolicyChange: told, onRoamingChange: told }));
  return (method: string, body?: Uint8Array<ArrayBuffer>, type = 'image/png') =>
    app.request('/settings/logo', body ? { method, body, headers: { 'Content-Type': type } } : { method });
}
const stored = async (): Promise<unknown> =>
  (
    await room.look<{ logo: unknown }>(`select settings #>> '{branding,logo}' as logo from tenants where id = $1`, [
      tenantId,
    ])
  )[0]?.logo;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jbl-'));
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tenantId = await room.addTenant();
});

describe('the logo of a tenant', () => {
  it('T5: is taken, named by the settings, and given back byte for byte as what it is', async () => {
    const ask = open(tenantId);
    expect((await ask('GET')).status).toBe(404);
    const picture = png(logoMaxBytes);
    const taken = await ask('PUT', picture, 'text/html');
    expect(taken.status).toBe(200);
    const { logo } = (await taken.json()) as { logo: string };
    expect(await stored()).toBe(logo);
    const given = await open(tenantId, 'viewer')('GET');
    expect(given.headers.get('Content-Type')).toBe('image/png');
    expect(new Uint8Array(await given.arrayBuffer())).toEqual(picture);
    const next = (await (await ask('PUT', png(9))).json()) as { logo: string };
    expect(next.logo).not.toBe(logo);
  });

  it.each([
    ['an SVG, which may hold a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['a page', Buffer.from('<!doctype html>')],
    ['nothing', Buffer.alloc(0)],
    ['a picture’s name on something else', Buffer.from('PNG')],
  ])('refuses %s, and keeps what was there', async (_, content) => {
    const ask = open(tenantId);
    await ask('PUT', png(20));
    const before = await stored();
    expect((await ask('PUT', new Uint8Array(content))).status).toBe(400);
    expect(await stored()).toBe(before);
    expect((await (await ask('GET')).arrayBuffer()).byteLength).toBe(20);
  });

  it('refuses more than 200 kB with 413', async () => {
    expect((await open(tenantId)('PUT', png(logoMaxBytes + 1))).status).toBe(413);
    expect(await stored()).toBeNull();
  });

  it('is removed with its file; both are in the audit log', async () => {
    const ask = open(tenantId);
    await ask('PUT', png(20));
    expect((await ask('DELETE')).status).toBe(204);
    expect((await ask('GET')).status).toBe(404);
    expect(await auditRows(room.look, tenantId)).toMatchObject([
      { action: 'update', entity_type: 'settings' },
      { action: 'update', entity_type: 'settings' },
    ]);
  });

  it('P1, P7: another tenant has none of it, and only an admin changes it', async () => {
    await open(tenantId)('PUT', png(20));
    expect((await open(await room.addTenant())('GET')).status).toBe(404);
    for (const role of ['operator', 'finance', 'noc', 'viewer']) {
      expect((await open(tenantId, role)('PUT', png(20))).status, role).toBe(403);
      expect((await open(tenantId, role)('DELETE')).status, role).toBe(403);
    }
  });

  it('JPEG and WebP are known by their first bytes', () => {
    expect(logoType(Buffer.from('\xff\xd8\xff\xe0', 'latin1'))).toBe('image/jpeg');
    expect(logoType(Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'))).toBe('image/webp');
    expect(logoType(Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'))).toBeNull();
  });
});
