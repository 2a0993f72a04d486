import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localDate } from '#domain/local-time.ts';
import type { Payout } from '#features/commissions/schema.ts';
import type { DepositPayment } from '#features/deposits/payment-schema.ts';
import type { Deposit, DepositMove, TopUp } from '#features/deposits/schema.ts';
import type { Bill, SubCustomerStatus } from '#features/reseller-desk/schema.ts';
import type { Nas } from '#sandbox/nas/nas.ts';
import { eventually } from './eventually.ts';
import { type Client, logIn } from './http-client.ts';
import { isolirRate, planRate, type Subscriber, zone } from './isp.ts';
import { type LiveIsp, openLiveIsp } from './live-isp.ts';
import { comesOnline, online } from './radius-stage.ts';

/** A thousand at full length. */
const attempts = Math.max(40, Math.round(1_000 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const deposited = 1_000_000;
const rateBp = 1_000;

type List<T> = { readonly data: readonly T[]; readonly total: number };
type Shop = { readonly id: string; readonly client: Client };
type Registered = { readonly id: string; readonly subscription: { id: string; username: string; password: string } };
type PaymentEntry = { readonly name: string; readonly paid_amount: number; readonly docstatus: number };

let live: LiveIsp;
let nas: Nas;
let finance: Client;
let shop: Shop;
let small: Shop;
let rina: Subscriber;
let bill: Bill;

const keyed = () => ({ 'Idempotency-Key': randomUUID() });

async function hire(role: string, name: string, more: object = {}): Promise<Client> {
  const { hub, isp } = live;
  const user = { email: `${name}@isp.example`, password: 'correct horse', name, role };
  await isp.admin.post('auth/register', { ...user, tenant_id: isp.tenantId, ...more });
  return logIn(hub.url, { ...user, subdomain: isp.subdomain });
}

async function openShop(name: string): Promise<Shop> {
  live.isp.erp.insert('Supplier', { supplier_name: name, supplier_group: 'All Supplier Groups' });
  const { id } = await live.isp.admin.post<{ id: string }>('resellers', { name, erp_supplier: name });
  return { id, client: await hire('reseller', name.toLowerCase().replace(' ', '-'), { reseller_id: id }) };
}

/** Registers a prepaid customer over the counter, and waits for its first bill, which ERPNext makes. */
async function registers(by: Shop, name: string) {
  const form = { name, phone: '+62812', address: 'Jl. Melati 5', service_plan_id: live.isp.planId };
  const made = await by.client.post<Registered>('reseller/customers', { ...form, billing_mode: 'prepaid' });
  const { id: customerId, subscription } = made;
  const bills = await eventually(
    () => by.client.get<List<Bill>>(`reseller/invoices?customer_id=${customerId}`),
    ({ total }) => total === 1,
  );
  const { id, username, password } = subscription;
  const who: Subscriber = { id, customerId, erpCustomer: name, username, password };
  return { who, bill: bills.data[0] as Bill };
}

/** A till: told that the hub is busy, it sends the same again. */
async function paysPart(till: Client, customer_id: string, amount: number) {
  const headers = keyed();
  for (;;) {
    const wish = { customer_id, amount };
    const told = await till.call<{ details?: { reason?: string } }>('POST', 'reseller/payments', wish, headers);
    if (told.status !== 503) return told;
  }
}

/** All documents of a doctype in ERPNext, drafts too. */
async function inErpnext<T>(doctype: string, fields: readonly string[]): Promise<readonly T[]> {
  const { erp } = live.isp;
  const query = `fields=${encodeURIComponent(JSON.stringify(fields))}&limit_page_length=0`;
  const answer = await fetch(`${erp.url}/api/resource/${encodeURIComponent(doctype)}?${query}`, {
    headers: { Authorization: `token ${erp.apiKey}:${erp.apiSecret}` },
  });
  return ((await answer.json()) as { data: T[] }).data;
}
const paymentsInErpnext = () => inErpnext<PaymentEntry>('Payment Entry', ['name', 'paid_amount', 'docstatus']);

/** Waits until nothing is on its way out. */
const allOut = () =>
  eventually(
    () =>
      live.hub.look<{ n: number }>(
        `select count(*)::int as n from outbox where tenant_id = $1 and state in ('ready', 'running')
           and (kind like 'ledger.%' or kind like 'commission.%')`,
        [live.isp.tenantId],
      ),
    ([row]) => row?.n === 0,
  );

beforeAll(async () => {
  live = await openLiveIsp();
  nas = await live.addRouter('CKP', '127.0.0.43');
  nas.behaviour({ autoRelogin: true });
  finance = await hire('finance', 'fitri');
  shop = await openShop('Toko Berkah');
  await live.isp.admin.post('commission-rules', { occasion: 'every', kind: 'percent', value: rateBp });
});
afterAll(() => live?.close());

describe('a reseller from its first rupiah to its commission', { timeout: 120_000 }, () => {
  it('S2: it tops up by transfer, and has the money once finance has said yes', async () => {
    const wish = { amount: deposited, method: 'transfer', reference: 'BCA 881' };
    const asked = await shop.client.post<TopUp>('reseller/deposit/top-ups', wish, keyed());
    expect(await shop.client.get<Deposit>('reseller/deposit')).toMatchObject({ balance: 0 });
    await finance.post(`deposit-top-ups/${asked.id}/approve`);
    expect(await shop.client.get<Deposit>('reseller/deposit')).toMatchObject({ balance: deposited });
  });

  it('S1, R4: it registers a customer, who waits behind the wall for its first bill to be paid', async () => {
    ({ who: rina, bill } = await registers(shop, 'Rina'));
    expect(bill).toMatchObject({ erp_invoice: expect.any(String), outstanding: bill.total });
    await live.isp.becomes(rina, 'pending');
    expect((await online(nas, rina)).rateLimit).toBe(isolirRate);
  });

  it('S1, S2: it pays that bill, and the customer is online in the time that the hub shows', async () => {
    const walled = nas.sessions().find(({ username }) => username === rina.username);
    const begun = performance.now();
    const paid = await shop.client.post<DepositPayment>('reseller/payments', { customer_id: rina.customerId }, keyed());
    expect(paid).toMatchObject({ amount: bill.outstanding, balance: deposited - bill.outstanding });
    expect(paid.lines).toMatchObject([{ subscription_id: rina.id, state: 'active' }]);
    const session = await comesOnline(nas, rina, ({ id }) => id !== walled?.id);
    const ms = performance.now() - begun;
    expect(session.rateLimit).toBe(planRate);
    const { timeline } = await eventually(
      () => live.isp.explain(rina),
      (told) => told.timeline.some(({ kind }) => kind === 'session_ended'),
    );
    const decided = timeline.findLast(({ kind, data }) => kind === 'decision' && data.state === 'active');
    const way = timeline.filter((entry) => entry.correlation_id === decided?.correlation_id);
    expect(way.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['decision', 'rows', 'disconnect']));
    const from = Date.parse(decided?.at ?? '');
    const shown = way.map(({ kind, at }) => `${kind} +${Date.parse(at) - from} ms`).join(', ');
    process.stdout.write(`S1: from the tap to the new session ${ms.toFixed(0)} ms; the hub shows ${shown}\n`);
    const status = await eventually(
      () => shop.client.get<SubCustomerStatus>(`reseller/customers/${rina.customerId}/status`),
      ({ dot, open }) => dot === 'green' && open === 0,
    );
    expect(status).toMatchObject({ lines: [{ online: true, why: { code: 'online' } }] });
  });

  it('S2, L6: its statement is right to the rupiah, and is what the books say', async () => {
    const { data } = await shop.client.get<List<DepositMove>>('reseller/deposit/moves');
    const told = data.map(({ kind, amount, balance }) => [kind, amount, balance]).sort();
    expect(told).toEqual([
      ['payment', -bill.outstanding, deposited - bill.outstanding],
      ['top_up', deposited, deposited],
    ]);
    const books = await live.hub.look<{ account: string; amount: number }>(
      'select account, sum(amount)::int as amount from entries where tenant_id = $1 group by 1 order by 1',
      [live.isp.tenantId],
    );
    const held = books.filter(({ account }) => !account.startsWith('commission') && account !== 'expense');
    expect(held).toEqual([
      { account: 'bank', amount: deposited },
      { account: 'deposits', amount: bill.outstanding - deposited },
      { account: 'erpnext', amount: -bill.outstanding },
    ]);
  });

  it('S3, REL-19: ERPNext has the payment once, and the commission of it appears once', async () => {
    await allOut();
    expect(await paymentsInErpnext()).toEqual([
      { name: expect.any(String), paid_amount: bill.outstanding, docstatus: 1 },
    ]);
    expect(live.isp.erp.get('Sales Invoice', String(bill.erp_invoice)).outstanding_amount).toBe(0);
    // ERPNext told the hub of that entry as well: it is the same money.
    await live.isp.erp.delivered();
    await allOut();
    const { data } = await eventually(
      () => shop.client.get<CommissionList>('reseller/commissions'),
      ({ total }) => total > 0,
    );
    expect(data).toMatchObject([{ customer_id: rina.customerId, amount: share(bill.outstanding), paid: false }]);
  });

  it('S3: the commission is paid out, and is one Journal Entry in ERPNext', async () => {
    const until = localDate(Date.now(), zone);
    const { data } = await finance.post<{ data: readonly Payout[] }>('commission-payouts', { until });
    const [draft] = data;
    expect(draft).toMatchObject({ reseller_id: shop.id, amount: share(bill.outstanding), state: 'draft' });
    const path = `commission-payouts/${draft?.id}`;
    await finance.post(`${path}/approve`);
    await finance.post(`${path}/pay`, { method: 'transfer', reference: 'TRX 1' });
    await finance.post(`${path}/pay`, { method: 'transfer', reference: 'TRX 1' });
    const paid = await eventually(
      () => finance.get<Payout>(path),
      ({ erp_document }) => erp_document !== null,
    );
    expect(paid).toMatchObject({ state: 'paid', erp_error: null });
    await allOut();
    const entries = await inErpnext('Journal Entry', ['name', 'docstatus']);
    expect(entries).toEqual([{ name: paid.erp_document, docstatus: 1 }]);
  });

  it(`REL-16: ${attempts} parallel payments from a deposit that covers ten are ten, here and in ERPNext`, async () => {
    small = await openShop('Toko Kecil');
    const { who } = await registers(small, 'Tono');
    const amount = 1_000;
    await finance.post(`resellers/${small.id}/deposit/top-ups`, { amount: 10 * amount, method: 'cash' }, keyed());
    const before = (await paymentsInErpnext()).length;
    const answers = await Promise.all(
      Array.from({ length: attempts }, () => paysPart(small.client, who.customerId, amount)),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(answers.length - refused.length).toBe(10);
    for (const { status, body } of refused) expect([status, body.details?.reason]).toEqual([409, 'deposit_too_low']);
    expect(await small.client.get<Deposit>('reseller/deposit')).toMatchObject({ balance: 0 });
    await allOut();
    const there = (await paymentsInErpnext()).filter((entry) => entry.paid_amount === amount);
    expect([there.length, (await paymentsInErpnext()).length - before]).toEqual([10, 10]);
  });

  it('S2, B5: what ERPNext cancels of it is told as drift, whose one action gives the deposit its money again, once', async () => {
    const entry = (await paymentsInErpnext()).find(({ paid_amount }) => paid_amount === 1_000);
    live.isp.erp.cancelPayment(entry?.name ?? '');
    await live.isp.erp.delivered();
    const [told] = await eventually(compared, (open) => open.length > 0);
    expect(told).toMatchObject({ action: 'reported', was: expect.stringContaining(entry?.name ?? '-') });
    const path = `payments/${told?.subject.replace('payment ', '')}/reverse`;
    expect(told?.why).toContain(`POST ${path}`);
    expect(await small.client.get<Deposit>('reseller/deposit')).toMatchObject({ balance: 0 });
    await finance.post(path, { reason: 'cancelled in ERPNext' }, keyed());
    expect((await finance.call('POST', path, { reason: 'again' }, keyed())).status).toBe(409);
    expect(await small.client.get<Deposit>('reseller/deposit')).toMatchObject({ balance: 1_000 });
    expect(await compared()).toEqual([]);
  });
});

type Told = { readonly subject: string; readonly was: string; readonly why: string; readonly action: string };
/** Compares the ledger now; answers which deposits wait for their money by then. */
async function compared(): Promise<readonly Told[]> {
  const { admin } = live.isp;
  const { id } = await admin.post<{ id: string }>('reconciliations', { scope: 'ledger' });
  const run = await eventually(
    () => admin.get<{ state: string; error: string | null }>(`reconciliations/${id}`),
    ({ state }) => state === 'done' || state === 'failed',
  );
  expect(run).toMatchObject({ state: 'done' });
  return (await admin.get<List<Told>>('drift?open=true&kind=deposit_not_returned')).data;
}

type CommissionList = { readonly data: readonly { readonly amount: number }[]; readonly total: number };
const share = (amount: number): number => Math.round((amount * rateBp) / 10_000);
