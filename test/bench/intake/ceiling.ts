import { Hono } from 'hono';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import { type Listening, listen } from '#http/server.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** The most that this machine's Hono takes in: the same signature check and the same parsing, and no database. */
export function startCeiling(secret: string): Promise<Listening> {
  const source = createErpnextWebhookSource();
  const app = new Hono<RouteEnv>();
  let event = 0;
  app.post('/webhooks/erpnext/:subdomain', async (c) => {
    const body = Buffer.from(await c.req.raw.arrayBuffer());
    if (source.verify(body, c.req.raw.headers, [secret]) === null) return c.json({ code: 'UNAUTHORIZED' }, 401);
    const delivery = source.parse(body);
    return delivery.ok ? c.json({ event_id: String(++event) }, 202) : c.json({ code: 'VALIDATION_ERROR' }, 400);
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}
