import { describe, expect, it } from 'vitest';
import { openApp } from '#test/features/open-app.ts';

const bearer = { Authorization: 'Bearer good' };
const json = { ...bearer, 'Content-Type': 'application/json' };
const echo = (app: ReturnType<typeof openApp>, init: RequestInit) =>
  app.request('/api/v1/echo', { method: 'POST', headers: json, body: '{"text":"x"}', ...init });

async function told(response: Response | Promise<Response>) {
  const answer = await response;
  const body = (await answer.json()) as { readonly code: string };
  return { status: answer.status, code: body.code };
}

describe('the HTTP door', () => {
  it('I1: nothing under /api/v1 answers without a good bearer token', async () => {
    const app = openApp();
    const refused = { status: 401, code: 'UNAUTHORIZED' };
    for (const headers of [
      {},
      { Authorization: 'Bearer bad' },
      { Authorization: 'Basic good' },
      { 'X-API-Key': 'good' },
    ]) {
      expect(await told(echo(app, { headers }))).toEqual(refused);
      expect(await told(app.request('/api/v1/no-such-path', { headers }))).toEqual(refused);
    }
    expect((await app.request('/api/v1/echo', { method: 'POST' })).headers.get('WWW-Authenticate')).toBe('Bearer');
    expect((await echo(app, {})).status).toBe(200);
  });

  it('T2: a header or host name that names another tenant than the token is 403; one that repeats it passes', async () => {
    const app = openApp();
    const status = async (headers: Record<string, string>) =>
      (await echo(app, { headers: { ...json, ...headers } })).status;
    expect(await status({ 'X-Tenant-ID': 'a0000000-0000-4000-8000-00000000000a' })).toBe(200);
    expect(await status({ 'X-Tenant-ID': 'A0000000-0000-4000-8000-00000000000A' })).toBe(200);
    expect(await status({ 'X-Tenant-ID': 'b0000000-0000-4000-8000-00000000000b' })).toBe(403);
    expect(await status({ Host: 'alpha.hub.example.net' })).toBe(200);
    expect(await status({ Host: 'beta.hub.example.net' })).toBe(403);
    expect(await status({ Host: 'hub.example.net:8089' })).toBe(200);
  });

  it('O5: a sane X-Request-Id is echoed and logged, anything else is replaced', async () => {
    const app = openApp();
    const idFor = async (given: string) =>
      (await app.request('/healthz', { headers: { 'X-Request-Id': given } })).headers.get('X-Request-Id');
    expect(await idFor('order-17:3')).toBe('order-17:3');
    expect(await idFor('x'.repeat(101))).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('a b"c')).toMatch(/^[0-9a-f-]{36}$/);
    await echo(app, { headers: { ...json, 'X-Request-Id': 'order-18' } });
    const line = JSON.parse(app.lines.at(-1) ?? '{}');
    expect(line).toMatchObject({ correlation_id: 'order-18', method: 'POST', path: '/api/v1/echo', status: 200 });
  });

  it('SEC-22: neither the token, the query nor the body reach the log', async () => {
    const app = openApp();
    await app.request('/api/v1/echo?phone=0812canary', {
      method: 'POST',
      headers: json,
      body: '{"text":"bodycanary"}',
    });
    expect(app.lines).toHaveLength(1);
    expect(app.lines.join()).not.toMatch(/canary|Bearer|good/);
  });

  it('O4: broken JSON, no JSON and wrong fields are 400 with the field named', async () => {
    const app = openApp();
    expect(await told(echo(app, { body: '{"text":' }))).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(await told(echo(app, { headers: { ...bearer, 'Content-Type': 'text/plain' } }))).toMatchObject({
      status: 400,
    });
    const response = await echo(app, { body: '{"text":1}' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_ERROR', details: { fields: [{ field: 'text' }] } });
  });

  it('O4: unknown paths and wrong methods are 404 in the one shape', async () => {
    const app = openApp();
    const notFound = { status: 404, code: 'NOT_FOUND' };
    expect(await told(app.request('/nowhere'))).toEqual(notFound);
    expect(await told(app.request('/webhooks/erpnext/alpha'))).toEqual(notFound);
    expect(await told(app.request('/api/v1/nowhere', { headers: bearer }))).toEqual(notFound);
    expect(await told(app.request('/api/v1/echo', { method: 'DELETE', headers: bearer }))).toEqual(notFound);
  });

  it('SEC-25: a body over 1 MB is 413, with and without a declared length', async () => {
    const app = openApp();
    const body = JSON.stringify({ text: 'x'.repeat(1_100_000) });
    const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
    expect(await told(echo(app, { body }))).toEqual(tooLarge);
    expect(await told(echo(app, { body, headers: { ...json, 'Content-Length': String(body.length) } }))).toEqual(
      tooLarge,
    );
  });

  it('SEC-26: every answer carries the security headers, an error too', async () => {
    const app = openApp();
    for (const path of ['/healthz', '/nowhere', '/api/v1/echo', '/openapi.json']) {
      const { headers } = await app.request(path);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains');
    }
  });

  it('I6: only configured origins may ask from a browser', async () => {
    const config = { publicUrl: 'http://127.0.0.1:8089', trustedProxies: [], corsOrigins: ['https://console.example'] };
    const app = openApp({ config });
    const allowed = async (origin: string, on = app) =>
      (await on.request('/healthz', { headers: { Origin: origin } })).headers.get('Access-Control-Allow-Origin');
    expect(await allowed('https://console.example')).toBe('https://console.example');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('https://console.example', openApp())).toBeNull();
    const preflight = { Origin: 'https://console.example', 'Access-Control-Request-Method': 'POST' };
    expect((await app.request('/api/v1/echo', { method: 'OPTIONS', headers: preflight })).status).toBe(204);
  });

  it('O5: ready is 200, not ready is 503 with what is missing; metrics count requests', async () => {
    const dependencies = { radius: { ok: false, text: 'refused' } };
    const away = openApp({ readiness: async () => ({ ready: false, dependencies }) });
    const response = await away.request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, dependencies });
    const app = openApp();
    expect((await app.request('/readyz')).status).toBe(200);
    await echo(app, {});
    const metrics = await (await app.request('/metrics')).text();
    expect(metrics).toContain('jembatan_http_request_seconds_count{method="POST",route="/api/v1/echo",status="200"} 1');
  });

  it('REL-10: a route that finds the database away answers 503, a broken one 500 without details', async () => {
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const failing = (error: Error) =>
      openApp({
        failure: () => {
          throw error;
        },
      }).request('/api/v1/fail', { headers: bearer });
    expect(await told(failing(away))).toEqual({ status: 503, code: 'UNAVAILABLE' });
    expect(await told(failing(new Error('select secret')))).toEqual({ status: 500, code: 'INTERNAL_ERROR' });
  });
});
