import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password, type Told } from '#test/features/identity-room.ts';
import { shapedAs } from '#test/features/room.ts';
import { resetOwner } from './reset-owner.ts';

let bridge: BridgeRoom;
let room: IdentityRoom;
let tenants: readonly [string, string];
let now = Date.parse('2026-11-20T05:00:00Z');

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
  tenants = [await bridge.addTenant(), await bridge.addTenant()];
});
afterAll(() => bridge.close());

type Login = { readonly token: string; readonly refresh: string };
type Listed = { readonly id: string; readonly address: string; readonly device: string; readonly is_current: boolean };

const logIn = async (
  tenantId: string | null,
  email: string,
  address = '203.0.113.1',
  device = 'curl',
): Promise<Login> => {
  const told = await room.from(address)('POST', 'auth/login', {
    body: { email, password, ...(tenantId !== null && { tenant_id: tenantId }) },
    headers: { 'User-Agent': device },
  });
  expect(told.status).toBe(200);
  return { token: String(told.body.access_token), refresh: String(told.body.refresh_token) };
};
const send = (method: string, path: string, { token }: Login): Promise<Told> => room.send(method, path, { token });
const sessions = async (login: Login): Promise<readonly Listed[]> => {
  const told = await send('GET', 'auth/sessions', login);
  expect(told.status).toBe(200);
  return shapedAs<readonly Listed[]>(told.body.data);
};
const renew = (refresh: string, address = '203.0.113.1'): Promise<Told> =>
  room.from(address)('POST', 'auth/refresh', { body: { refresh_token: refresh }, headers: { 'User-Agent': 'phone' } });
/** Whether a session still works, once what was believed of its token is forgotten. */
const works = async ({ token, refresh }: Login): Promise<readonly number[]> => {
  now += 6_000;
  return [(await room.send('GET', 'auth/me', { token })).status, (await renew(refresh)).status];
};

describe('a user’s own sessions', () => {
  it('I1: are shown with when, from where and what device; a renewal is the same session', async () => {
    const { email } = await addUser(room, tenants[0]);
    const began = new Date(now).toISOString();
    const laptop = await logIn(tenants[0], email, '203.0.113.7', 'Firefox');
    now += 60_000;
    const phone = await logIn(tenants[0], email, '198.51.100.9', 'x'.repeat(500));
    now += 60_000;
    const renewed = (await renew(laptop.refresh, '203.0.113.8')).body;
    const listed = await sessions({ token: String(renewed.access_token), refresh: '' });
    expect(listed).toMatchObject([
      {
        began_at: began,
        last_seen_at: new Date(now).toISOString(),
        address: '203.0.113.8',
        device: 'phone',
        is_current: true,
      },
      { address: '198.51.100.9', device: 'x'.repeat(200), is_current: false },
    ]);
    expect((await sessions(phone)).map(({ is_current }) => is_current)).toEqual([false, true]);
  });

  it('SEC-13: one that is ended is refused, its access token too, and the others go on', async () => {
    const { email } = await addUser(room, tenants[0]);
    const [mine, lost] = [await logIn(tenants[0], email), await logIn(tenants[0], email)];
    const other = (await sessions(mine)).find((session) => !session.is_current);
    expect((await send('DELETE', `auth/sessions/${other?.id}`, mine)).status).toBe(204);
    expect(await works(lost)).toEqual([401, 401]);
    expect(await sessions(mine)).toHaveLength(1);
    expect((await send('DELETE', `auth/sessions/${other?.id}`, mine)).status).toBe(404);
    expect(await works(mine)).toEqual([200, 200]);
    const rows = (await auditRows(bridge.look, tenants[0])).filter((row) => row.entity_id === other?.id);
    expect(rows).toMatchObject([{ action: 'logout', entity_type: 'session' }]);
    expect(rows).toHaveLength(1);
  });

  it('I1: all others can be ended at once, and only one’s own', async () => {
    const [ayu, sari] = [await addUser(room, tenants[0]), await addUser(room, tenants[0])];
    const mine = await logIn(tenants[0], ayu.email);
    const others = [await logIn(tenants[0], ayu.email), await logIn(tenants[0], ayu.email)];
    const hers = await logIn(tenants[0], sari.email);
    expect((await send('DELETE', 'auth/sessions', mine)).status).toBe(204);
    for (const other of others) expect(await works(other)).toEqual([401, 401]);
    expect(await works(hers)).toEqual([200, 200]);
    expect(await works(mine)).toEqual([200, 200]);
  });

  it('SEC-2: another user’s session, of this tenant, another one or a platform owner, is no session', async () => {
    const mine = await logIn(tenants[0], (await addUser(room, tenants[0])).email);
    const owner = await addUser(room, null, { role: 'platform_owner' });
    const others = [
      await logIn(tenants[0], (await addUser(room, tenants[0])).email),
      await logIn(tenants[1], (await addUser(room, tenants[1])).email),
      await logIn(null, owner.email),
    ];
    for (const other of others) {
      const [theirs] = await sessions(other);
      expect((await sessions(mine)).map(({ id }) => id)).not.toContain(theirs?.id);
      const told = await send('DELETE', `auth/sessions/${theirs?.id}`, mine);
      const missing = await send('DELETE', 'auth/sessions/5b2e7c1a-6d7f-4c58-9a38-5d6f0c1b7a11', mine);
      expect([told.status, told.body]).toEqual([404, missing.body]);
      expect(await works(other)).toEqual([200, 200]);
    }
  });

  it('SEC-12: a session whose token was used twice is ended, its access token too', async () => {
    const { email } = await addUser(room, tenants[0]);
    const login = await logIn(tenants[0], email);
    expect((await renew(login.refresh)).status).toBe(200);
    expect((await renew(login.refresh)).status).toBe(401);
    expect((await works(login))[0]).toBe(401);
  });
});

describe('a platform owner whose password is lost', () => {
  it('I2: gets another one, told once and audited; the old one and all sessions end', async () => {
    const { id, email } = await addUser(room, null, { role: 'platform_owner' });
    const before = await logIn(null, email);
    const made = await resetOwner(bridge.db, room.deps.passwords, email.toUpperCase(), 'c-1');
    expect(made).toEqual({ email, password: expect.stringMatching(/^[\w-]{20}$/), hasTotp: false });
    const tried = async (word: string): Promise<number> =>
      (await room.send('POST', 'auth/login', { body: { email, password: word } })).status;
    expect([await tried(password), await tried(made.password)]).toEqual([401, 200]);
    expect(await works(before)).toEqual([401, 401]);
    const rows = await bridge.look<{ actor_id: string; address: string; changes: unknown }>(
      `select actor_id, address, changes from audit_logs where entity_id = $1 and action = 'update'`,
      [id],
    );
    expect(rows).toMatchObject([{ actor_id: id, address: 'the command line' }]);
    expect(JSON.stringify(rows)).not.toContain(made.password);
  });

  it('refuses an address that no platform owner has, a tenant’s admin’s too, and asks which of several', async () => {
    const admin = await addUser(room, tenants[0]);
    await addUser(room, null, { role: 'platform_owner' });
    const reset = (email: string | null) => resetOwner(bridge.db, room.deps.passwords, email, 'c-1');
    await expect(reset(admin.email)).rejects.toThrow('No platform owner has');
    await expect(reset(null)).rejects.toThrow('Say which platform owner');
  });
});
