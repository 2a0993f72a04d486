import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';
import { shapedAs } from '#test/features/room.ts';

let bridge: BridgeRoom;
let room: IdentityRoom;
let tenantId: string;
let user: { readonly id: string; readonly email: string };
let now = Date.parse('2026-11-20T05:00:00Z');
let step: () => void;

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
  step = () => {
    now += 30_000;
  };
});
afterAll(() => bridge.close());
beforeEach(async () => {
  tenantId = await bridge.addTenant();
  user = await addUser(room, tenantId);
});

const logIn = (over: object = {}) =>
  room.send('POST', 'auth/login', { body: { email: user.email, password, tenant_id: tenantId, ...over } });
const codeOf = (secret: string): string => new TOTP({ secret, digits: 6, period: 30 }).generate({ timestamp: now });

/** An authenticator that is set up, its recovery codes, and a token of its user. */
async function setUp() {
  const token = String((await logIn()).body.access_token);
  const drawn = await room.send('POST', 'auth/totp', { token });
  const secret = String(drawn.body.secret);
  const confirmed = await room.send('POST', 'auth/totp/confirm', { token, body: { code: codeOf(secret) } });
  expect([drawn.status, confirmed.status]).toEqual([200, 200]);
  step();
  return { token, secret, codes: shapedAs<string[]>(confirmed.body.recovery_codes) };
}

describe('the second factor', () => {
  it('I2: once confirmed a login needs a code; that one is needed is told only after the right password', async () => {
    const { secret } = await setUp();
    expect(await logIn()).toMatchObject({ status: 401, body: { details: { otp_required: true } } });
    expect((await logIn({ password: 'wrong horse' })).body).toEqual((await logIn({ email: 'nobody@x.example' })).body);
    expect((await logIn({ password: 'wrong horse', otp: codeOf(secret) })).body.details).toBeUndefined();
    expect((await logIn({ otp: '000000' })).status).toBe(401);
    const inside = await logIn({ otp: codeOf(secret) });
    expect(inside).toMatchObject({ status: 200, body: { user: { has_totp: true } } });
  });

  it('I2: a code works once, of ten logins at the same moment too', async () => {
    const { secret } = await setUp();
    const all = await Promise.all(Array.from({ length: 10 }, () => logIn({ otp: codeOf(secret) })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await logIn({ otp: codeOf(secret) })).status).toBe(401);
    step();
    expect((await logIn({ otp: codeOf(secret) })).status).toBe(200);
  });

  it('a secret that was drawn and not confirmed asks for nothing; a wrong code confirms nothing', async () => {
    const token = String((await logIn()).body.access_token);
    expect((await room.send('POST', 'auth/totp/confirm', { token, body: { code: '123456' } })).status).toBe(409);
    await room.send('POST', 'auth/totp', { token });
    const wrong = await room.send('POST', 'auth/totp/confirm', { token, body: { code: '000000' } });
    expect(wrong).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'code' }] } } });
    expect((await logIn()).status).toBe(200);
  });

  it('I2: each recovery code lets in once, without the authenticator', async () => {
    const { codes } = await setUp();
    expect(codes).toHaveLength(10);
    const [first = '', second = ''] = codes;
    expect((await logIn({ otp: first })).status).toBe(200);
    expect((await logIn({ otp: first })).status).toBe(401);
    expect((await logIn({ otp: second.toUpperCase() })).status).toBe(200);
  });

  it('SEC-21: secret and recovery codes lie sealed and hashed', async () => {
    const { secret, codes } = await setUp();
    const rows = await bridge.look<{ row: string }>(
      'select u::text as row from users u union all select r::text from recovery_codes r',
    );
    const stored = rows.map(({ row }) => row).join();
    expect(stored).not.toContain(secret);
    for (const code of codes) expect(stored).not.toContain(code);
  });

  it('goes only with the password or a code: a token that was left open somewhere removes nothing', async () => {
    const { token, secret } = await setUp();
    const remove = (body: object) => room.send('DELETE', 'auth/totp', { token, body });
    expect((await remove({})).status).toBe(400);
    expect((await remove({ password: 'wrong horse' })).status).toBe(403);
    expect((await remove({ code: '000000' })).status).toBe(403);
    expect((await logIn()).status).toBe(401);
    expect((await room.send('POST', 'auth/totp', { token })).status).toBe(409);
    expect((await remove({ code: codeOf(secret) })).status).toBe(204);
    expect((await logIn()).status).toBe(200);
    const [left] = await bridge.look<{ n: number }>(
      'select count(*)::int as n from recovery_codes where user_id = $1',
      [user.id],
    );
    expect(left?.n).toBe(0);
  });

  it('works for a platform owner too, who has no tenant', async () => {
    const owner = await addUser(room, null, { role: 'platform_owner' });
    const enter = (otp?: string) =>
      room.send('POST', 'auth/login', { body: { email: owner.email, password, ...(otp && { otp }) } });
    const token = String((await enter()).body.access_token);
    const secret = String((await room.send('POST', 'auth/totp', { token })).body.secret);
    await room.send('POST', 'auth/totp/confirm', { token, body: { code: codeOf(secret) } });
    step();
    expect([(await enter()).status, (await enter(codeOf(secret))).status]).toEqual([401, 200]);
  });
});
