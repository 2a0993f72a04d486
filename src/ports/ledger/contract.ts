import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerFact } from '#domain/facts.ts';
import type { Ledger, Reading } from './port.ts';

/** What the suite does to the system behind the ledger; amounts in minor units. */
export type LedgerWorld = {
  readonly ledger: Ledger;
  customer(name: string): Promise<string>;
  /** Left out: anybody may be one. */
  supplier?(name: string): Promise<string>;
  plan(plan: { readonly item: string; readonly cost: bigint }): Promise<string>;
  subscription(of: { readonly customer: string; readonly plan: string }): Promise<string>;
  cancelSubscription(subscription: string): Promise<void>;
  invoice(bill: {
    readonly customer: string;
    readonly item: string;
    readonly amount: bigint;
    readonly dueDate: string;
    readonly subscription?: string;
    /** Left as a draft. */
    readonly draft?: boolean;
  }): Promise<string>;
  /** A receipt that is put against the invoice. */
  pay(invoice: string, amount: bigint): Promise<string>;
  /** A receipt that is put against nothing. */
  advance(customer: string, amount: bigint): Promise<string>;
  cancelReceipt(receipt: string): Promise<void>;
  /** For the whole of the invoice, which keeps what is outstanding on it. */
  creditNote(invoice: string): Promise<string>;
  cancelInvoice(invoice: string): Promise<void>;
  /** From now on the system is out of reach, refuses the key, or answers what is no answer; null: well again. */
  fail(how: 'unreachable' | 'unauthorized' | 'nonsense' | null): Promise<void>;
  close(): Promise<void>;
};

const dueDate = '2026-12-20';
const item = 'FIBER-10M';

/**
 * Where the ledger is: `elsewhere` is told of customers and usernames, has drafts, and leaves a credit note beside its bill;
 * the hub's `own` knows its customers and lines, settles at once, and is in reach as long as the hub is.
 */
type Place = 'elsewhere' | 'own';

