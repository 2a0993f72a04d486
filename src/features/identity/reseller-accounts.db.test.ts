import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';

let room: BridgeRoom;
let identity: IdentityRoom;
let tenantId: string;
let admin: string;
/** Moved by the tests: who was let in is believed for some seconds. */
let now = Date.now();

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  identity = await openIdentityRoom(room, { clock: () => now });
  tenantId = await room.addTenant('alfa');
  const { email } = await addUser(identity, tenantId);
  admin = String((await login(email)).body.access_token);
});
afterAll(() => room.close());

const login = (email: string) => identity.send('POST', 'auth/login', { body: { email, password, subdomain: 'alfa' } });
const byAdmin = (path: string, body: unknown) => identity.send('POST', path, { body, token: admin });

let count = 0;
async function addReseller(): Promise<string> {
  count += 1;
  const [row] = await room.look<{ id: string }>(
    'insert into resellers (tenant_id, name) values ($1, $2) returning id',
    [tenantId, `Warung ${count}`],
  );
  return row?.id ?? '';
}
const newUser = (role: string, more: object = {}) => {
  count += 1;
  const email = `kasir${count}@warung.example`;
  return { tenant_id: tenantId, email, password, name: 'Tini', role, ...more };
};
const activate = (id: string, isActive: boolean) =>
  room.look('update resellers set is_active = $2 where id = $1', [id, isActive]);

describe('who logs in for a reseller', () => {
  it('S1: several users of one reseller; of another role none, and of no reseller that is not there', async () => {
    const id = await addReseller();
    for (const _ of [1, 2]) {
      const made = await byAdmin('auth/register', newUser('reseller', { reseller_id: id }));
      expect(made).toMatchObject({ status: 201, body: { role: 'reseller', reseller_id: id } });
    }
    const refused = { status: 400, body: { details: { fields: [{ field: 'reseller_id' }] } } };
    expect(await byAdmin('auth/register', newUser('operator', { reseller_id: id }))).toMatchObject(refused);
    const elsewhere = newUser('reseller', { reseller_id: tenantId });
    expect(await byAdmin('auth/register', elsewhere)).toMatchObject(refused);
  });

  it('S1: one that is turned off is let in nowhere within seconds, by password, token or key', async () => {
    const id = await addReseller();
    const user = newUser('reseller', { reseller_id: id });
    await byAdmin('auth/register', user);
    const made = await byAdmin('api-keys', { name: 'Mesin kasir', scopes: ['customers:read'], reseller_id: id });
    const tokens = (await login(user.email)).body;
    const [token, key] = [String(tokens.access_token), String(made.body.key)];
    const statuses = async () =>
      Promise.all([
        identity.send('GET', 'auth/me', { token }).then(({ status }) => status),
        identity.send('GET', 'users', { token: key }).then(({ status }) => status),
        login(user.email).then(({ status }) => status),
      ]);
    expect(await statuses()).toEqual([200, 403, 200]);
    await activate(id, false);
    now += 6_000;
    expect(await statuses()).toEqual([401, 401, 403]);
    const refresh = { body: { refresh_token: tokens.refresh_token } };
    expect([401, 403]).toContain((await identity.send('POST', 'auth/refresh', refresh)).status);
    await activate(id, true);
    now += 6_000;
    expect((await statuses()).slice(1)).toEqual([403, 200]);
  });

  it('S1: a key of a reseller may do no more than resellers do', async () => {
    const id = await addReseller();
    const asked = (scopes: readonly string[]) =>
      byAdmin('api-keys', { name: `Kunci ${scopes}`, scopes, reseller_id: id });
    expect(await asked(['customers:read', 'own_sales:write'])).toMatchObject({
      status: 201,
      body: { reseller_id: id },
    });
    for (const scope of ['subscriptions:write', 'users:read', 'payments:write', 'resellers:read']) {
      expect(await asked(['customers:read', scope])).toMatchObject({
        status: 403,
        body: { details: { scopes: [scope] } },
      });
    }
  });
});
