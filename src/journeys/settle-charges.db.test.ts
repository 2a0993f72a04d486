import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ChargeFinding } from '#domain/charge.ts';
import { err } from '#domain/result.ts';
import { takePayment } from '#features/billing/verbs.ts';
import { openCharge } from '#features/charges/verbs.ts';
import { approveTopUp, askTopUp } from '#features/deposits/requests.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { depositFindings } from '#test/features/deposit-findings.ts';
import { openTill, type Till } from '#test/gateways/charge-stage.ts';
import { createTestHub, type TestHub } from '#test/pipeline/test-hub.ts';
import { acceptCharge, refundCharge } from './charge-money.ts';
import { createDepositBooks } from './deposit-books.ts';
import { settleCharge } from './settle-charge.ts';
import { settleCharges } from './settle-charges.ts';
import { createTopUpByGateway } from './top-up-by-gateway.ts';

let hub: TestHub;
let till: Till;

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  till = await openTill(hub);
});

/** Does something so much later, by the hub's clock. */
async function later(ms: number, work: () => Promise<unknown>): Promise<void> {
  hub.time.now += ms;
  await work();
  hub.time.now -= ms;
}
const messages = () => hub.look('select event from messages where tenant_id = $1', [till.tenantId]);
const states = () => hub.look('select state from charges where tenant_id = $1', [till.tenantId]);
/** A paid charge, and the payment of it. */
async function paidCharge(): Promise<string> {
  const { id } = await till.charge();
  till.gateway.set(id, 'paid');
  await till.look();
  return id;
}

