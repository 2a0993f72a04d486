import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import { type LedgerWorld, ledgerContract } from '#ports/ledger/contract.ts';
import { ledgerPushContract } from '#ports/ledger/push/contract.ts';
import { createErpnext, type Erpnext, type ErpnextOptions } from '#sandbox/erpnext/create-erpnext.ts';
import { createErpnextLedger, type ErpnextLedgerOptions } from './ledger.ts';

const networks = parseNetworks(['127.0.0.0/8']);
if (!networks.ok) throw new Error(networks.error);
const guard = createAddressGuard({ allow: networks.value, allowPrivate: true });
const patient = createBreaker({ threshold: 1000, coolDownMs: 1, now: () => 0 });

const ledgerOf = (site: Pick<Erpnext, 'url' | 'apiKey' | 'apiSecret'>, over: Partial<ErpnextLedgerOptions> = {}) =>
  createErpnextLedger({
    ...{ url: site.url, apiKey: site.apiKey, apiSecret: site.apiSecret },
    ...{ currency: 'IDR', isCurrencyChosen: true, guard, timeoutMs: 2000, breaker: patient },
    ...over,
  });

const lies = { unauthorized: '403', nonsense: 'html200' } as const;

async function openWorld(): Promise<LedgerWorld> {
  const site = await createErpnext({ now: () => new Date('2026-11-21T03:00:00Z'), payroll: true });
  const ledger = ledgerOf(site);
  const made = new Set<string>();
  const item = (code: string): string => {
    if (!made.has(code)) site.createItem({ item_code: code });
    made.add(code);
    return code;
  };
  return {
    ledger,
    customer: async (name) => site.createCustomer({ customer_name: name }),
    supplier: async (name) => site.insert('Supplier', { supplier_name: name }),
    plan: async ({ item: code, cost }) =>
      site.createPlan({ name: `PLAN-${made.size}`, item: item(code), cost: Number(cost) }),
    subscription: async ({ customer, plan }) => site.createSubscription({ party: customer, plans: [plan] }),
    cancelSubscription: async (name) => site.cancelSubscription(name),
    invoice: async ({ customer, item: code, amount, dueDate, subscription, draft }) =>
      site.createInvoice({
        ...{ customer, item: item(code), amount: Number(amount), due_date: dueDate, submit: draft !== true },
        ...(subscription === undefined ? {} : { subscription }),
      }),
    pay: async (invoice, amount) => site.pay({ invoice, amount: Number(amount) }),
    advance: async (customer, amount) => site.advance({ customer, amount: Number(amount) }),
    cancelReceipt: async (receipt) => site.cancelPayment(receipt),
    creditNote: async (invoice) => site.creditNote(invoice),
    cancelInvoice: async (invoice) => site.cancelInvoice(invoice),
    async fail(how) {
      if (how === 'unreachable') return site.down();
      site.nonsense(how === null ? null : lies[how]);
      return site.up();
    },
    async close() {
      ledger.close();
      await site.stop();
    },
  };
}

ledgerContract('ERPNext', openWorld);
ledgerPushContract('ERPNext', openWorld);

