import { Hono } from 'hono';
import { type Listening, listen } from '#http/server.ts';
import { webPages } from '#http/web-pages.ts';
import type { RouteEnv } from '#platform/routing.ts';
import type * as Shapes from '../../web/reseller/api/shapes.ts';
import { enter, type Phone } from '../pages/phone.ts';
import { createDesk, type Desk } from './desk.ts';

/** The reseller's page as it is served, and behind it the API's answers as a counter would give them. */
export type DeskHub = { readonly url: string; readonly desk: Desk; close(): Promise<void> };

const at = '2026-11-21T03:00:00.000Z';
const list = <T>(rows: readonly T[]) => ({ data: rows, page: 1, page_size: 25, total: rows.length });

const months = Array.from({ length: 12 }, (_, i) => ({
  month: `2026-${String(i + 1).padStart(2, '0')}`,
  earned: 10_000 * (i + 1),
  taken_back: i === 5 ? -90_000 : 0,
  paid: i < 10 ? 10_000 * (i + 1) : 0,
}));

function dashboard({ customers, balance }: Desk): Shapes.Dashboard {
  const count = (wanted: string) => customers.filter(({ dot }) => dot === wanted).length;
  const owing = customers.filter(({ open }) => open > 0);
  return {
    customers: { total: customers.length, green: count('green'), red: count('red'), grey: count('grey') },
    to_collect: { customers: owing.length, amount: owing.reduce((sum, { open }) => sum + open, 0) },
    due_soon: owing.map(({ id, name, open }) => ({ id, name, amount: open, due_date: '2026-11-23' })),
    open_requests: 1,
    deposit: { balance: balance(), low_mark: 2_000_000 },
    commission_this_month: 120_000,
  };
}

function thread({ texts, customers }: Desk): Shapes.Thread {
  const text = texts.any || 'Modem menyala merah sejak pagi';
  const [customer] = customers;
  return {
    ...({ id: 'r1', kind: 'no_internet', state: 'answered', text, updated_at: at } as const),
    customer: customer ? { id: customer.id, name: customer.name } : null,
    messages: [
      { id: 'm1', by: 'reseller', name: 'Bu Tini', text, at },
      { id: 'm2', by: 'provider', name: texts.any || 'Ayu', text, at },
    ],
  };
}

