import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addUser, type IdentityRoom, openIdentityRoom, password } from '#test/features/identity-room.ts';
import { openApp } from '#test/features/open-app.ts';

const foreign = 'https://evil.example';
let bridge: BridgeRoom;
let room: IdentityRoom;
let token: string;
let login: object;

beforeAll(async () => {
  bridge = await createBridgeRoom(inject('postgresUrl'));
  room = await openIdentityRoom(bridge);
  const tenantId = await bridge.addTenant();
  const { email } = await addUser(room, tenantId);
  login = { email, password, tenant_id: tenantId };
  token = String((await room.send('POST', 'auth/login', { body: login })).body.access_token);
});
afterAll(() => bridge.close());

type Operation = { readonly method: string; readonly path: string; readonly isOpen: boolean };

/** Every operation that the document of this door lists, with made-up ids. */
async function operations(): Promise<readonly Operation[]> {
  const document = (await (await room.app.request('/openapi.json')).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: readonly unknown[] }>>>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, '7d5a0f2e-3c47-4f0c-8d1e-0f6f1f3f9b21'),
      isOpen: security?.length === 0,
    })),
  );
}

describe('requests from other sites', () => {
  it('SEC-14: a form that another site posts, with whatever cookies there are, is 401 on every route that needs a caller', async () => {
    const guarded = (await operations()).filter(({ isOpen }) => !isOpen);
    expect(guarded.length).toBeGreaterThan(10);
    for (const { method, path } of guarded) {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
        const headers = { Origin: foreign, Cookie: `access_token=${token}; session=${token}`, 'Content-Type': type };
        const body = ['GET', 'HEAD'].includes(method) ? {} : { body: 'name=x' };
        const answer = await room.app.request(path, { method, headers, ...body });
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
  });

  it('SEC-14: no route sets a cookie, and none lets a foreign origin read its answer', async () => {
    for (const { method, path } of await operations()) {
      const headers = { Origin: foreign, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const body = ['GET', 'HEAD'].includes(method) ? {} : { body: '{}' };
      const answer = await room.app.request(path, { method, headers, ...body });
      expect(answer.headers.has('Set-Cookie'), `${method} ${path}`).toBe(false);
      expect(answer.headers.get('Access-Control-Allow-Origin'), `${method} ${path}`).toBeNull();
      expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull();
    }
    const inside = await room.send('POST', 'auth/login', { body: login, headers: { Origin: foreign } });
    expect(inside.headers.has('Set-Cookie')).toBe(false);
  });

  it('SEC-14: a foreign origin’s preflight allows nothing; a configured one may send a token', async () => {
    const preflight = async (origin: string) => {
      const headers = {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      };
      const answer = await room.app.request('/api/v1/api-keys', { method: 'OPTIONS', headers });
      return [answer.headers.get('Access-Control-Allow-Origin'), answer.headers.get('Access-Control-Allow-Headers')];
    };
    expect((await preflight(foreign))[0]).toBeNull();
    expect(await preflight('https://console.example')).toEqual(['https://console.example', 'authorization']);
  });

  it('SEC-26: every answer that a browser may get carries the security headers: HSTS of a year, CSP, nosniff, no framing, no referrer, no product name', async () => {
    const paths = (await operations()).filter(({ path }) => !path.startsWith('/webhooks/'));
    for (const { path, method } of [...paths, { path: '/nowhere', method: 'GET' }]) {
      const { headers } = await room.app.request(path, { method });
      const at = `${method} ${path}`;
      expect(
        Number(/max-age=(\d+)/.exec(headers.get('Strict-Transport-Security') ?? '')?.[1]),
        at,
      ).toBeGreaterThanOrEqual(31_536_000);
      expect(headers.get('Content-Security-Policy'), at).toContain("default-src 'none'");
      expect(headers.get('Content-Security-Policy'), at).toContain("frame-ancestors 'none'");
      expect(headers.get('X-Content-Type-Options'), at).toBe('nosniff');
      expect(headers.get('Referrer-Policy'), at).toBe('no-referrer');
      expect([headers.get('X-Powered-By'), headers.get('Server')], at).toEqual([null, null]);
    }
  });

  it('SEC-26: on plain HTTP there is no HSTS, which browsers would ignore', async () => {
    const config = { publicUrl: 'http://127.0.0.1:8089', corsOrigins: [], trustedProxies: [] };
    expect((await openApp({ config }).request('/healthz')).headers.get('Strict-Transport-Security')).toBeNull();
  });
});
