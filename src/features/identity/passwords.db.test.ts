import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';

const other = 'battery staple';
let bridge: BridgeRoom;
let room: IdentityRoom;
let tenantId: string;
let user: { readonly id: string; readonly email: string };
let now = Date.parse('2026-11-20T05:00:00Z');

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
});
afterAll(() => bridge.close());
beforeEach(async () => {
  tenantId = await bridge.addTenant();
  user = await addUser(room, tenantId);
});

const logIn = (secret = password) =>
  room.send('POST', 'auth/login', { body: { email: user.email, password: secret, tenant_id: tenantId } });
const refresh = (token: unknown) => room.send('POST', 'auth/refresh', { body: { refresh_token: token } });
const ask = (body: object) => room.send('POST', 'auth/password-reset', { body });
const confirm = (token: unknown, secret = other) =>
  room.send('POST', 'auth/password-reset/confirm', { body: { token, password: secret } });
const tokenSent = async (): Promise<string> =>
  (await room.resets()).findLast(({ userId }) => userId === user.id)?.token ?? '';
const forget = async (): Promise<string> => {
  expect((await ask({ email: user.email, tenant_id: tenantId })).status).toBe(202);
  return tokenSent();
};

describe('changing the password', () => {
  it('I2: takes the old one, ends the other sessions, and answers a new one', async () => {
    const [here, there] = [(await logIn()).body, (await logIn()).body];
    const change = (body: object) => room.send('POST', 'auth/password', { body, token: String(here.access_token) });
    expect((await change({ old_password: 'wrong horse', new_password: other })).status).toBe(403);
    expect((await change({ old_password: password, new_password: 'password123' })).status).toBe(400);
    const changed = await change({ old_password: password, new_password: other });
    expect(changed.status).toBe(200);
    expect((await refresh(there.refresh_token)).status).toBe(401);
    expect((await refresh(changed.body.refresh_token)).status).toBe(200);
    expect([(await logIn()).status, (await logIn(other)).status]).toEqual([401, 200]);
    now += 6_000;
    expect((await room.send('GET', 'auth/me', { token: String(there.access_token) })).status).toBe(401);
    expect((await room.send('GET', 'auth/me', { token: String(changed.body.access_token) })).status).toBe(200);
  });

  it('V4: stands in the audit log, without either password', async () => {
    const { access_token } = (await logIn()).body;
    const body = { old_password: password, new_password: other };
    await room.send('POST', 'auth/password', { body, token: String(access_token) });
    const [row] = await bridge.look<{ line: string }>(
      `select a::text as line from audit_logs a where entity_id = $1 and action = 'update'`,
      [user.id],
    );
    expect(row?.line).toContain('password');
    expect(row?.line).not.toMatch(/horse|staple|\$2/);
  });
});

describe('a forgotten password', () => {
  it('I2: the token of the message sets another one, once, and ends all sessions', async () => {
    const before = (await logIn()).body;
    const token = await forget();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await confirm(token)).status).toBe(204);
    expect((await refresh(before.refresh_token)).status).toBe(401);
    expect([(await logIn()).status, (await logIn(other)).status]).toEqual([401, 200]);
    expect((await confirm(token, 'third horse staple')).status).toBe(401);
    expect((await logIn(other)).status).toBe(200);
  });

  it('I2: of 10 that use a token at once one gets through', async () => {
    const token = await forget();
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => confirm(token, `${other} ${n}`)));
    expect(all.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 401)).toHaveLength(9);
  });

  it('I2: a token is good for an hour, and every earlier one is over once one was used', async () => {
    const [first, second] = [await forget(), await forget()];
    expect(first).not.toBe(second);
    expect((await confirm(second)).status).toBe(204);
    expect((await confirm(first)).status).toBe(401);
    const late = await forget();
    now += 3_600_000;
    expect((await confirm(late)).status).toBe(401);
  });

  it('SEC-10: the answer for an unknown address, a wrong tenant and a deactivated user is the same, and nothing is sent', async () => {
    const count = (await room.resets()).length;
    await bridge.look('update users set is_active = false where id = $1', [user.id]);
    const known = await ask({ email: user.email, tenant_id: tenantId });
    for (const body of [
      { email: 'nobody@x.example', tenant_id: tenantId },
      { email: user.email, subdomain: 'another' },
      { email: user.email },
    ]) {
      const answer = await ask(body);
      expect([answer.status, answer.body]).toEqual([known.status, known.body]);
    }
    expect(await room.resets()).toHaveLength(count);
  });

  it('one mailbox gets three messages an hour, whoever asks for more', async () => {
    for (let n = 0; n < 6; n++) {
      await forget();
    }
    expect((await room.resets()).filter(({ userId }) => userId === user.id)).toHaveLength(3);
    now += 3_600_001;
    await forget();
    expect((await room.resets()).filter(({ userId }) => userId === user.id)).toHaveLength(4);
  });

  it('SEC-12: only the hash of the token is stored', async () => {
    const token = await forget();
    const rows = await bridge.look<{ row: string }>('select r::text as row from password_resets r');
    expect(rows.map(({ row }) => row).join()).not.toContain(token);
  });

  it('P9: no token, no address or a weak password is a validation error', async () => {
    expect((await ask({})).status).toBe(400);
    expect((await confirm(undefined)).status).toBe(400);
    expect((await confirm('x', 'short')).status).toBe(400);
  });
});
