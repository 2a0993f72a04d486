import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { tenantRoles } from '#domain/permissions.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password, type Told } from '#test/features/identity-room.ts';
import { shapedAs } from '#test/features/room.ts';

type Row = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly is_active: boolean;
};
let bridge: BridgeRoom;
let room: IdentityRoom;
let tenantId: string;
let admin: { readonly id: string; readonly email: string };
let token: string;
let now = Date.parse('2026-11-20T05:00:00Z');

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
});
afterAll(() => bridge.close());
beforeEach(async () => {
  tenantId = await bridge.addTenant();
  admin = await addUser(room, tenantId, { name: 'Ayu' });
  token = await tokenOf(admin.email);
});

const logIn = (email: string): Promise<Told> =>
  room.send('POST', 'auth/login', { body: { email, password, tenant_id: tenantId } });
const tokenOf = async (email: string): Promise<string> => String((await logIn(email)).body.access_token);
const list = async (query = ''): Promise<{ readonly data: Row[]; readonly total: number }> => {
  const { status, body } = await room.send('GET', `users${query}`, { token });
  expect(status).toBe(200);
  return shapedAs(body);
};
const change = (id: string, body: object, as = token) => room.send('PATCH', `users/${id}`, { body, token: as });

describe('listing users', () => {
  it('P12: each result of a filter or search matches it, and the pages hold exactly the total', async () => {
    for (const role of tenantRoles) {
      const { id } = await addUser(room, tenantId, { role, name: `Orang ${role}` });
      if (role === 'hr') await bridge.look('update users set is_active = false where id = $1', [id]);
    }
    const filters = fc.record(
      {
        role: fc.constantFrom(...tenantRoles),
        is_active: fc.constantFrom('true', 'false'),
        search: fc.constantFrom('orang', 'AYU', 'viewer', '%', '_', 'x.example', "'"),
        page_size: fc.constantFrom('1', '3', '100'),
      },
      { requiredKeys: ['page_size'] },
    );
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const seen: Row[] = [];
        const query = (page: number) => `?${new URLSearchParams({ ...filter, page: String(page) })}`;
        const { total } = await list(query(1));
        for (let page = 1; seen.length < total; page++) {
          const { data } = await list(query(page));
          expect(data.length).toBeGreaterThan(0);
          seen.push(...data);
        }
        expect(new Set(seen.map(({ id }) => id)).size).toBe(total);
        for (const row of seen) {
          if (filter.role) expect(row.role).toBe(filter.role);
          if (filter.is_active) expect(String(row.is_active)).toBe(filter.is_active);
          if (filter.search) expect(`${row.name} ${row.email}`.toLowerCase()).toContain(filter.search.toLowerCase());
        }
        const all = (await list('?page_size=100')).data;
        const wanted = all.filter(
          (row) =>
            (!filter.role || row.role === filter.role) &&
            (!filter.is_active || String(row.is_active) === filter.is_active) &&
            (!filter.search || `${row.name} ${row.email}`.toLowerCase().includes(filter.search.toLowerCase())),
        );
        expect(total).toBe(wanted.length);
      }),
      { numRuns: 100 },
    );
  });

  it('another tenant’s user is 404, with the body of one that is not there', async () => {
    const stranger = await addUser(room, await bridge.addTenant());
    for (const ask of [
      (id: string) => room.send('GET', `users/${id}`, { token }),
      (id: string) => change(id, { name: 'X' }),
    ]) {
      const [theirs, nobody] = [await ask(stranger.id), await ask(randomUUID())];
      expect([theirs.status, theirs.body]).toEqual([404, nobody.body]);
    }
    expect((await list('?page_size=100')).data.map(({ id }) => id)).not.toContain(stranger.id);
  });

  it('P7: who may not read or change users is refused', async () => {
    const { id, email } = await addUser(room, tenantId, { role: 'technician' });
    const theirs = await tokenOf(email);
    expect((await room.send('GET', 'users', { token: theirs })).status).toBe(403);
    expect((await change(id, { role: 'admin' }, theirs)).status).toBe(403);
    const hr = await tokenOf((await addUser(room, tenantId, { role: 'hr' })).email);
    expect((await room.send('GET', 'users', { token: hr })).status).toBe(200);
    expect((await change(id, { role: 'admin' }, hr)).status).toBe(403);
  });
});

