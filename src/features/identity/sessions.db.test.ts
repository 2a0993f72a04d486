import fc from 'fast-check';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import {
  addUser,
  type IdentityRoom,
  issuer,
  openIdentityRoom,
  password,
  type Told,
} from '#test/features/identity-room.ts';
import { shapedAs } from '#test/features/room.ts';
import { rotateSigningKey } from './signing-keys.ts';

const runs = { numRuns: 100 };
let bridge: BridgeRoom;
let room: IdentityRoom;
let tenantId: string;
let now = Date.parse('2026-11-20T05:00:00Z');

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge, { clock: () => now });
  tenantId = await bridge.addTenant();
});
afterAll(() => bridge.close());

const logIn = (email: string): Promise<Told> =>
  room.send('POST', 'auth/login', { body: { email, password, tenant_id: tenantId } });
const refresh = (token: unknown): Promise<Told> =>
  room.send('POST', 'auth/refresh', { body: { refresh_token: token } });
const me = async (token: unknown): Promise<number> =>
  (await room.send('GET', 'auth/me', { token: String(token) })).status;

describe('sessions', () => {
  it('P3: valid credentials give an access and a refresh token, in whatever case the address is typed', async () => {
    const local = fc.stringMatching(/^[a-z][a-z0-9.]{0,10}[a-z0-9]$/).filter((text) => !text.includes('..'));
    await fc.assert(
      fc.asyncProperty(local, fc.boolean(), fc.nat(), async (name, isLoud, n) => {
        const { email } = await addUser(room, tenantId, { email: `${name}.${n}.${Math.random()}@x.example` });
        const { status, body } = await logIn(isLoud ? ` ${email.toUpperCase()}` : email);
        expect(status).toBe(200);
        expect(await me(body.access_token)).toBe(200);
        expect((await refresh(body.refresh_token)).status).toBe(200);
      }),
      runs,
    );
  });

  it('P5: a valid refresh token gives a new access token that works, however long the chain', async () => {
    const { email } = await addUser(room, tenantId);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 * 86_400 }), { minLength: 1, maxLength: 3 }),
        async (waits) => {
          const start = now;
          let { body } = await logIn(email);
          for (const seconds of waits) {
            now += seconds * 1_000;
            const next = await refresh(body.refresh_token);
            expect(next.status).toBe(200);
            expect(await me(next.body.access_token)).toBe(200);
            expect(next.body.refresh_token).not.toBe(body.refresh_token);
            body = next.body;
          }
          now = start;
        },
      ),
      runs,
    );
  });

  it('P6: after a logout its refresh token is refused from then on, whichever of the chain was handed in', async () => {
    const { email } = await addUser(room, tenantId);
    const chain = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(chain, fc.nat(3), fc.integer({ min: 0, max: 86_400 }), async (length, pick, later) => {
        const start = now;
        const tokens = [(await logIn(email)).body.refresh_token];
        for (let n = 0; n < length; n++) tokens.push((await refresh(tokens.at(-1))).body.refresh_token);
        const handed = tokens[pick % tokens.length];
        expect((await room.send('POST', 'auth/logout', { body: { refresh_token: handed } })).status).toBe(204);
        now += later * 1_000;
        expect((await refresh(tokens.at(-1))).status).toBe(401);
        now = start;
      }),
      runs,
    );
  });

  it('I1: logout-all ends every session of the user, access tokens too, and no one else’s', async () => {
    const [mine, other] = [await addUser(room, tenantId), await addUser(room, tenantId)];
    const sessions = [await logIn(mine.email), await logIn(mine.email)].map(({ body }) => body);
    const theirs = (await logIn(other.email)).body;
    const [first] = sessions;
    expect((await room.send('POST', 'auth/logout-all', { token: String(first?.access_token) })).status).toBe(204);
    now += 6_000;
    for (const { access_token, refresh_token } of sessions) {
      expect(await me(access_token)).toBe(401);
      expect((await refresh(refresh_token)).status).toBe(401);
    }
    expect(await me(theirs.access_token)).toBe(200);
    expect((await logIn(mine.email)).status).toBe(200);
  });

  it('V4: logging in and out stand in the audit log, with user, address and time', async () => {
    const { id, email } = await addUser(room, tenantId);
    const { body } = await logIn(email);
    await room.send('POST', 'auth/logout', { body: { refresh_token: body.refresh_token } });
    const rows = await bridge.look<{ action: string; address: string; actor_id: string }>(
      'select action, address, actor_id from audit_logs where entity_id = $1 order by id',
      [id],
    );
    expect(rows).toEqual([
      { action: 'login', address: '203.0.113.1', actor_id: id },
      { action: 'logout', address: '203.0.113.1', actor_id: id },
    ]);
  });

  it('says who one is', async () => {
    const { id, email } = await addUser(room, tenantId, { role: 'noc', name: 'Nur' });
    const { body } = await logIn(email);
    const answer = await room.send('GET', 'auth/me', { token: String(body.access_token) });
    expect(answer.body).toMatchObject({ id, email, name: 'Nur', role: 'noc', tenant_id: tenantId, has_totp: false });
    expect(JSON.stringify(answer.body)).not.toMatch(/password|hash|epoch|\$2/);
  });
});

describe('the published keys', () => {
  it('I1: verify a token by themselves, the previous ones too after a rotation, and none of them can sign', async () => {
    const { email } = await addUser(room, tenantId);
    const verified = async (token: unknown) => {
      const { body } = await room.send('GET', '/.well-known/jwks.json');
      const keys = createLocalJWKSet({ keys: shapedAs<{ kty: string }[]>(body.keys ?? []) });
      return jwtVerify(String(token), keys, { issuer, audience: 'jembatan-api', currentDate: new Date(now) });
    };
    const before = (await logIn(email)).body.access_token;
    expect((await verified(before)).payload.tenant).toBe(tenantId);
    const fresh = await rotateSigningKey(room.keyDeps);
    now += 61_000;
    const after = (await logIn(email)).body.access_token;
    expect((await verified(after)).protectedHeader.kid).toBe(fresh);
    expect((await verified(before)).protectedHeader.kid).not.toBe(fresh);
    expect(await me(before)).toBe(200);
    const told = await room.send('GET', '/.well-known/jwks.json');
    expect(JSON.stringify(told.body)).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
    expect(told.headers.get('Cache-Control')).toContain('max-age');
  });
});
