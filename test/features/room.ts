import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import { answerError } from '#http/errors.ts';
import { createLog } from '#platform/log.ts';
import type { Caller, RouteEnv, Routes } from '#platform/routing.ts';

/** JSON whose shape is what a test proves. */
export type Loose = { readonly [key: string]: Loose };
/** Part of an answer in the shape that the test goes on to look for; what is not so fails there. */
export const shapedAs = <T>(part: unknown): T => part as T;
export type Answer = { readonly status: number; readonly body: Loose };
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

export const admin = (tenantId: string, role = 'admin'): Caller => ({ userId: randomUUID(), tenantId, role });
export const platformOwner: Caller = { userId: randomUUID(), tenantId: null, role: 'platform_owner' };

/** A feature's routes as one caller meets them, behind the real error door and without a socket. */
export function asCaller(routes: Routes, caller: Caller): Ask {
  const app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(createLog('silent')));
  app.use('*', async (c, next) => {
    c.set('caller', caller);
    c.set('correlationId', randomUUID());
    c.set('address', '192.0.2.1');
    await next();
  });
  app.route('/', routes);
  return async (method, path, body) => {
    const json = { 'Content-Type': 'application/json' };
    const init = body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body) };
    const response = await app.request(path, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
}
