import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { markLines } from '#access/mark-dirty.ts';
import { instantAt } from '#domain/local-time.ts';
import { paymentRoutes } from '#features/billing/payment-routes.ts';
import { issueInvoice } from '#features/billing/verbs.ts';
import { createStore } from '#inbox/store.ts';
import { decideMarked } from '#journeys/decide-marked.ts';
import { giveBack } from '#journeys/give-back.ts';
import { creditBooked } from '#journeys/move-deposit.ts';
import { createPayFromDeposit } from '#journeys/pay-from-deposit.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { depositFindings } from '#test/features/deposit-findings.ts';
import { asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine, zone } from './test-hub.ts';

let hub: TestHub;
let own: string;
let erp: string;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
  hub.time.now = noon('2026-11-19');
  own = await hub.addTenant();
  erp = await hub.addTenant();
  await hub.look(`insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`, [
    erp,
  ]);
});
afterAll(() => hub.close());

const cut = instantAt('2026-11-21', 0, 1, zone);
const groupOf = ({ username }: TestLine): string | undefined => hub.enforcer.user(username)?.group.split(':')[1];
const customerOf = async ({ subscriptionId }: TestLine): Promise<string> =>
  (await hub.look<{ id: string }>('select customer_id as id from subscriptions where id = $1', [subscriptionId]))[0]
    ?.id ?? '';

/** Lets the clock strike, and everything happen that follows from it. */
async function strike(now: number): Promise<void> {
  hub.time.now = now;
  await hub.settle();
  await hub.look('update dirty_documents set not_before = now()');
  await hub.settle();
}

async function pay(line: TestLine, amount: number): Promise<string> {
  const deps = { db: hub.db, clock: hub.clock, decide: decideMarked, giveBack };
  const caller = { userId: randomUUID(), tenantId: line.tenantId, role: 'finance' };
  const payment_date = new Date(hub.time.now).toISOString();
  const body = { customer_id: await customerOf(line), amount, payment_method: 'transfer', payment_date };
  const told = await asCaller(paymentRoutes(deps), caller)('POST', '/payments', body);
  expect(told).toMatchObject({ status: 201 });
  return String(told.body.id);
}

/** A bill of ERPNext that is due on the 20th. */
async function billInErp(line: TestLine, number: number, open = 150_000n): Promise<string> {
  const terms = [{ dueDate: '2026-11-20', amount: 150_000n }];
  const fact = { ...invoiceOf(line, open, number), dueDate: '2026-11-20', terms };
  hub.ledger.put(fact);
  hub.time.now += 6_000;
  await createStore(hub.db)(hub.arrival(line.tenantId, 'Sales Invoice', fact.name));
  await hub.settle();
  return fact.name;
}

/** A bill of the hub's own that is due on the 20th. */
async function billHere(line: TestLine): Promise<void> {
  const bill = {
    customerId: await customerOf(line),
    subscriptionId: line.subscriptionId,
    reason: 'period' as const,
    lines: [{ description: 'November', quantity: 1, unitPrice: 150_000n }],
    issuedOn: '2026-11-01',
    dueDate: '2026-11-20',
  };
  await hub.db.worker(own, (tx) => issueInvoice(tx, { tenantId: own, correlationId: 'tagihan' }, bill));
}

describe('a tenant whose ledger is the hub’s own', () => {
  it('L2, L4: an unpaid bill cuts the line at its time, and money lets it in at once, down to the RADIUS rows', async () => {
    hub.time.now = noon('2026-11-19');
    const line = await hub.addLine(own, 'sendiri');
    await hub.look('update subscriptions set erp_subscription = null where id = $1', [line.subscriptionId]);
    await hub.look('update customers set erp_customer = null where tenant_id = $1', [own]);
    await billHere(line);
    await strike(cut - 1_000);
    expect(groupOf(line)).toBe('home');
    await strike(cut);
    expect(groupOf(line)).toBe('isolir');
    await pay(line, 149_999);
    await hub.steps.dispatch();
    expect(groupOf(line)).toBe('isolir');
    await pay(line, 1);
    await hub.steps.dispatch();
    expect(groupOf(line)).toBe('home');
  });

  it('a customer of an ERPNext that was turned off goes by its own bills, and one without any is left alone', async () => {
    hub.time.now = noon('2026-11-19');
    const [billed, free] = [await hub.addLine(own, 'pindah'), await hub.addLine(own, 'bebas')];
    await billHere(billed);
    await strike(cut);
    expect([groupOf(billed), groupOf(free)]).toEqual(['isolir', 'home']);
  });
});

