import { Hono } from 'hono';
import { type Listening, listen } from '#http/server.ts';
import { webPages } from '#http/web-pages.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { enter, type Phone } from '../pages/phone.ts';
import { createOffice, type Office } from './office.ts';

/** The page's own hub: the pages as they are served, and behind them the API's answers as the office would give them. */
export type FieldHub = {
  readonly url: string;
  readonly office: Office;
  close(): Promise<void>;
};

type Body = Readonly<Record<string, unknown>>;

const list = (rows: readonly unknown[]) => ({ data: rows, page: 1, page_size: 100, total: rows.length });

/**
 * What the page asks for, as the contract has it: enough to try the page on a phone without signal, with lost answers and
 * refusals, which a whole hub gives only by chance.
 */
function api(office: Office): Hono<RouteEnv> {
  const routes = new Hono<RouteEnv>();
  routes.use('*', async (c, next) => {
    await next();
    // The office has heard it, and the phone does not hear back.
    if (office.losesAnswers(`${c.req.method} ${c.req.path}`))
      c.res = new Response('<html>portal</html>', { status: 200 });
  });
  routes.post('/auth/login', async (c) => {
    const { password, email }: Body = await c.req.json();
    if (password !== office.password) return c.json({ code: 'UNAUTHORIZED', message: 'Wrong.' }, 401);
    return c.json(office.session(String(email)));
  });
  routes.post('/auth/refresh', (c) => c.json(office.session()));
  routes.post('/auth/logout', (c) => c.body(null, 204));
  routes.get('/work-orders', (c) => c.json(list(office.orders())));
  routes.patch('/work-orders/:id', async (c) => c.json(office.move(c.req.param('id'), await c.req.json())));
  routes.post('/work-orders/:id/photos', async (c) => {
    const bytes = await c.req.arrayBuffer();
    return c.json(office.keepPhoto(c.req.param('id'), new Uint8Array(bytes)), 201);
  });
  routes.get('/assets', (c) => c.json(list(office.assets(c.req.query('search')))));
  routes.post('/scans', async (c) => {
    const outcome = office.scan(await c.req.json());
    return 'message' in outcome ? c.json(outcome, 409) : c.json(outcome);
  });
  routes.get('/scans/:id', (c) => c.json(office.look(c.req.param('id'))));
  routes.post('/attendance/check-ins', async (c) => {
    office.received.push({ path: 'attendance', body: await c.req.json() });
    return c.json({}, 201);
  });
  routes.get('/settings', (c) => c.json({ currency: 'IDR' }));
  routes.get('/kpi/technicians', (c) => c.json(list(office.kpi())));
  return routes;
}

export async function openFieldHub(): Promise<FieldHub> {
  const office = createOffice();
  const app = new Hono<RouteEnv>();
  app.route('/', webPages());
  app.route('/api/v1', api(office));
  const server: Listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${server.port}`, office, close: () => server.close() };
}

export const logIn = (budi: Phone, { url, office: { password } }: FieldHub): Promise<void> =>
  enter(budi, url, { subdomain: 'satunet', email: 'budi@satunet.example', password });

/** What a scanner that plugs in as a keyboard does: keys faster than anybody types, then Enter. */
export const wedge = ({ page }: Phone, code: string): Promise<unknown> =>
  page.evaluate(`for (const key of [...${JSON.stringify(code)}, 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));`);