describe('a charge of a top-up', () => {
  /** A reseller asks for so much through the gateway; the charge that it was given, and what its deposit holds. */
  async function asked(over: Parameters<Till['opening']>[0] = {}) {
    const { tenantId } = till;
    const [row] = await hub.look<{ id: string }>(
      `insert into resellers (tenant_id, name, email) values ($1, 'Toko', 'toko@x.id') returning id`,
      [tenantId],
    );
    const shop = row?.id ?? '';
    const requesting = {
      ...{ db: hub.db, clock: hub.clock, books: createDepositBooks(till.appendMessage) },
      collect: createTopUpByGateway(till.opening(over)),
    };
    const caller = { userId: shop, tenantId, role: 'reseller' };
    const who = { tenantId, caller, correlationId: 'c', address: '192.0.2.1' };
    const wish = { amount: 100_000, method: 'qris' as const, reference: null, notes: '' };
    const ask = () => underReseller(shop, () => askTopUp(requesting, who, wish, 'k'));
    const balance = async () =>
      Number(
        (await hub.look<{ b: string }>('select balance as b from deposits where reseller_id = $1', [shop]))[0]?.b ?? 0,
      );
    return { ask, balance, requesting };
  }

  it('S2: asked for twice it is collected once; paid, told of twice, it is in the deposit once', async () => {
    const { ask, balance, requesting } = await asked();
    const first = await ask();
    expect(await ask()).toEqual(first);
    const id = first.charge?.id ?? '';
    expect(first).toMatchObject({ state: 'requested', charge: { state: 'open', qr_string: `qr ${id}` } });
    await expect(approveTopUp(requesting, till.who, first.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    till.gateway.set(id, 'paid');
    for (let n = 0; n < 2; n += 1) {
      await till.told(id);
      await till.look();
    }
    expect([await balance(), (await ask()).state]).toEqual([100_000, 'done']);
    expect(await messages()).toEqual([{ event: 'deposit_topped_up' }]);
    expect(await depositFindings(hub.look, till.tenantId)).toEqual([]);
    await expect(refundCharge(till.money(), till.who, id, { reason: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('S2: another amount is held until a person accepts it, and goes into the deposit as it came', async () => {
    const { ask, balance } = await asked();
    const { charge } = await ask();
    const id = charge?.id ?? '';
    till.gateway.set(id, 'paid', 90_000n);
    await till.told(id);
    await till.look();
    expect([await balance(), (await till.chargeOf(id))?.state]).toEqual([0, 'held']);
    await acceptCharge(till.money(), till.who, id);
    expect([await balance(), (await ask()).state]).toEqual([90_000, 'done']);
  });

  it('ends with the gateway’s refusal', async () => {
    const { ask, balance } = await asked({
      create: async () => err({ reason: 'rejected' as const, detail: 'no such merchant' }),
    });
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect([await ask(), await balance()]).toEqual([expect.objectContaining({ state: 'rejected' }), 0]);
  });
});

describe('a charge of a bill', () => {
  it('L5: paid, its callback restores the isolated line in the transaction that takes the money', async () => {
    const { line, charge, gateway, told, settling, payments } = till;
    expect(await hub.stateOf(line)).toBe('isolated');
    const { id, qr_string, amount, state } = await charge();
    expect({ qr_string, amount, state }).toEqual({ qr_string: `qr ${id}`, amount: 150_000n, state: 'open' });
    gateway.set(id, 'paid');
    expect(await told(id)).toMatchObject({ accepted: true, fresh: true });
    await settleCharges(settling());
    expect(await hub.stateOf(line)).toBe('active');
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid', problem: null });
    expect(await payments()).toEqual([{ amount: '150000', status: 'paid', unallocated: '0' }]);
    expect(await till.outstanding()).toBe(0);
  });

  it('is given again while it can be paid, also to many who ask at once; another amount is another charge', async () => {
    const { charge, gateway, tenantId, customerId } = till;
    const many = await Promise.all(Array.from({ length: 8 }, () => charge()));
    expect(new Set(many.map(({ id }) => id)).size).toBe(1);
    expect(gateway.orders.size).toBe(1);
    const taker = { tenantId, correlationId: 'test', takenBy: null };
    const part = {
      customerId,
      amount: 50_000n,
      method: 'cash',
      paidAt: new Date(hub.clock()),
      idemKey: 'part',
    } as const;
    await hub.db.worker(tenantId, (tx) => takePayment(tx, taker, part));
    const rest = await charge();
    expect(rest).toMatchObject({ amount: 100_000n });
    expect(gateway.orders.size).toBe(2);
    await later(59 * 60_000, async () => expect((await charge()).id).not.toBe(rest.id));
  });

  it('of no such bill, without a gateway, or in dollars there is none', async () => {
    const { opening, opener, invoiceId, customerId } = till;
    const wish = { bill: invoiceId, method: 'qris' } as const;
    const alone = opening({ connected: async () => [] });
    await expect(openCharge(alone, opener, wish)).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const bill of [customerId, 'ACC-1'])
      await expect(openCharge(opening(), opener, { ...wish, bill })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await hub.look(`update tenants set settings = '{"currency": "USD"}' where id = $1`, [till.tenantId]);
    await expect(till.charge()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('what a gateway tells, and what it does not', () => {
  it('P9, P16: told again, in any order, by many workers at once: one payment', async () => {
    const { charge, gateway, told, settling, makeDue } = till;
    const { id } = await charge();
    for (const status of ['paid', 'pending', 'paid', 'expired', 'paid'] as const) {
      gateway.set(id, status);
      await told(id);
    }
    for (let i = 0; i < 5; i += 1) {
      await makeDue();
      await Promise.all([settleCharges(settling()), settleCharges(settling()), till.look()]);
    }
    expect(await till.payments()).toHaveLength(1);
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
  });

  it('SEC-6: a forged callback changes nothing, for the gateway is asked', async () => {
    const { charge, gateway, told, settling, tenantId } = till;
    const { id } = await charge();
    gateway.set(id, 'paid');
    const forged = gateway.callback(id);
    gateway.set(id, 'pending');
    expect(await told(id, tenantId, forged)).toMatchObject({ accepted: true, fresh: true });
    await settleCharges(settling());
    expect(await till.chargeOf(id)).toMatchObject({ state: 'open' });
    expect(await till.payments()).toEqual([]);
    // The genuine one reads like the forged one, and is looked into all the same.
    gateway.set(id, 'paid');
    expect(await told(id)).toMatchObject({ accepted: true, fresh: false });
    await settleCharges(settling());
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
  });

  it('SEC-6: control: who believed a callback would book what was never paid', async () => {
    const { charge, tenantId, appendMessage } = till;
    const { id } = await charge();
    const said: ChargeFinding = { status: 'paid', gatewayRef: 'forged', amount: 150_000n, paidAt: null };
    const believed = hub.db.worker(tenantId, async (tx) => {
      const one = { correlationId: 'test', now: hub.clock(), appendMessage };
      throw new Error((await settleCharge(tx, tenantId, id, said, one)).state);
    });
    await expect(believed).rejects.toThrow('paid');
  });

  it('another tenant’s door does not reach the charge', async () => {
    const { charge, gateway, told, settling } = till;
    const { id } = await charge();
    gateway.set(id, 'paid');
    const other = await hub.addTenant();
    await told(id, other);
    await settleCharges(settling());
    expect(await till.chargeOf(id)).toMatchObject({ state: 'open' });
    expect(await hub.look('select is_ours from gateway_events where tenant_id = $1', [other])).toEqual([
      { is_ours: false },
    ]);
  });

  it('a callback that is lost: the open charge is asked about, and paid', async () => {
    const id = await paidCharge();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await hub.look('select 1 from charge_looks where charge_id = $1', [id])).toEqual([]);
  });

  it('a callback that is faster than the gateway’s own answer', async () => {
    const { charge, gateway, told, settling } = till;
    const create: GatewayDesk['create'] = async (_tenant, _gateway, order) => {
      const made = await gateway.createCharge(order);
      gateway.set(order.orderId, 'paid');
      await told(order.orderId);
      await settleCharges(settling());
      return made;
    };
    const { id } = await charge('qris', { create });
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await till.payments()).toHaveLength(1);
  });

  it('a gateway that is away when it is asked: the look stays, says why, and the money comes later', async () => {
    const { charge, gateway, told, look } = till;
    const { id } = await charge();
    gateway.set(id, 'paid');
    await told(id);
    gateway.fail({ reason: 'unreachable', detail: 'no route' });
    await look();
    await look();
    const waiting = await hub.look('select error, attempts from charge_looks where charge_id = $1', [id]);
    expect(waiting).toEqual([{ error: 'no route', attempts: 2 }]);
    gateway.fail(null);
    await look();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
  });
});

describe('money that is not as it should be', () => {
  it('P41: another amount is held and told, and taken once a person says so', async () => {
    const { charge, gateway, look, money, who } = till;
    const { id } = await charge();
    gateway.set(id, 'paid', 149_000n);
    await look();
    await look();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'held', problem: expect.stringContaining('149000') });
    expect(await till.payments()).toEqual([]);
    expect(await messages()).toEqual([{ event: 'charge_problem' }]);
    expect(await acceptCharge(money(), who, id)).toMatchObject({ state: 'paid', paid_amount: 149_000 });
    expect(await till.outstanding()).toBe(1_000);
    await expect(acceptCharge(money(), who, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('paid twice, by QRIS and by virtual account: both are kept, the second as credit', async () => {
    const { charge, gateway, look, tenantId } = till;
    for (const { id } of [await charge('qris'), await charge('virtual_account')]) gateway.set(id, 'paid');
    await look();
    expect((await till.payments()).map(({ unallocated }) => unallocated).sort()).toEqual(['0', '150000']);
    const timeline = `select 1 from timeline where kind = 'charge' and text like '%is credit%' and tenant_id = $1`;
    expect(await hub.look(timeline, [tenantId])).toHaveLength(1);
  });

  it('paid after it ran out, and for a bill that was cancelled meanwhile: the money is kept as credit', async () => {
    const { charge, gateway, told, look, settling, invoiceId } = till;
    const { id } = await charge();
    gateway.set(id, 'expired');
    await look();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'expired' });
    await hub.look(`update invoices set cancelled_at = now() where id = $1`, [invoiceId]);
    gateway.set(id, 'paid');
    await told(id);
    await settleCharges(settling());
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await till.payments()).toMatchObject([{ unallocated: '150000' }]);
  });

  it('of a customer who is gone it is held', async () => {
    const { charge, gateway, look, customerId } = till;
    const { id } = await charge();
    await hub.look(`update customers set deleted_at = now() where id = $1`, [customerId]);
    gateway.set(id, 'paid');
    await look();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'held', payment_id: null });
  });
});

describe('P42: a crash at any point, and it happens once', () => {
  const killed = async (): Promise<never> => {
    throw new Error('killed');
  };

  it('after the gateway made the charge and before it was kept', async () => {
    const { charge, gateway, look } = till;
    const create: GatewayDesk['create'] = async (_tenant, _gateway, order) => {
      await gateway.createCharge(order);
      return killed();
    };
    await expect(charge('qris', { create })).rejects.toThrow('killed');
    const [id = ''] = gateway.orders.keys();
    await later(31_000, async () => expect((await charge()).id).not.toBe(id));
    gateway.set(id, 'paid');
    await look();
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await till.payments()).toHaveLength(1);
  });

  it('an order that the gateway never heard of fails after a while', async () => {
    const { charge, gateway, look } = till;
    gateway.fail({ reason: 'unreachable', detail: 'no route' });
    await expect(charge()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    gateway.fail(null);
    await look();
    expect(await states()).toEqual([{ state: 'created' }]);
    await later(601_000, () => look());
    expect(await states()).toEqual([{ state: 'failed' }]);
  });

  it('one that its gateway calls pending for ever, or never answers about again, ends', async () => {
    const { charge, gateway, look, tenantId } = till;
    const [pending, silent] = [await charge('qris'), await charge('virtual_account')];
    const status: GatewayDesk['status'] = async (_tenant, _gateway, order) =>
      order.orderId === silent.id
        ? { ok: false, error: { reason: 'rejected', detail: 'closed' } }
        : gateway.status(order);
    await later(10 * 86_400_000, () => look({ status }));
    expect(await till.chargeOf(pending.id)).toMatchObject({ state: 'expired', problem: null });
    expect(await till.chargeOf(silent.id)).toMatchObject({ state: 'expired', problem: 'closed' });
    expect(await hub.look('select 1 from charge_looks where tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('after the payment was taken and before the commit', async () => {
    const { charge, gateway, look } = till;
    const { id } = await charge();
    gateway.set(id, 'paid');
    await look({}, killed);
    expect(await till.chargeOf(id)).toMatchObject({ state: 'open' });
    expect(await till.payments()).toEqual([]);
    await look();
    await look();
    expect(await till.payments()).toHaveLength(1);
  });

  it('after the gateway gave the money back and before it was written', async () => {
    const { gateway, money, who } = till;
    const id = await paidCharge();
    const refund: GatewayDesk['refund'] = async (_tenant, _gateway, order) => {
      await gateway.refund(order);
      return killed();
    };
    await expect(refundCharge(money({ refund }), who, id, { reason: 'twice' })).rejects.toThrow('killed');
    expect(await refundCharge(money(), who, id, { reason: 'twice' })).toMatchObject({ state: 'refunded' });
    expect(await till.payments()).toMatchObject([{ status: 'reversed' }]);
    expect(await till.outstanding()).toBe(150_000);
    await expect(refundCharge(money(), who, id, { reason: 'twice' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a refund', () => {
  it('that the gateway cannot make is refused, and leaves the payment', async () => {
    const { money, who } = till;
    const id = await paidCharge();
    const refund: GatewayDesk['refund'] = async () => ({
      ok: false,
      error: { reason: 'unsupported', detail: 'in its dashboard only' },
    });
    await expect(refundCharge(money({ refund }), who, id, { reason: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await till.chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await till.payments()).toMatchObject([{ status: 'paid' }]);
  });

  it('that was made in the gateway’s dashboard is told to whoever looks after money', async () => {
    const { gateway, told, settling } = till;
    const id = await paidCharge();
    gateway.set(id, 'refunded');
    await told(id);
    await settleCharges(settling());
    expect(await till.chargeOf(id)).toMatchObject({ state: 'refunded' });
    expect(await messages()).toEqual([{ event: 'charge_problem' }]);
  });
});