function reading(routes: Hono<RouteEnv>, desk: Desk): void {
  const { customers, texts } = desk;
  const plan: Omit<Shapes.SoldPlan, 'name'> = { id: 'p', price: desk.price, speed_download: 20, speed_upload: 10 };
  routes.get('/settings', (c) =>
    c.json({
      currency: 'IDR',
      payment_instructions: texts.any || 'BCA 123-456-789 a.n. PT Satu Net',
      branding: { name: texts.any || 'Satu Net', colour: '#ff7a00', logo: null, phone: null },
    }),
  );
  routes.get('/reseller/dashboard', (c) => c.json(dashboard(desk)));
  routes.get('/reseller/customers', (c) => {
    const [search = '', dot = ''] = [c.req.query('search'), c.req.query('dot')];
    const found = customers.filter((one) => one.name.includes(search) && (dot === '' || one.dot === dot));
    const rows = found.map(({ lines, ...one }): Shapes.SubCustomer => ({ ...one, plan: lines[0]?.plan ?? null }));
    return c.json(list(rows));
  });
  routes.get('/reseller/customers/:id/status', (c) => {
    const found = customers.find(({ id }) => id === c.req.param('id'));
    return found ? c.json(found) : c.json({ code: 'NOT_FOUND', message: 'There is none.' }, 404);
  });
  routes.get('/reseller/invoices', (c) => {
    const open = customers.find(({ id }) => id === c.req.query('customer_id'))?.open ?? 0;
    const number = texts.any || 'INV-2026-000042';
    const bill = { number, due_date: '2026-11-20', is_overdue: true, outstanding: open };
    return c.json({ ...list(open > 0 ? [bill] : []), open } satisfies Shapes.Bills);
  });
  routes.get('/reseller/plans', (c) =>
    c.json({ data: [{ ...plan, name: texts.any || 'Home 20' }] } satisfies Shapes.SoldPlans),
  );
  routes.get('/reseller/voucher-offers', (c) => c.json({ data: [desk.offer()] } satisfies Shapes.Offers));
  routes.get('/reseller/voucher-sales', (c) => c.json(list([desk.saleOf('s1', 3)])));
  routes.get('/reseller/voucher-sales/:id', (c) => c.json(desk.saleOf(c.req.param('id'), 3)));
  routes.get('/reseller/deposit', (c) =>
    c.json({
      ...{ balance: desk.balance(), low_mark: 2_000_000, spent_today: 450_000, daily_limit: 5_000_000 },
      ways: ['transfer', 'cash', 'qris'],
    } satisfies Shapes.Deposit),
  );
  routes.get('/reseller/deposit/moves', (c) => c.json(list(desk.moves)));
  const asked = { id: 't1', amount: 500_000, method: 'transfer', reference: 'BCA 881', requested_at: at } as const;
  routes.get('/reseller/deposit/top-ups', (c) =>
    c.json(
      list<Shapes.TopUp>([{ ...asked, charge: null, state: 'rejected', reason: texts.any || 'Belum masuk rekening' }]),
    ),
  );
  const earned = { id: 'c1', at, amount: -7_500 };
  routes.get('/reseller/commissions', (c) =>
    c.json(
      list<Shapes.Commission>([
        { ...earned, customer_name: texts.any || 'Siti Aminah', service_plan_name: texts.any || 'Home 20' },
      ]),
    ),
  );
  routes.get('/reseller/commissions/summary', (c) =>
    c.json({ owed: 230_000, paid: 550_000, this_month: 120_000, months } satisfies Shapes.CommissionSummary),
  );
  routes.get('/reseller/requests', (c) => c.json(list([thread(desk)])));
  routes.get('/reseller/requests/:id', (c) => c.json(thread(desk)));
}

function writing(routes: Hono<RouteEnv>, desk: Desk): void {
  routes.post('/reseller/coverage', (c) =>
    c.json({
      ...{ covered: true, may_register: true },
      areas: [{ id: 'a', name: desk.texts.any || 'ODP 7' }],
    } satisfies Shapes.Coverage),
  );
  routes.post('/reseller/customers/import', (c) => {
    const text = desk.texts.any || 'bukan nomor telepon';
    const row = { name: desk.texts.any || 'Pak Darto', phone: '8,12E+11', plan: 'Home 20' };
    const faults = { errors: [{ column: 'phone' as const, message: text }], warnings: [] };
    const counts = { good: 12, bad: 1, imported_before: false };
    return c.json({ rows: [{ row: 2, ...row, ...faults }], ...counts, customers: [] } satisfies Shapes.Import);
  });
  routes.post('/reseller/*', async (c) => {
    const path = c.req.path.replace(/^.*\/reseller\//, '');
    return c.json(Object(desk.do(path, c.req.header('Idempotency-Key'), await c.req.json())), 201);
  });
}

function api(desk: Desk): Hono<RouteEnv> {
  const routes = new Hono<RouteEnv>();
  routes.use('*', async (c, next) => {
    await next();
    // The counter has done it, and the phone does not hear of it.
    if (desk.losesAnswers(`${c.req.method} ${c.req.path}`))
      c.res = new Response('<html>portal</html>', { status: 200 });
  });
  routes.post('/auth/login', (c) => c.json(desk.session()));
  routes.post('/auth/refresh', (c) => c.json(desk.session()));
  routes.post('/auth/logout', (c) => c.body(null, 204));
  reading(routes, desk);
  writing(routes, desk);
  return routes;
}

export async function openDeskHub(): Promise<DeskHub> {
  const desk = createDesk();
  const app = new Hono<RouteEnv>();
  app.route('/', webPages());
  app.route('/api/v1', api(desk));
  const server: Listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${server.port}`, desk, close: () => server.close() };
}

export const logIn = (tini: Phone, { url, desk: { password } }: DeskHub, heading = 'Satu Net'): Promise<void> =>
  enter(tini, url, { subdomain: 'satunet', email: 'tini@warung.example', password }, { folder: 'reseller', heading });