describe('changing a user', () => {
  it('SEC-13: another role or a deactivation logs out: tokens are refused seconds later, refresh tokens at once', async () => {
    for (const body of [{ role: 'viewer' }, { is_active: false }]) {
      const { id, email } = await addUser(room, tenantId, { role: 'noc' });
      const session = (await logIn(email)).body;
      const me = () => room.send('GET', 'auth/me', { token: String(session.access_token) });
      expect((await me()).status).toBe(200);
      expect((await change(id, body)).status).toBe(200);
      const renewed = await room.send('POST', 'auth/refresh', { body: { refresh_token: session.refresh_token } });
      expect([401, 403]).toContain(renewed.status);
      now += 6_000;
      expect((await me()).status).toBe(401);
    }
  });

  it('another name leaves the sessions alone', async () => {
    const { id, email } = await addUser(room, tenantId, { role: 'noc' });
    const session = (await logIn(email)).body;
    expect((await change(id, { name: 'Nur Aini' })).body).toMatchObject({ name: 'Nur Aini', role: 'noc' });
    now += 6_000;
    expect((await room.send('GET', 'auth/me', { token: String(session.access_token) })).status).toBe(200);
  });

  it('the last active admin stays one: 409, also where two demote each other at once', async () => {
    expect((await change(admin.id, { role: 'viewer' })).status).toBe(409);
    expect((await change(admin.id, { is_active: false })).status).toBe(409);
    expect((await change(admin.id, { name: 'Ayu Lestari' })).status).toBe(200);
    for (let round = 0; round < 10; round++) {
      const other = await addUser(room, tenantId);
      const theirs = await tokenOf(other.email);
      // Both are let in before either is demoted: what is tried is the change, not the door.
      for (const known of [token, theirs]) await room.send('GET', 'auth/me', { token: known });
      const both = await Promise.all([
        change(admin.id, { role: 'viewer' }, theirs),
        change(other.id, { role: 'viewer' }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      const left = both[0]?.status === 409 ? admin : other;
      if (left === other) {
        [admin, token] = [other, theirs];
      }
    }
  });

  it('SEC-19: what a form does not have is not taken, and nobody becomes a platform owner', async () => {
    const { id } = await addUser(room, tenantId, { role: 'noc' });
    expect((await change(id, { role: 'platform_owner' })).status).toBe(400);
    expect((await change(id, {})).status).toBe(400);
    const other = await bridge.addTenant();
    const taken = await change(id, {
      name: 'Nur',
      tenant_id: other,
      email: 'x@x.example',
      id: randomUUID(),
      token_epoch: 9,
    });
    expect(taken.body).toMatchObject({ id, name: 'Nur', tenant_id: tenantId });
    expect(taken.body.email).not.toBe('x@x.example');
  });

  it('V4: stands in the audit log with old and new, and a new user too', async () => {
    const made = await room.send('POST', 'auth/register', {
      token,
      body: { email: 'baru@x.example', password: 'correct horse', name: 'Baru', role: 'noc' },
    });
    expect(made.status).toBe(201);
    await change(String(made.body.id), { role: 'finance' });
    const rows = await bridge.look<{ action: string; actor_id: string; changes: Record<string, unknown> }>(
      'select action, actor_id, changes from audit_logs where entity_id = $1 order by id',
      [String(made.body.id)],
    );
    expect(rows).toMatchObject([
      { action: 'create', actor_id: admin.id, changes: { role: { old: null, new: 'noc' } } },
      { action: 'update', actor_id: admin.id, changes: { role: { old: 'noc', new: 'finance' } } },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/horse|\$2/);
  });

  it('I2: an admin removes a second factor that was lost, and a removed one asks for no code', async () => {
    const { id, email } = await addUser(room, tenantId, { role: 'noc' });
    await bridge.look(`update users set totp_secret = 'sealed', totp_confirmed_at = now() where id = $1`, [id]);
    expect((await change(id, { has_totp: false })).body).toMatchObject({ has_totp: false });
    expect((await logIn(email)).status).toBe(200);
    expect((await change(id, { has_totp: true })).status).toBe(400);
  });
});
