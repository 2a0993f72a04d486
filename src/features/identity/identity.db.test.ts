import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { openIdentityRoom } from '#test/features/identity-room.ts';
import { type Ask, admin, asCaller, platformOwner } from '#test/features/room.ts';
import { ensureOwner } from './ensure-owner.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loginRoutes, userRoutes } from './routes.ts';
import { createAuthenticator } from './standing.ts';

const day = 86_400_000;
const password = 'correct horse';
let room: BridgeRoom;
let deps: IdentityDeps;
let open: Ask;
let tenantId: string;
let subdomain: string;
let now = Date.now();

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  ({ deps } = await openIdentityRoom(room, { clock: () => now }));
  open = asCaller(loginRoutes(deps), platformOwner);
});
afterAll(() => room.close());
beforeEach(async () => {
  subdomain = `t${randomUUID().slice(0, 8)}`;
  tenantId = await room.addTenant(subdomain);
  const made = await register({ tenant_id: tenantId });
  expect(made.status).toBe(201);
});

const register = (over: object, caller = platformOwner) =>
  asCaller(userRoutes(deps), caller)('POST', '/auth/register', {
    email: 'admin@alpha.example',
    password,
    name: 'Ayu',
    role: 'admin',
    ...over,
  });
const logIn = (over: object = {}) =>
  open('POST', '/auth/login', { email: 'admin@alpha.example', password, tenant_id: tenantId, ...over });
const refresh = (token: unknown) => open('POST', '/auth/refresh', { refresh_token: token });
const logOut = (token: unknown) => open('POST', '/auth/logout', { refresh_token: token });

describe('logging in', () => {
  it('I1: valid credentials give an access token that says who asks, and a refresh token', async () => {
    const { status, body } = await logIn();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      expires_in: 900,
      user: { tenant_id: tenantId, email: 'admin@alpha.example', role: 'admin' },
    });
    const claimed = await deps.accessTokens.verify(String(body.access_token));
    const caller = { userId: body.user?.id, tenantId, role: 'admin', sessionId: expect.any(String) };
    expect(claimed).toEqual({ caller, epoch: 0 });
    expect(JSON.stringify(body)).not.toMatch(/password|hash|epoch|secret|\$2/);
  });

  it('I1: the tenant may be named by its subdomain, and the address typed in any case', async () => {
    expect((await logIn({ tenant_id: undefined, subdomain, email: ' Admin@Alpha.Example ' })).status).toBe(200);
  });

  it('SEC-10: a wrong password, an unknown user, an unknown tenant and none at all get one and the same answer', async () => {
    const answers = await Promise.all([
      logIn({ password: 'wrong horse' }),
      logIn({ email: 'nobody@alpha.example' }),
      logIn({ tenant_id: randomUUID() }),
      logIn({ tenant_id: undefined }),
      logIn({ subdomain: 'another' }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body).toEqual(answers[0]?.body);
    }
  });

  it('T2: a deactivated tenant or user is 403 for who knows the password, 401 for everybody else', async () => {
    const { body } = await logIn();
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    expect((await logIn()).status).toBe(403);
    expect((await logIn({ password: 'wrong horse' })).status).toBe(401);
    expect((await refresh(body.refresh_token)).status).toBe(403);
    await room.look('update tenants set is_active = true where id = $1', [tenantId]);
    await room.look('update users set is_active = false where tenant_id = $1', [tenantId]);
    expect((await logIn()).status).toBe(403);
  });

  it('P9: a login without an address or a password is a validation error', async () => {
    expect((await logIn({ email: undefined })).status).toBe(400);
    expect((await logIn({ password: undefined })).status).toBe(400);
  });
});