describe('a deposit that pays a bill of ERPNext', () => {
  it('S2, L1: is spent once, pushed once, counts at once, and is given back when ERPNext has cancelled it', async () => {
    hub.time.now = noon('2026-11-19');
    const line = await hub.addLine(erp, 'deposit');
    const customer_id = await customerOf(line);
    await billInErp(line, 1);
    await strike(cut);
    expect(groupOf(line)).toBe('isolir');
    const [row] = await hub.look<{ id: string }>(
      `insert into resellers (tenant_id, name) values ($1, 'Toko') returning id`,
      [erp],
    );
    const shop = row?.id ?? '';
    await hub.look('update customers set reseller_id = $1 where id = $2', [shop, customer_id]);
    const mover = { tenantId: erp, correlationId: 'c', by: null, now: hub.time.now };
    const cash = [{ account: 'cash' as const, amount: 400_000n }];
    const topUp = { resellerId: shop, amount: 400_000n, sourceId: shop, idemKey: 'isi', memo: '', other: cash };
    await hub.db.tenant(erp, (tx) => creditBooked(tx, mover, { ...topUp, kind: 'top_up' }));
    const pays = createPayFromDeposit(hub);
    const caller = { userId: shop, tenantId: erp, role: 'reseller' };
    const who = { tenantId: erp, caller, correlationId: 'c', address: '192.0.2.1' };
    const paid = (key: string) => underReseller(shop, () => pays(who, { customer_id }, key));
    const both = await Promise.allSettled([paid('a'), paid('b'), paid('a')]);
    expect(
      both.map((one) => (one.status === 'fulfilled' ? one.value.balance : one.reason.details.reason)).sort(),
    ).toEqual(expect.arrayContaining([250_000, 'nothing_open']));
    await hub.steps.dispatch();
    expect(groupOf(line)).toBe('home');
    const pushes = `select 1 from outbox where tenant_id = $1 and kind = 'ledger.payment' and key = $2`;
    const [payment] = await hub.look<{ id: string }>(
      `select id from payments where tenant_id = $1 and method = 'deposit'`,
      [erp],
    );
    const id = payment?.id ?? '';
    expect(await hub.look(pushes, [erp, id])).toHaveLength(1);
    expect(await depositFindings(hub.look, erp)).toEqual([]);
    const finance = asCaller(paymentRoutes({ db: hub.db, clock: hub.clock, decide: decideMarked, giveBack }), {
      userId: randomUUID(),
      tenantId: erp,
      role: 'finance',
    });
    const reversed = () => finance('POST', `/payments/${id}/reverse`, { reason: 'salah' });
    expect((await reversed()).status).toBe(409);
    await hub.look('update payments set erp_payment = $2 where id = $1', [id, 'PE-deposit']);
    hub.ledger.put({
      kind: 'receipt',
      name: 'PE-deposit',
      customer: line.customer,
      submitted: false,
      unallocated: 0n,
      pays: [],
    });
    hub.time.now += 6_000;
    await createStore(hub.db)(hub.arrival(erp, 'Payment Entry', 'PE-deposit'));
    await hub.settle();
    expect([(await reversed()).status, (await reversed()).status]).toEqual([200, 409]);
    const [deposit] = await hub.look<{ balance: string }>('select balance from deposits where reseller_id = $1', [
      shop,
    ]);
    expect(deposit?.balance).toBe('400000');
    expect(await depositFindings(hub.look, erp)).toEqual([]);
  });
});

describe('money that the hub took for ERPNext', () => {
  it('L1, B3: who has paid here is not cut while ERPNext does not show it; control: without that it is cut', async () => {
    hub.time.now = noon('2026-11-19');
    const [payer, debtor] = [await hub.addLine(erp, 'bayar'), await hub.addLine(erp, 'hutang')];
    for (const line of [payer, debtor]) await billInErp(line, 1);
    await pay(payer, 150_000);
    const unseen = await pay(debtor, 150_000);
    // What the payer has, and the facts would do without.
    await hub.look(`update payments set status = 'cancelled', payment_date = null where id = $1`, [unseen]);
    const cause = { tenantId: erp, correlationId: 'uji', cause: 'test' };
    await hub.db.worker(erp, (tx) => markLines(tx, cause, [debtor.subscriptionId]));
    const waiting = await hub.look(
      `select 1 from outbox where tenant_id = $1 and kind = 'ledger.payment' and state = 'ready'`,
      [erp],
    );
    expect(waiting).toHaveLength(2);
    await strike(cut);
    expect([groupOf(payer), groupOf(debtor)]).toEqual(['home', 'isolir']);
  });

  it('L1, B3: once ERPNext shows it, it counts there and not twice; control: unlinked it pays two bills', async () => {
    hub.time.now = noon('2026-11-19');
    const [once, twice] = [await hub.addLine(erp, 'sekali'), await hub.addLine(erp, 'duakali')];
    for (const line of [once, twice]) {
      const first = await billInErp(line, 1);
      await billInErp(line, 2);
      const id = await pay(line, 150_000);
      const name = `PE-${line.username}`;
      // Pushed, and the answer kept, or (the control) lost.
      if (line === once) await hub.look('update payments set erp_payment = $2 where id = $1', [id, name]);
      hub.ledger.put({
        ...invoiceOf(line, 0n, 1),
        dueDate: '2026-11-20',
        terms: [{ dueDate: '2026-11-20', amount: 150_000n }],
      });
      const receipt = {
        kind: 'receipt',
        name,
        customer: line.customer,
        submitted: true,
        unallocated: 0n,
        pays: [first],
      } as const;
      hub.ledger.put(receipt);
      hub.time.now += 6_000;
      await createStore(hub.db)(hub.arrival(erp, 'Payment Entry', name));
      await hub.settle();
    }
    await strike(cut);
    expect([groupOf(once), groupOf(twice)]).toEqual(['isolir', 'home']);
  });
});