/** What every ledger promises; `open` gives an empty one for each test. */
export function ledgerContract(name: string, open: () => Promise<LedgerWorld>, place: Place = 'elsewhere'): void {
  describe(`ledger: ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    describeFetching(() => world);
    describeReading(() => world, place);
    describeSubscriptions(() => world);
    if (place === 'elsewhere') describeNews(() => world);
    else describeOwn(() => world);
    describeFailures(() => world, place);
  });
}

async function read(world: LedgerWorld, customer: string): Promise<Reading> {
  const reading = await world.ledger.readCustomer(customer);
  if (!reading.ok) throw new Error(reading.error.detail);
  return reading.value;
}

/** Name and amount of all that a reading holds, sorted: what is owed above zero, what is had below. */
const balance = ({ invoices, receipts }: Reading): (readonly [string, bigint])[] =>
  [
    ...invoices.map(({ fact }) => [fact.name, fact.outstanding] as const),
    ...receipts.map(({ fact }) => [fact.name, -fact.unallocated] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));

function describeFetching(now: () => LedgerWorld): void {
  it('fetches an invoice as it is now, with terms that sum to its total', async () => {
    const world = now();
    const customer = await world.customer('Budi');
    const invoice = await world.invoice({ customer, item, amount: 150000n, dueDate });
    await world.pay(invoice, 50000n);
    const fetched = await world.ledger.fetch('Sales Invoice', invoice);
    expect(fetched).toMatchObject({
      ok: true,
      value: {
        version: { doctype: 'Sales Invoice', name: invoice, modified: expect.stringMatching(/./) },
        fact: {
          kind: 'invoice',
          customer,
          submitted: true,
          isReturn: false,
          dueDate,
          total: 150000n,
          outstanding: 100000n,
        },
      },
    });
    const fact = fetched.ok && fetched.value?.fact.kind === 'invoice' ? fetched.value.fact : null;
    expect(fact?.items).toEqual([item]);
    expect(fact?.terms.reduce((sum, term) => sum + term.amount, 0n)).toBe(150000n);
  });

  it('fetches receipt, subscription, customer and plan', async () => {
    const world = now();
    const customer = await world.customer('Siti');
    const plan = await world.plan({ item, cost: 200000n });
    const subscription = await world.subscription({ customer, plan });
    const invoice = await world.invoice({ customer, item, amount: 200000n, dueDate, subscription });
    const receipt = await world.pay(invoice, 200000n);
    const fact = async (doctype: string, name: string): Promise<LedgerFact | null> => {
      const fetched = await world.ledger.fetch(doctype, name);
      return fetched.ok ? (fetched.value?.fact ?? null) : null;
    };
    expect(await fact('Payment Entry', receipt)).toMatchObject({
      customer,
      unallocated: 0n,
      pays: [invoice],
      submitted: true,
    });
    expect(await fact('Subscription', subscription)).toMatchObject({ customer, plans: [plan], cancelled: false });
    expect(await fact('Customer', customer)).toMatchObject({ kind: 'customer', customerName: 'Siti', disabled: false });
    expect(await fact('Subscription Plan', plan)).toMatchObject({ kind: 'plan', item, cost: 200000n });
    expect(await fact('Sales Invoice', invoice)).toMatchObject({ subscription, outstanding: 0n });
  });

  it('a cancelled invoice binds nobody, a draft neither', async () => {
    const world = now();
    const customer = await world.customer('Agus');
    const cancelled = await world.invoice({ customer, item, amount: 10000n, dueDate });
    await world.cancelInvoice(cancelled);
    const draft = await world.invoice({ customer, item, amount: 10000n, dueDate, draft: true });
    for (const name of [cancelled, draft]) {
      expect(await world.ledger.fetch('Sales Invoice', name)).toMatchObject({ value: { fact: { submitted: false } } });
    }
    expect(balance(await read(world, customer))).toEqual([]);
  });

  it('what is gone is null; what the hub has no use for is rejected', async () => {
    const world = now();
    expect(await world.ledger.fetch('Sales Invoice', 'ACC-SINV-1999-00001')).toEqual({ ok: true, value: null });
    expect(await world.ledger.fetch('Blog Post', 'hello')).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });
}

function describeReading(now: () => LedgerWorld, place: Place): void {
  it('B3: reads of one customer what is open, and nothing of another', async () => {
    const world = now();
    const [budi, siti] = [await world.customer('Budi'), await world.customer('Siti')];
    const open = await world.invoice({ customer: budi, item, amount: 150000n, dueDate });
    const paid = await world.invoice({ customer: budi, item, amount: 150000n, dueDate });
    await world.pay(paid, 150000n);
    const foreign = await world.invoice({ customer: siti, item, amount: 70000n, dueDate });
    const reading = await read(world, budi);
    expect(balance(reading)).toEqual([[open, 150000n]]);
    expect(reading.invoices[0]?.fact).toMatchObject({ customer: budi, dueDate, items: [item] });
    const all = await world.ledger.readAll();
    expect(all.ok ? balance(all.value).map(([name]) => name) : []).toEqual([open, foreign].sort());
  });

  it('B3: unallocated receipts and credit notes are read with the debt that they reduce', async () => {
    const world = now();
    const customer = await world.customer('Dewi');
    const invoice = await world.invoice({ customer, item, amount: 150000n, dueDate });
    const credit = await world.creditNote(invoice);
    const receipt = await world.advance(customer, 40000n);
    const settled = [
      [invoice, 150000n],
      [credit, -150000n],
    ];
    const expected = [...(place === 'own' ? [] : settled), [receipt, -40000n]].sort(([a], [b]) =>
      String(a) < String(b) ? -1 : 1,
    );
    expect(balance(await read(world, customer))).toEqual(expected);
  });

  it('B3: a cancelled receipt gives the debt back', async () => {
    const world = now();
    const customer = await world.customer('Eko');
    const invoice = await world.invoice({ customer, item, amount: 150000n, dueDate });
    const receipt = await world.pay(invoice, 150000n);
    expect(balance(await read(world, customer))).toEqual([]);
    await world.cancelReceipt(receipt);
    expect(balance(await read(world, customer))).toEqual([[invoice, 150000n]]);
  });

  it('what the caller knows of a version spares the document, never the amount', async () => {
    const world = now();
    const customer = await world.customer('Fitri');
    const invoice = await world.invoice({ customer, item, amount: 150000n, dueDate });
    const first = await read(world, customer);
    const [held] = first.invoices;
    const stale = held && { ...held.fact, outstanding: 1n };
    const again = await world.ledger.readCustomer(customer, (version) =>
      version.name === invoice ? stale : undefined,
    );
    expect(again).toMatchObject({ ok: true, value: { invoices: first.invoices } });
  });

  it('a customer without anything open reads as empty, and says when it was read', async () => {
    const world = now();
    const reading = await read(world, await world.customer('Gita'));
    expect(balance(reading)).toEqual([]);
    expect(reading.startedAt).toBeInstanceOf(Date);
  });
}

function describeSubscriptions(now: () => LedgerWorld): void {
  it('lists subscriptions with their plans, without the cancelled ones', async () => {
    const world = now();
    const customer = await world.customer('Hadi');
    const plan = await world.plan({ item, cost: 150000n });
    const live = await world.subscription({ customer, plan });
    const cancelled = await world.subscription({ customer, plan });
    await world.cancelSubscription(cancelled);
    const listed = await world.ledger.subscriptions();
    expect(listed.ok ? listed.value.map(({ fact }) => [fact.name, fact.plans]) : []).toEqual([[live, [plan]]]);
    expect(await world.ledger.fetch('Subscription', cancelled)).toMatchObject({ value: { fact: { cancelled: true } } });
  });
}

/** What a ledger elsewhere is told by the hub. */
function describeNews(now: () => LedgerWorld): void {
  describeCustomers(now);

  it('law 4: writing a username twice changes it once', async () => {
    const world = now();
    const customer = await world.customer('Indra');
    const subscription = await world.subscription({ customer, plan: await world.plan({ item, cost: 150000n }) });
    expect(await world.ledger.writeUsername(subscription, 'CKP001')).toEqual({ ok: true, value: 'written' });
    expect(await world.ledger.writeUsername(subscription, 'CKP001')).toEqual({ ok: true, value: 'unchanged' });
    expect(await world.ledger.fetch('Subscription', subscription)).toMatchObject({
      value: { fact: { username: 'CKP001' } },
    });
    const gone = await world.ledger.writeUsername('ACC-SUB-1999-00001', 'CKP001');
    expect(gone).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });
}

/** What the hub's own ledger need not be told: it answers that it knows. */
function describeOwn(now: () => LedgerWorld): void {
  it('law 4: knows its customers and the names of its lines, and takes no others', async () => {
    const world = now();
    const { ledger } = world;
    const customer = await world.customer('Indra');
    const line = await world.subscription({ customer, plan: await world.plan({ item, cost: 150000n }) });
    const fetched = await ledger.fetch('Subscription', line);
    const username = fetched.ok && fetched.value?.fact.kind === 'subscription' ? fetched.value.fact.username : null;
    expect(await ledger.writeUsername(line, username ?? '')).toEqual({ ok: true, value: 'unchanged' });
    const refused = { ok: false, error: { reason: 'rejected' } };
    expect(await ledger.writeUsername(line, 'lain')).toMatchObject(refused);
    expect(await ledger.writeUsername('ACC-SUB-1999-00001', 'CKP001')).toMatchObject(refused);
    const details = { name: 'Indra', phone: '-', email: null, address: '-' };
    expect(await ledger.createCustomer({ hubRef: customer, ...details })).toEqual({ ok: true, value: customer });
    expect(await ledger.createCustomer({ hubRef: 'c-1', ...details })).toMatchObject(refused);
  });
}

function describeCustomers(now: () => LedgerWorld): void {
  const ani = { hubRef: 'c-1', name: 'Ani', phone: '0812', email: 'ani@contoh.id', address: 'Jl. Mawar 3' };

  it('REL-19: a customer is made once by its reference, however often and at once it is asked for', async () => {
    const { ledger } = now();
    const made = await ledger.createCustomer(ani);
    expect(made).toEqual({ ok: true, value: 'Ani' });
    expect(await ledger.createCustomer({ ...ani, phone: '0899' })).toEqual(made);
    const again = { ...ani, hubRef: 'c-2', name: 'Budi' };
    const both = await Promise.all([ledger.createCustomer(again), ledger.createCustomer(again)]);
    expect(both).toEqual([
      { ok: true, value: 'Budi' },
      { ok: true, value: 'Budi' },
    ]);
    expect(await ledger.fetch('Customer', 'Ani')).toMatchObject({
      value: { fact: { kind: 'customer', customerName: 'Ani', phone: '0812', email: 'ani@contoh.id' } },
    });
  });

  it('two customers of one name are two', async () => {
    const { ledger } = now();
    await ledger.createCustomer(ani);
    const other = await ledger.createCustomer({ ...ani, hubRef: 'c-2' });
    expect(other).toMatchObject({ ok: true, value: expect.not.stringMatching(/^Ani$/) });
    expect(await ledger.createCustomer({ ...ani, hubRef: 'c-2' })).toEqual(other);
  });

  it('a ledger that is away makes none, and says so', async () => {
    const world = now();
    await world.fail('unreachable');
    expect(await world.ledger.createCustomer(ani)).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    await world.fail(null);
    expect(await world.ledger.createCustomer(ani)).toEqual({ ok: true, value: 'Ani' });
  });
}

function describeFailures(now: () => LedgerWorld, place: Place): void {
  const failures = ['unreachable', 'unauthorized', 'nonsense'] as const;
  const failing = place === 'own' ? 'unreachable' : 'unauthorized';
  it.each(failures.slice(0, place === 'own' ? 1 : 3))(
    'law 3: %s is told as such by every reading, never as an empty answer, and passes',
    async (how) => {
      const world = now();
      const customer = await world.customer('Joko');
      const invoice = await world.invoice({ customer, item, amount: 150000n, dueDate });
      await world.fail(how);
      const { ledger } = world;
      const readings = [
        ledger.fetch('Sales Invoice', invoice),
        ledger.readCustomer(customer),
        ledger.readAll(),
        ledger.subscriptions(),
      ];
      for (const reading of readings) expect(await reading).toMatchObject({ ok: false, error: { reason: how } });
      await world.fail(null);
      expect(balance(await read(world, customer))).toEqual([[invoice, 150000n]]);
    },
  );

  it('the test of the connection says who, which version and which time zone', async () => {
    const world = now();
    const good = await world.ledger.test();
    expect(good).toMatchObject({
      ok: true,
      value: { user: expect.stringMatching(/./), version: expect.stringMatching(/\d/) },
    });
    expect(good.ok ? good.value.timeZone : '').toContain('/');
    await world.fail(failing);
    expect(await world.ledger.test()).toMatchObject({ ok: false, error: { reason: failing } });
  });
}
