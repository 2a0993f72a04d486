import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runHub } from '#main/run-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { type Ask, asker, type Told } from '#test/api/ask.ts';
import { booksFindings } from '#test/features/books-findings.ts';
import { depositFindings } from '#test/features/deposit-findings.ts';
import { attempt, type Counter, firstStorm, storm } from './deposit-deeds.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE);
/** 1,000 at full length. */
const many = Math.max(100, Math.round(1_000 * scale));
const storms = Math.max(15, Math.round(scale < 0.2 ? 0 : 1_000 * scale));
/** Tokens do not last for all of them. */
const perLogin = 50;
const price = 10_000;

let hub: RunningHub;
let office: Office;
let planId: string;

beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'mysql',
    radiusServerUrl: inject('mariadbUrl'),
  });
  office = await hub.addOffice('deposit');
  const plan = { name: 'Home 10', speed_download: 10, speed_upload: 5, price: 150_000 };
  planId = (await office.admin.post<{ id: string }>('service-plans', plan)).id;
}, 120_000);
afterAll(() => hub?.close());

type Shop = {
  readonly id: string;
  readonly ask: Ask;
  readonly customers: readonly string[];
  readonly token: string;
  readonly email: string;
};

async function tokenOf(email: string): Promise<string> {
  const body = { email, password: 'correct horse', subdomain: office.subdomain };
  const told = await asker(hub.url, null)({ method: 'POST', path: '/api/v1/auth/login', body });
  return Object(told.json).access_token;
}

/** A reseller that is logged in, with so much in its deposit and customers who owe more than it holds. */
async function shopWith(amount: number, customers: number): Promise<Shop> {
  const email = `${randomUUID()}@toko.example`;
  const password = 'correct horse';
  const user = { tenant_id: office.tenantId, email, password, name: email, role: 'reseller' };
  await office.admin.post('auth/register', user);
  const token = await tokenOf(email);
  const ask = asker(hub.url, token);
  const id: string = Object((await ask({ method: 'GET', path: '/api/v1/reseller/deposit' })).json).reseller_id;
  const ids: string[] = [];
  for (let n = 0; n < customers; n += 1) {
    const form = { name: `Budi ${n}`, phone: '0812', address: 'Jl. Melati', service_plan_id: planId };
    const made = Object((await ask({ method: 'POST', path: '/api/v1/customers', body: form })).json);
    const lines = [{ description: 'Home 10', unit_price: price * many }];
    await office.admin.post('invoices', { customer_id: made.id, lines });
    ids.push(made.id);
  }
  const entered = { amount, method: 'cash' };
  const path = `/api/v1/resellers/${id}/deposit/top-ups`;
  const told = await asker(hub.url, await tokenOf('admin@isp.example'))(post(path, entered, randomUUID()));
  expect(told.status).toBe(201);
  return { id, ask, customers: ids, token, email };
}

const post = (path: string, body: object, key: string) => ({
  ...{ method: 'POST', path, body },
  headers: { 'Idempotency-Key': key },
});
const payment = (customer_id: string) => ({ customer_id, amount: price });
/**
 * A thousand connections at once are more than a busy machine takes: who gets no answer, or is told that the hub could not
 * take the request just now, sends the same again under the same key.
 */
