import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Counters, openCounters } from '#platform/counters.ts';
import { createLog } from '#platform/log.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password, type Send } from '#test/features/identity-room.ts';

let bridge: BridgeRoom;
let tenantId: string;
let opened: Counters[] = [];

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  tenantId = await bridge.addTenant();
});
afterAll(async () => {
  await Promise.all(opened.map((counters) => counters.close()));
  await bridge.close();
});

/** Two doors as two processes have them: nothing in common but the bridge and the store of the counts. */
async function twoDoors(
  store: 'PostgreSQL' | 'Redis',
  limits: { readonly address: number; readonly user: number; readonly login: number },
): Promise<readonly [IdentityRoom, IdentityRoom]> {
  const redisUrl = store === 'Redis' ? inject('redisUrl') : undefined;
  const open = async () => {
    const counters = await openCounters({ databaseUrl: bridge.url, redisUrl }, createLog('silent'));
    opened = [...opened, counters];
    return openIdentityRoom(bridge, { limits, counters });
  };
  return [await open(), await open()];
}

let lastAddress = 0;
const freshAddress = (): string => {
  lastAddress += 1;
  return `198.51.${lastAddress >> 8}.${lastAddress & 255}`;
};
const logIn = (send: Send, email: string, secret = password) =>
  send('POST', 'auth/login', { body: { email, password: secret, tenant_id: tenantId } });

/** How many of `count` requests that alternate between both doors are let through, and the first refusal. */
async function passes(doors: readonly Send[], count: number, ask: (send: Send, n: number) => ReturnType<Send>) {
  const refused: Awaited<ReturnType<Send>>[] = [];
  let passed = 0;
  for (let n = 0; n < count; n++) {
    const door = doors[n % doors.length];
    if (!door) throw new Error('there is no door');
    const answer = await ask(door, n);
    if (answer.status === 429) refused.push(answer);
    else passed += 1;
  }
  return { passed, refused };
}

describe.each(['PostgreSQL', 'Redis'] as const)('limits over two processes that count on %s', (store) => {
  it('P50: an address over its limit gets 429 with Retry-After, at whichever door; another address does not', async () => {
    const doors = await twoDoors(store, { address: 60, user: 0, login: 0 });
    const address = freshAddress();
    const { passed, refused } = await passes(
      doors.map((door) => door.from(address)),
      120,
      (send) => send('GET', 'auth/me'),
    );
    expect(passed).toBeLessThanOrEqual(60);
    expect(passed).toBeGreaterThanOrEqual(57);
    for (const { body, headers } of refused) {
      expect(body.code).toBe('RATE_LIMIT');
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(Number(headers.get('Retry-After'))).toBeLessThanOrEqual(60);
    }
    expect((await doors[0].from(freshAddress())('GET', 'auth/me')).status).toBe(401);
  });

  it('P50: a user over its limit gets 429 from however many addresses it asks; another user does not', async () => {
    const doors = await twoDoors(store, { address: 0, user: 40, login: 0 });
    const [one, other] = [await addUser(doors[0], tenantId), await addUser(doors[0], tenantId)];
    const token = String((await logIn(doors[0].send, one.email)).body.access_token);
    const theirs = String((await logIn(doors[0].send, other.email)).body.access_token);
    const { passed } = await passes(
      Array.from({ length: 10 }, (_, n) => (doors[n % 2] ?? doors[0]).from(freshAddress())),
      90,
      (send) => send('GET', 'auth/me', { token }),
    );
    expect(passed).toBeLessThanOrEqual(40);
    expect(passed).toBeGreaterThanOrEqual(38);
    expect((await doors[1].send('GET', 'auth/me', { token: theirs })).status).toBe(200);
  });

  it('SEC-10: of 1,000 wrong logins at both doors at most 30 reach the password, and its owner gets in elsewhere', async () => {
    const doors = await twoDoors(store, { address: 0, user: 0, login: 5 });
    const { email } = await addUser(doors[0], tenantId);
    const addresses = Array.from({ length: 4 }, freshAddress);
    const sends = addresses.flatMap((address) => doors.map((door) => door.from(address)));
    const answers: number[] = [];
    for (let n = 0; n < 1_000; n += 50) {
      const some = Array.from({ length: 50 }, (_, k) => sends[(n + k) % sends.length]);
      answers.push(
        ...(await Promise.all(
          some.map(async (send) => (send ? await logIn(send, email, 'wrong') : { status: 0 }).status),
        )),
      );
    }
    const checked = answers.filter((status) => status === 401).length;
    expect(checked).toBeLessThanOrEqual(30);
    expect(answers.filter((status) => status === 429)).toHaveLength(1_000 - checked);
    expect((await logIn(doors[1].from(freshAddress()), email)).status).toBe(200);
  });

  it('SEC-10: an unknown account is throttled as a known one', async () => {
    const doors = await twoDoors(store, { address: 0, user: 0, login: 5 });
    const { email } = await addUser(doors[0], tenantId);
    const statuses = async (who: string) => {
      const send = doors[0].from(freshAddress());
      const all: number[] = [];
      for (let n = 0; n < 8; n++) all.push((await logIn(send, who, 'wrong')).status);
      return all;
    };
    expect(await statuses('nobody@x.example')).toEqual(await statuses(email));
  });

  it('P51: an address that keeps failing is blocked at both doors; who is logged in behind it goes on', async () => {
    const doors = await twoDoors(store, { address: 0, user: 0, login: 1_000 });
    const [victims, { email }] = [
      Array.from({ length: 50 }, (_, n) => `v${n}@x.example`),
      await addUser(doors[0], tenantId),
    ];
    const address = freshAddress();
    const [here, there] = doors.map((door) => door.from(address));
    if (!here || !there) throw new Error('there are two doors');
    const token = String((await logIn(here, email)).body.access_token);
    for (const victim of victims) await logIn(here, victim, 'wrong');
    for (const send of [here, there]) {
      expect((await logIn(send, email)).status).toBe(429);
      expect((await send('POST', 'auth/refresh', { body: { refresh_token: 'x' } })).status).toBe(429);
      expect((await send('GET', 'users', { token: 'bad' })).status).toBe(429);
      expect((await send('GET', 'auth/me', { token })).status).toBe(200);
    }
    expect((await logIn(doors[1].from(freshAddress()), email)).status).toBe(200);
  });
});

describe('what stands outside the limits', () => {
  it('I5: health, metrics and webhooks get in, and a bad signature blocks no address', async () => {
    const [door] = await twoDoors('PostgreSQL', { address: 5, user: 5, login: 5 });
    const address = freshAddress();
    const ask = (path: string, method = 'GET') =>
      door.app.request(
        path,
        { method, headers: { 'X-Forwarded-For': address } },
        {
          incoming: { socket: { remoteAddress: '127.0.0.1' } },
        },
      );
    for (let n = 0; n < 100; n++) {
      for (const path of ['/healthz', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200);
      expect((await ask('/webhooks/erpnext/alpha', 'POST')).status).toBe(401);
    }
    expect((await ask('/openapi.json')).status).toBe(200);
    for (let n = 0; n < 10; n++) await ask('/openapi.json');
    expect((await ask('/openapi.json')).status).toBe(429);
    expect((await ask('/healthz')).status).toBe(200);
  });
});