describe('refresh tokens', () => {
  it('I1: each is good once, for a new working pair', async () => {
    const first = (await logIn()).body;
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect(await deps.accessTokens.verify(String(second.body.access_token))).toMatchObject({ caller: { tenantId } });
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('SEC-12: a reused one is refused and ends its whole family, and no other', async () => {
    const other = (await logIn()).body;
    const first = (await logIn()).body;
    const second = (await refresh(first.refresh_token)).body;
    const third = (await refresh(second.refresh_token)).body;
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(third.refresh_token)).status).toBe(401);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it('SEC-12: of 50 that use one at once at most one gets through, and its chain does not live on', async () => {
    const { refresh_token } = (await logIn()).body;
    const all = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)));
    const won = all.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect((await refresh(won[0]?.body.refresh_token)).status).toBe(401);
  });

  it('SEC-12: a thief with an old token ends the family while its owner refreshes at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const first = (await logIn()).body;
      const second = (await refresh(first.refresh_token)).body;
      await Promise.all([refresh(first.refresh_token), refresh(second.refresh_token)]);
      const living = 'select id from refresh_tokens where tenant_id = $1 and revoked_at is null';
      expect(await room.look(living, [tenantId])).toEqual([]);
    }
  });

  it('I1: one is good for 7 days and no longer', async () => {
    const { refresh_token } = (await logIn()).body;
    const late = (await logIn()).body;
    const start = now;
    now = start + 7 * day - 1_000;
    expect((await refresh(refresh_token)).status).toBe(200);
    now = start + 7 * day;
    expect((await refresh(late.refresh_token)).status).toBe(401);
    now = start;
  });

  it('I1: after logout it is refused, with all of its family; an unknown one is no news', async () => {
    const first = (await logIn()).body;
    const second = (await refresh(first.refresh_token)).body;
    expect(await logOut(second.refresh_token)).toEqual({ status: 204, body: {} });
    expect((await refresh(second.refresh_token)).status).toBe(401);
    expect((await logOut('unknown')).status).toBe(204);
  });

  it('SEC-12: only hashes are stored', async () => {
    const { refresh_token } = (await logIn()).body;
    const rows = await room.look<{ row: string }>('select t::text as row from refresh_tokens t');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ row }) => row).join()).not.toContain(String(refresh_token));
  });
});

describe('registering', () => {
  it('I1: a platform owner creates admins only; the admin creates the others, in its own tenant', async () => {
    expect((await register({ tenant_id: tenantId, role: 'noc', email: 'n@alpha.example' })).status).toBe(403);
    expect((await register({ email: 'n@alpha.example' })).status).toBe(400);
    expect((await register({ tenant_id: randomUUID(), email: 'n@alpha.example' })).status).toBe(404);
    const noc = await register({ role: 'noc', email: 'n@alpha.example' }, admin(tenantId));
    expect(noc).toMatchObject({ status: 201, body: { role: 'noc', tenant_id: tenantId, email: 'n@alpha.example' } });
    expect((await logIn({ email: 'n@alpha.example' })).status).toBe(200);
    const elsewhere = await room.addTenant();
    expect((await register({ tenant_id: elsewhere, role: 'noc' }, admin(tenantId))).status).toBe(403);
    expect((await register({ role: 'noc', email: 'm@alpha.example' }, admin(tenantId, 'noc'))).status).toBe(403);
  });

  it('SEC-19: nobody becomes a platform owner, and what a form does not have is not taken', async () => {
    expect((await register({ role: 'platform_owner' }, admin(tenantId))).status).toBe(400);
    const body = { email: 'x@alpha.example', role: 'viewer', id: randomUUID(), is_active: false, password_hash: 'x' };
    const made = await register(body, admin(tenantId));
    expect(made.body.id).not.toBe(body.id);
    expect((await logIn({ email: 'x@alpha.example' })).status).toBe(200);
  });

  it('an address is one user in each tenant: 409, and free in another', async () => {
    expect(await register({ tenant_id: tenantId, email: 'ADMIN@alpha.example' })).toMatchObject({
      status: 409,
      body: { code: 'DUPLICATE_ENTRY' },
    });
    expect((await register({ tenant_id: await room.addTenant() })).status).toBe(201);
  });
});

describe('who comes in', () => {
  it('SEC-13: a good token works until its user or tenant is deactivated or given another role, and seconds longer', async () => {
    const start = now;
    const authenticate = createAuthenticator(room.db, deps.accessTokens, () => now);
    const { access_token } = (await logIn()).body;
    const known = () => authenticate(String(access_token), '192.0.2.1');
    expect(await known()).toMatchObject({ caller: { tenantId, role: 'admin' }, subdomain });
    await room.look(`update users set role = 'viewer' where tenant_id = $1`, [tenantId]);
    now += 6_000;
    expect(await known()).toBeNull();
    await room.look(`update users set role = 'admin' where tenant_id = $1`, [tenantId]);
    now += 6_000;
    expect(await known()).not.toBeNull();
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    now += 6_000;
    expect(await known()).toBeNull();
    now = start;
  });

  it('the first platform owner is made once, its password told once', async () => {
    const made = await Promise.all([
      ensureOwner(room.db, deps.passwords, {}),
      ensureOwner(room.db, deps.passwords, {}),
    ]);
    const told = made.filter((one) => one !== null);
    expect(told).toHaveLength(1);
    const { email, password: generated } = told[0] ?? { email: '', password: null };
    expect(generated).toMatch(/^[\w-]{20}$/);
    const login = await logIn({ tenant_id: undefined, email, password: generated });
    expect(login).toMatchObject({ status: 200, body: { user: { role: 'platform_owner', tenant_id: null } } });
    expect(await ensureOwner(room.db, deps.passwords, { email: 'b@x.example', password })).toBeNull();
  });
});