describe('ERPNext ledger', () => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  async function start(options: ErpnextOptions = {}, over: Partial<ErpnextLedgerOptions> = {}) {
    const site = await createErpnext({ now: () => new Date('2026-11-21T03:00:00Z'), ...options });
    const ledger = ledgerOf(site, over);
    open.push(() => ledger.close(), site.stop);
    site.createItem({ item_code: 'FIBER' });
    const customer = site.createCustomer({ customer_name: 'Toko Añu / Barat?', mobile_no: '0812' });
    const bill = (amount: number, more: object = {}): string =>
      site.createInvoice({ customer, item: 'FIBER', amount, due_date: '2026-12-01', ...more });
    return { site, ledger, customer, bill };
  }

  it.each([
    ['html200', 'nonsense'],
    ['empty', 'nonsense'],
    ['empty-list', 'nonsense'],
    ['half', 'nonsense'],
    ['cut', 'unreachable'],
    ['403', 'unauthorized'],
    ['500', 'unreachable'],
    ['502', 'unreachable'],
    ['503', 'unreachable'],
    ['429', 'unreachable'],
    ['login-redirect', 'nonsense'],
    ['hang', 'unreachable'],
  ] as const)('law 3: a site that answers %s is %s to each reading', async (lie, reason) => {
    const { site, ledger, customer, bill } = await start({}, { timeoutMs: 250 });
    const invoice = bill(150000);
    site.nonsense(lie);
    expect(await ledger.fetch('Sales Invoice', invoice)).toMatchObject({ ok: false, error: { reason } });
    expect(await ledger.readCustomer(customer)).toMatchObject({ ok: false, error: { reason } });
    expect(await ledger.readAll()).toMatchObject({ ok: false, error: { reason } });
  });

  it('over the rate limit, ERPNext’s own waiting time is handed on', async () => {
    const { site, ledger } = await start();
    site.nonsense('429');
    expect(await ledger.readAll()).toMatchObject({ error: { reason: 'unreachable', retryAfterMs: 1_669_000 } });
  });

  it('a wrong key is unauthorized, and no failure repeats it', async () => {
    const { site } = await start();
    const ledger = ledgerOf({ ...site, apiSecret: 'not-the-secret' });
    open.push(() => ledger.close());
    const answer = await ledger.readAll();
    expect(answer).toMatchObject({ ok: false, error: { reason: 'unauthorized' } });
    expect(JSON.stringify(answer)).not.toContain('not-the-secret');
  });

  it('SEC-17: a site on loopback is refused without the setting, in words that name it', async () => {
    const { site } = await start();
    const nowhere = parseNetworks([]);
    if (!nowhere.ok) throw new Error('empty is fine');
    const ledger = ledgerOf(site, { guard: createAddressGuard({ allow: nowhere.value, allowPrivate: true }) });
    const answer = await ledger.test();
    expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(answer.ok ? '' : answer.error.detail).toContain('JEMBATAN_OUTBOUND_ALLOW');
    expect(site.requests()).toEqual([]);
  });

  it('B10: after five failures in a row ERPNext is left alone for a while, then asked once', async () => {
    const clock = { ms: 0 };
    const breaker = createBreaker({ threshold: 5, coolDownMs: 5000, now: () => clock.ms });
    const { site, ledger, bill } = await start({}, { breaker });
    const invoice = bill(1000);
    site.nonsense('503');
    for (let i = 0; i < 8; i += 1) await ledger.fetch('Sales Invoice', invoice);
    expect(site.requests().length).toBe(5);
    site.nonsense(null);
    expect(await ledger.fetch('Sales Invoice', invoice)).toMatchObject({
      error: { reason: 'unreachable', retryAfterMs: 5000 },
    });
    clock.ms = 5000;
    expect(await ledger.fetch('Sales Invoice', invoice)).toMatchObject({ ok: true });
    expect(breaker.state()).toBe('closed');
  });

  it.each([1, 2, 3, 7, 20, 500])('any number of open invoices is read, %i rows a page', async (pageLength) => {
    const { ledger, bill } = await start({}, { pageLength });
    const names = Array.from({ length: 41 }, (_, index) => bill(1000 + index));
    const reading = await ledger.readAll();
    expect(reading.ok && reading.value.invoices.map(({ fact }) => fact.name)).toEqual(names);
  });

  it('with several terms each is read with its date, in order, and the due date is the last', async () => {
    const { ledger, customer, bill } = await start();
    const terms = [
      { due_date: '2026-12-20', amount: 60000 },
      { due_date: '2026-12-01', amount: 90000 },
    ];
    bill(150000, { due_date: '2026-12-20', terms });
    const reading = await ledger.readCustomer(customer);
    expect(reading).toMatchObject({
      value: {
        invoices: [
          {
            fact: {
              dueDate: '2026-12-20',
              terms: [
                { dueDate: '2026-12-01', amount: 90000n },
                { dueDate: '2026-12-20', amount: 60000n },
              ],
            },
          },
        ],
      },
    });
  });

  it('a document whose version is known is not asked for again', async () => {
    const { site, ledger, bill } = await start();
    const invoice = bill(150000);
    site.pay({ invoice, amount: 200000 });
    bill(50000);
    const first = await ledger.readAll();
    if (!first.ok) throw new Error(first.error.detail);
    const held = new Map(
      [...first.value.invoices, ...first.value.receipts].map((entry) => [entry.version.name, entry]),
    );
    const asked = site.requests().length;
    const again = await ledger.readAll(({ name, modified }) => {
      const entry = held.get(name);
      return entry?.version.modified === modified ? entry.fact : undefined;
    });
    expect(again).toMatchObject({
      ok: true,
      value: { invoices: first.value.invoices, receipts: first.value.receipts },
    });
    expect(first.value.receipts[0]?.fact).toMatchObject({ unallocated: 50000n, pays: [invoice] });
    expect(site.requests().length - asked).toBe(5);
  });

  it('amounts finer than the rupiah never make debt: what is owed is rounded down, what is had is rounded up', async () => {
    const { site, ledger, customer } = await start();
    const terms = [
      { due_date: '2026-12-01', amount: 33.34 },
      { due_date: '2026-12-05', amount: 67.15 },
    ];
    const document = { customer, items: [{ item_code: 'FIBER', qty: 1, rate: 100.49 }], disable_rounded_total: 1 };
    const schedule = terms.map(({ due_date, amount }) => ({ due_date, payment_amount: amount }));
    const invoice = site.insert('Sales Invoice', { ...document, due_date: '2026-12-05', payment_schedule: schedule });
    site.submit('Sales Invoice', invoice);
    site.advance({ customer, amount: 0.2 });
    expect(await ledger.readCustomer(customer)).toMatchObject({
      value: {
        invoices: [{ fact: { total: 100n, outstanding: 100n, terms: [{ amount: 33n }, { amount: 67n }] } }],
        receipts: [{ fact: { unallocated: 1n } }],
      },
    });
  });

  it('an invoice in another currency is told, never counted', async () => {
    const { ledger, bill } = await start({ currency: 'USD' });
    const invoice = bill(10);
    for (const answer of [await ledger.readAll(), await ledger.fetch('Sales Invoice', invoice)]) {
      expect(answer).toMatchObject({ ok: false, error: { reason: 'nonsense' } });
      expect(answer.ok ? '' : answer.error.detail).toContain('USD');
    }
    const test = await ledger.test();
    expect(test.ok ? test.value.notes.join() : '').toContain("set the tenant's currency");
  });

  it('while nobody has chosen a currency, a ledger in another one counts as it stands', async () => {
    const { site, customer, bill } = await start({ currency: 'USD' });
    const invoice = bill(50);
    const lenient = ledgerOf(site, { isCurrencyChosen: false });
    expect(await lenient.fetch('Sales Invoice', invoice)).toMatchObject({ value: { fact: { outstanding: 50n } } });
    expect(await lenient.readCustomer(customer)).toMatchObject({
      value: { invoices: [{ fact: { outstanding: 50n } }] },
    });
  });

  it('custom fields are read where they are installed; choices that are none of ours read as empty', async () => {
    const { site, ledger, customer } = await start();
    const plan = site.createPlan({ name: 'P', item: 'FIBER', cost: 150000 });
    const custom = { jembatan_billing_mode: 'prepaid', jembatan_due_day: 5, jembatan_username: ' ckp001 ' } as const;
    const name = site.createSubscription({ party: customer, plans: [plan], ...custom });
    const odd = site.createSubscription({ party: customer, plans: [plan], jembatan_due_day: 32 });
    expect(await ledger.fetch('Subscription', name)).toMatchObject({
      value: { fact: { billingMode: 'prepaid', dueDay: 5, username: 'ckp001', plans: ['P'] } },
    });
    const empty = { billingMode: null, dueDay: null, username: null };
    expect(await ledger.fetch('Subscription', odd)).toMatchObject({ value: { fact: empty } });
  });

  it('without the custom fields everything reads, and writing is refused in words that say what to run', async () => {
    const { site, ledger, customer } = await start({ customFields: false });
    const plan = site.createPlan({ name: 'P', item: 'FIBER', cost: 150000 });
    const name = site.createSubscription({ party: customer, plans: [plan] });
    expect(await ledger.subscriptions()).toMatchObject({
      ok: true,
      value: [{ fact: { username: null, billingMode: null } }],
    });
    const written = await ledger.writeUsername(name, 'CKP001');
    expect(written).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(written.ok ? '' : written.error.detail).toContain('custom field');
    const test = await ledger.test();
    expect(test.ok ? test.value.notes.join() : '').toContain('jembatan_billing_mode');
  });

  it('without the field for its reference no customer is made that could not be found again', async () => {
    const { site, ledger } = await start({ customFields: false });
    const ani = { hubRef: 'c-1', name: 'Ani', phone: '0812', email: null, address: 'Jl. Mawar 3' };
    expect(await ledger.createCustomer(ani)).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(site.requests().filter(({ method }) => method === 'POST')).toEqual([]);
    const test = await ledger.test();
    expect(test.ok ? test.value.notes.join() : '').toContain('Customer has no field jembatan_ref');
  });

  it('a username that another subscription has is refused by ERPNext and told as such', async () => {
    const { site, ledger, customer } = await start();
    const plan = site.createPlan({ name: 'P', item: 'FIBER', cost: 150000 });
    const [first, second] = [0, 1].map(() => site.createSubscription({ party: customer, plans: [plan] }));
    expect(await ledger.writeUsername(first ?? '', 'CKP001')).toEqual({ ok: true, value: 'written' });
    expect(await ledger.writeUsername(second ?? '', 'CKP001')).toMatchObject({
      ok: false,
      error: { reason: 'rejected' },
    });
  });

  it('payments to suppliers are none of a customer; names with slashes, blanks and accents are asked for whole', async () => {
    const { site, ledger, customer } = await start();
    const party = { payment_type: 'Pay', party_type: 'Supplier', party: 'PT Kabel', paid_to: 'X', paid_amount: 5 };
    const paid = site.insert('Payment Entry', { ...party, received_amount: 5 });
    expect(await ledger.fetch('Payment Entry', paid)).toEqual({ ok: true, value: null });
    expect(await ledger.fetch('Customer', customer)).toMatchObject({
      value: { fact: { name: customer, phone: '0812' } },
    });
    for (const name of ['', '.', '..']) {
      expect(await ledger.fetch('Customer', name)).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    }
  });

  it('the test of a good connection has nothing to remark', async () => {
    const { ledger } = await start();
    const value = {
      user: 'hub@isp.local',
      version: 'ERPNext 15.90.0, Frappe 15.55.1',
      timeZone: 'Asia/Jakarta',
      notes: [],
    };
    expect(await ledger.test()).toEqual({ ok: true, value });
  });
});
