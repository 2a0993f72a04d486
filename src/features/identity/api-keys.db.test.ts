import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { permissions, rolePermissions } from '#domain/permissions.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';
import { shapedAs } from '#test/features/room.ts';

let bridge: BridgeRoom;
let room: IdentityRoom;
let tenantId: string;
let token: string;
let adminId: string;
let now = Date.parse('2026-11-20T05:00:00Z');

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
});
afterAll(() => bridge.close());
beforeEach(async () => {
  tenantId = await bridge.addTenant();
  const admin = await addUser(room, tenantId);
  adminId = admin.id;
  token = await tokenOf(admin.email);
});

const tokenOf = async (email: string): Promise<string> =>
  String((await room.send('POST', 'auth/login', { body: { email, password, tenant_id: tenantId } })).body.access_token);
const make = (body: object = {}, as = token) =>
  room.send('POST', 'api-keys', { token: as, body: { name: 'Scanner', scopes: ['users:read'], ...body } });
const withKey = (key: unknown, path = 'users', address = '198.51.100.7') =>
  room.from(address)('GET', path, { headers: { 'X-API-Key': String(key) } });

describe('API keys', () => {
  it('I4: are told once, hashed at rest, and let in where their scopes say', async () => {
    const { status, body } = await make();
    expect(status).toBe(201);
    expect(body.key).toMatch(/^jbt_[\w-]{43}$/);
    expect((await withKey(body.key)).status).toBe(200);
    expect((await withKey(body.key, 'api-keys')).status).toBe(403);
    expect((await withKey(body.key, 'auth/me')).status).toBe(403);
    const rows = await bridge.look<{ row: string }>('select k::text as row from api_keys k');
    expect(rows.map(({ row }) => row).join()).not.toContain(String(body.key).slice(8));
    const listed = await room.send('GET', 'api-keys', { token });
    expect(JSON.stringify(listed.body)).not.toContain(String(body.key));
    expect(listed.body).toMatchObject({ total: 1, data: [{ name: 'Scanner', hint: String(body.key).slice(0, 8) }] });
  });

  it('I4: their last use is shown, with the address', async () => {
    const { body } = await make();
    now += 60_000;
    await withKey(body.key);
    const listed = await room.send('GET', 'api-keys', { token });
    expect(listed.body).toMatchObject({
      data: [{ last_used_at: new Date(now).toISOString(), last_used_address: '198.51.100.7' }],
    });
  });

  it('I4: a key may do no more than its maker, and nothing to users, keys and accounts', async () => {
    for (const scope of ['self:write', 'users:write', 'api_keys:write', 'tenants:read', 'everything']) {
      expect((await make({ scopes: [scope] })).status).toBe(400);
    }
    expect((await make({ scopes: [] })).status).toBe(400);
    const noc = await addUser(room, tenantId, { role: 'noc' });
    expect((await make({}, await tokenOf(noc.email))).status).toBe(403);
  });

  it('P7: a key without a route’s permission is refused, one with it is let in, whatever else it may', async () => {
    const grantable = permissions.filter(
      (one) => rolePermissions.admin.includes(one) && !['self:write', 'users:write', 'api_keys:write'].includes(one),
    );
    await fc.assert(
      fc.asyncProperty(fc.subarray([...grantable], { minLength: 1 }), async (scopes) => {
        const { body, status } = await make({ scopes });
        expect(status).toBe(201);
        expect((await withKey(body.key)).status).toBe(scopes.includes('users:read') ? 200 : 403);
        expect((await withKey(body.key, 'api-keys')).status).toBe(scopes.includes('api_keys:read') ? 200 : 403);
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-13: a revoked or expired key, and one of a deactivated tenant, is refused within a minute', async () => {
    const [revoked, expiring, kept] = [
      (await make()).body,
      (await make({ expires_at: new Date(now + 30_000).toISOString() })).body,
      (await make()).body,
    ];
    const statuses = () => Promise.all([revoked, expiring, kept].map(async ({ key }) => (await withKey(key)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await room.send('DELETE', `api-keys/${revoked.id}`, { token })).status).toBe(204);
    now += 36_000;
    expect(await statuses()).toEqual([401, 401, 200]);
    await bridge.look('update tenants set is_active = false where id = $1', [tenantId]);
    now += 6_000;
    expect(await statuses()).toEqual([401, 401, 401]);
  });

  it('I4: a key is the tenant’s: it outlives its maker', async () => {
    const { body } = await make();
    await bridge.look('update users set is_active = false where id = $1', [adminId]);
    now += 6_000;
    expect((await withKey(body.key)).status).toBe(200);
  });

  it('T3: a key sees its own tenant alone, and is revoked by its own tenant alone', async () => {
    const { body } = await make();
    const [home, key] = [tenantId, body.key];
    tenantId = await bridge.addTenant();
    const stranger = await addUser(room, tenantId);
    const theirs = await tokenOf(stranger.email);
    expect((await room.send('DELETE', `api-keys/${body.id}`, { token: theirs })).status).toBe(404);
    expect((await room.send('GET', 'api-keys', { token: theirs })).body.total).toBe(0);
    const seen = shapedAs<{ data: { tenant_id: string }[] }>((await withKey(key)).body);
    expect(seen.data.map((row) => row.tenant_id)).toEqual([home]);
  });

  it('SEC-11: what only looks like a key lets nobody in, and a token is not taken from X-API-Key', async () => {
    const { body } = await make();
    const key = String(body.key);
    for (const text of ['', 'jbt_', key.slice(0, -1), `${key}x`, key.toUpperCase(), `jbt_${'A'.repeat(43)}`, token]) {
      expect((await withKey(text)).status, text).toBe(401);
    }
  });

  it('V4: making and revoking stand in the audit log, the key itself does not', async () => {
    const { body } = await make();
    await room.send('DELETE', `api-keys/${body.id}`, { token });
    const rows = await bridge.look<{ action: string; actor_id: string; line: string }>(
      'select action, actor_id, a::text as line from audit_logs a where entity_id = $1 order by id',
      [String(body.id)],
    );
    expect(rows).toMatchObject([
      { action: 'create', actor_id: adminId },
      { action: 'delete', actor_id: adminId },
    ]);
    expect(rows.map(({ line }) => line).join()).not.toContain(String(body.key));
  });
});