async function paid(ask: Ask, customer: string, key: string, more: object = {}): Promise<Told> {
  for (;;) {
    const request = post('/api/v1/reseller/payments', { ...payment(customer), ...more }, key);
    const told = await ask(request).catch(() => null);
    if (told && told.status !== 408 && told.status !== 503) return told;
  }
}
const verdicts = (told: readonly Told[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { status, json } of told) {
    const name = [status, Object(Object(json).details).reason].join(' ').trim();
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
};
const balanceOf = async ({ ask }: Shop) =>
  Object((await ask({ method: 'GET', path: '/api/v1/reseller/deposit' })).json).balance;

/** The storms' length is their number's. */
const timeout = 300_000 + 3_000 * storms;

describe('deposits over HTTP', { timeout }, () => {
  it('REL-16: of a thousand payments at once a deposit that covers ten pays exactly ten, of each of three resellers', async () => {
    const shops = await Promise.all([1, 2, 3].map(() => shopWith(10 * price, 5)));
    const [one] = shops as [Shop, Shop, Shop];
    const each = (shop: Shop, count: number) =>
      Promise.all(Array.from({ length: count }, (_, n) => paid(shop.ask, shop.customers[n % 5] ?? '', randomUUID())));
    const all = await Promise.all(shops.map((shop) => each(shop, shop === one ? many : many / 5)));
    expect(all.map(verdicts)).toEqual([
      { '201': 10, '409 deposit_too_low': many - 10 },
      { '201': 10, '409 deposit_too_low': many / 5 - 10 },
      { '201': 10, '409 deposit_too_low': many / 5 - 10 },
    ]);
    expect(await Promise.all(shops.map(balanceOf))).toEqual([0, 0, 0]);
    expect(await depositFindings(hub.look, office.tenantId)).toEqual([]);
  });

  it('REL-16: control: read, compare and write grants more than the deposit covers', async () => {
    await hub.look('create table naive_deposits (balance bigint not null)');
    await hub.look('insert into naive_deposits values (10)');
    const naive = async (): Promise<boolean> => {
      const [row] = await hub.look<{ balance: string }>('select balance from naive_deposits');
      const balance = Number(row?.balance);
      if (balance < 1) return false;
      await hub.look('update naive_deposits set balance = $1', [balance - 1]);
      return true;
    };
    const granted = (await Promise.all(Array.from({ length: many }, naive))).filter(Boolean);
    await hub.look('drop table naive_deposits');
    expect(granted.length).toBeGreaterThan(10);
  });

  it('REL-17: a thousand with one key are one debit and one answer; another body is refused; a restart changes nothing', async () => {
    const shop = await shopWith(10 * price, 1);
    const [customer = ''] = shop.customers;
    const key = randomUUID();
    const told = await Promise.all(Array.from({ length: many }, () => paid(shop.ask, customer, key)));
    expect(new Set(told.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(told[0]?.status).toBe(201);
    expect((await paid(shop.ask, customer, key, { amount: price + 1 })).status).toBe(409);
    const second = await runHub(readConfig(hub.environment), createLog('silent'));
    try {
      const again = await paid(asker(second.url, shop.token), customer, key);
      expect([again.status, again.text]).toEqual([201, told[0]?.text]);
    } finally {
      await second.close();
    }
    expect(await balanceOf(shop)).toBe(9 * price);
    const keyless = await shop.ask({ method: 'POST', path: '/api/v1/reseller/payments', body: payment(customer) });
    expect([keyless.status, keyless.text]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
  });

  it('REL-18: two resellers, who top up, pay, buy, and are given back at once, keys repeated: deposits are what the books say', async () => {
    const shops = await Promise.all([shopWith(2_000, 1), shopWith(2_000, 1)]);
    const batch = { days: 30, price: 120, reseller_price: 100, count: 500, note: 'agen' };
    const place = { look: hub.look, tenantId: office.tenantId, batchId: '' };
    const done = new Map<string, number>();
    let round = 0;
    for (let left = storms; left > 0; left -= perLogin) {
      const { id: batchId } = await office.admin.post<{ id: string }>('vouchers', batch);
      const admin = asker(hub.url, await tokenOf('admin@isp.example'));
      const counters = await Promise.all(
        shops.map(async ({ id, customers: [customer = ''], email }) => ({
          ...{ id, customer, admin, ask: asker(hub.url, await tokenOf(email)) },
        })),
      );
      await fc.assert(
        fc.asyncProperty(storm, async (deeds) => {
          round += 1;
          const told = await Promise.all(
            deeds.map((one) => attempt({ ...place, batchId }, counters[one.shop] as Counter, one, round)),
          );
          for (const [i, { status, text }] of told.entries()) {
            expect([200, 201, 404, 409, 503], text).toContain(status);
            const what = deeds[i]?.what ?? '';
            if (status < 300) done.set(what, (done.get(what) ?? 0) + 1);
          }
          expect(await depositFindings(hub.look, office.tenantId)).toEqual([]);
        }),
        { numRuns: Math.min(left, perLogin), endOnFailure: true, examples: [[firstStorm]] },
      );
    }
    expect(await booksFindings(hub.look, office.tenantId)).toEqual([]);
    expect([...done.keys()]).toEqual(expect.arrayContaining(['bill', 'top up', 'pay a part', 'buy vouchers']));
  });
});
