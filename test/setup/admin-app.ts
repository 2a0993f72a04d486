import { randomBytes, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { Refusal, refusalStatus } from '#platform/refusal.ts';
import type { RouteEnv, Routes } from '#platform/routing.ts';
import { createVault, type TenantVault } from '#platform/secrets.ts';
import type { TestBridge } from './bridge.ts';

const master = createVault(Buffer.alloc(32, 7));

export type TestTenant = {
  readonly id: string;
  readonly subdomain: string;
  readonly adminId: string;
  readonly vault: TenantVault;
};

/** A tenant with an admin, written past the doors: what a feature's test starts from. */
export async function addTenant(bridge: TestBridge, settings: Record<string, unknown> = {}): Promise<TestTenant> {
  const [id, adminId] = [randomUUID(), randomUUID()];
  const subdomain = `t${randomBytes(4).toString('hex')}`;
  const dataKey = master.newDataKey(id);
  await bridge.look('insert into tenants (id, name, subdomain, settings, data_key) values ($1, $2, $3, $4, $5)', [
    id,
    subdomain,
    subdomain,
    JSON.stringify(settings),
    dataKey,
  ]);
  await bridge.look(
    `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, 'admin@x.id', 'Sari', 'admin', '-')`,
    [adminId, id],
  );
  return { id, subdomain, adminId, vault: master.tenant(id, dataKey) };
}

export type Answer = { readonly status: number; readonly body: Record<string, unknown> };
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

export type RawAnswer = { readonly status: number; readonly text: string; readonly headers: Headers };
export type RawCall = (method: string, path: string, body?: Buffer) => Promise<RawAnswer>;

/** A feature's routes as somebody of a tenant meets them, as behind the HTTP door, without a socket. */
function doorOf(routes: Routes, tenant: TestTenant, role: string, userId: string): Hono<RouteEnv> {
  const app = new Hono<RouteEnv>();
  app.use(async (c, next) => {
    c.set('caller', { userId, tenantId: tenant.id, role });
    c.set('correlationId', randomUUID());
    c.set('address', '127.0.0.1');
    await next();
  });
  app.route('/', routes);
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, details } = error;
    return c.json({ code, message, details }, refusalStatus[code]);
  });
  return app;
}

/** Calls with bytes as they are, and answers with them. */
export function callRaw(routes: Routes, tenant: TestTenant, role = 'admin', userId = tenant.adminId): RawCall {
  const app = doorOf(routes, tenant, role, userId);
  return async (method, path, body) => {
    const response = await app.request(path, { method, ...(body && { body: new Uint8Array(body) }) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
}

/** Calls a feature's routes as a tenant's admin (or in another role). */
export function callAs(routes: Routes, tenant: TestTenant, role = 'admin', userId = tenant.adminId): Call {
  const app = doorOf(routes, tenant, role, userId);
  return async (method, path, body, headers = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const init = {
      ...sent,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    };
    const response = await app.request(path, { method, ...init });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
}
