import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import type { ChargeFinding, ChargeMethod, GatewayName } from '#domain/charge.ts';
import { issueInvoice, takePayment } from '#features/billing/verbs.ts';
import { type ChargeRow, openCharge } from '#features/charges/verbs.ts';
import { createCallbackReceivers } from '#inbox/receive-callback.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import type { Who } from '#platform/caller.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import { createLog } from '#platform/log.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createFakeGateway, type FakeGateway } from '#ports/payment-gateway/fake.ts';
import { createTestHub, type TestHub, type TestLine } from '#test/pipeline/test-hub.ts';
import { acceptCharge, refundCharge } from './charge-money.ts';
import { settleCharge } from './settle-charge.ts';
import { settleCharges } from './settle-charges.ts';

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let customerId: string;
let invoiceId: string;
let gateway: FakeGateway;
let count = 0;

const appendMessage = () => createAppendMessage({ vaultOf: hub.vaultOf, recipients: createRecipients(hub.vault) });
const deskOf = (of: FakeGateway): GatewayDesk => ({
  connected: async () => [{ name: 'midtrans', methods: of.methods }],
  create: (_tenant, _gateway, order) => of.createCharge(order),
  status: (_tenant, _gateway, order) => of.status(order),
  refund: (_tenant, _gateway, order) => of.refund(order),
});
const opening = (desk: GatewayDesk = deskOf(gateway)) => ({
  db: hub.db,
  clock: hub.clock,
  desk,
  publicUrl: 'http://hub.test',
});
const opener = () => ({ tenantId, correlationId: 'test', openedBy: null });
const charge = (method: ChargeMethod = 'qris', desk?: GatewayDesk): Promise<ChargeRow> =>
  openCharge(opening(desk), opener(), { bill: invoiceId, method });

const settling = (desk: GatewayDesk = deskOf(gateway), decide = hub.fetching.decide) => ({
  db: hub.db,
  clock: hub.clock,
  log: createLog('silent'),
  desk,
  appendMessage: appendMessage(),
  decide,
  leaseMs: 60_000,
});
/** Makes every look due, and looks. */
async function look(...how: Parameters<typeof settling>): Promise<void> {
  await hub.look('update charge_looks set not_before = now(), locked_until = null');
  await settleCharges(settling(...how));
}
async function told(orderId: string): Promise<{ accepted: boolean }> {
  const senders = { find: async () => ({ tenantId, isActive: true, secrets: [] }) };
  const gatewayOf = async () => gateway;
  const { midtrans } = createCallbackReceivers({ db: hub.db, senders, gatewayOf, onNews: () => undefined });
  if (!midtrans) throw new Error('no door');
  const { body, headers } = gateway.callback(orderId);
  return midtrans('satu', body, new Headers(headers));
}

const chargeOf = async (id: string): Promise<{ state: string; problem: string | null; payment_id: string | null }> => {
  const [row] = await hub.look<{ state: string; problem: string | null; payment_id: string | null }>(
    'select state, problem, payment_id from charges where id = $1',
    [id],
  );
  if (!row) throw new Error('no such charge');
  return row;
};
const payments = () =>
  hub.look<{ amount: string; status: string; unallocated: string }>(
    'select amount::text, status, unallocated::text from payments where tenant_id = $1 order by created_at',
    [tenantId],
  );
const outstanding = async (): Promise<number> =>
  Number(
    (await hub.look<{ left: string }>('select outstanding::text as left from invoices where id = $1', [invoiceId]))[0]
      ?.left,
  );
const who = (): Who => ({
  tenantId,
  caller: { userId: '16fd2706-8baf-433b-82eb-8c7fada847da', tenantId, role: 'finance' },
  correlationId: 'test',
  address: '192.0.2.1',
});
const money = () => ({ db: hub.db, clock: hub.clock, desk: deskOf(gateway), appendMessage: appendMessage() });

const bill = (tx: Tx, dueDate: string, amount = 150_000n) =>
  issueInvoice(
    tx,
    { tenantId, correlationId: 'test' },
    {
      customerId,
      subscriptionId: line.subscriptionId,
      reason: 'manual',
      lines: [{ description: 'Internet', quantity: 1, unitPrice: amount }],
      issuedOn: dueDate,
      dueDate,
    },
  );

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  count += 1;
  gateway = createFakeGateway();
  tenantId = await hub.addTenant();
  line = await hub.addLine(tenantId, `budi${count}`);
  await hub.look('update customers set erp_customer = null where tenant_id = $1', [tenantId]);
  await hub.look('update subscriptions set erp_subscription = null where tenant_id = $1', [tenantId]);
  const [row] = await hub.look<{ id: string }>('select id from customers where tenant_id = $1', [tenantId]);
  customerId = row?.id ?? '';
  await hub.look(
    `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, 'Ayu', 'admin', '-')`,
    [tenantId, `ayu${count}@isp.example`],
  );
  invoiceId = (await hub.db.worker(tenantId, (tx) => bill(tx, '2026-10-20'))).invoiceId;
  await hub.settle();
});

describe('a charge of a bill', () => {
  it('L5: paid, its callback restores the isolated line in the transaction that takes the money', async () => {
    expect(await hub.stateOf(line)).toBe('isolated');
    const { id, qr_string, amount, state } = await charge();
    expect({ qr_string, amount, state }).toEqual({ qr_string: `qr ${id}`, amount: 150_000n, state: 'open' });
    gateway.set(id, 'paid');
    expect(await told(id)).toMatchObject({ accepted: true, fresh: true });
    await settleCharges(settling());
    expect(await hub.stateOf(line)).toBe('active');
    expect(await chargeOf(id)).toMatchObject({ state: 'paid', problem: null });
    expect(await payments()).toEqual([{ amount: '150000', status: 'paid', unallocated: '0' }]);
    expect(await outstanding()).toBe(0);
  });

  it('is given again while it can be paid, also to many who ask at once; another amount is another charge', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => charge()));
    expect(new Set(many.map(({ id }) => id)).size).toBe(1);
    expect(gateway.orders.size).toBe(1);
    const taker = { tenantId, correlationId: 'test', takenBy: null };
    const part = {
      customerId,
      amount: 50_000n,
      method: 'cash' as const,
      paidAt: new Date(hub.clock()),
      idemKey: 'part',
    };
    await hub.db.worker(tenantId, (tx) => takePayment(tx, taker, part));
    expect(await charge()).toMatchObject({ amount: 100_000n });
    expect(gateway.orders.size).toBe(2);
    hub.time.now += 59 * 60_000;
    expect((await charge()).id).not.toBe(many[0]?.id);
    hub.time.now -= 59 * 60_000;
  });

  it('of nothing open, of no such bill, without a gateway, or in dollars there is none', async () => {
    const wish = { bill: invoiceId, method: 'qris' } as const;
    const nobody: GatewayDesk = { ...deskOf(gateway), connected: async () => [] };
    await expect(openCharge(opening(nobody), opener(), wish)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(openCharge(opening(), opener(), { ...wish, bill: customerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(openCharge(opening(), opener(), { ...wish, bill: 'ACC-1' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await hub.look(`update tenants set settings = '{"currency": "USD"}' where id = $1`, [tenantId]);
    await expect(charge()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('what a gateway tells, and what it does not', () => {
  it('P9, P16: told ten times, in any order, by many workers at once: one payment', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    for (const status of ['paid', 'pending', 'paid', 'expired', 'paid'] as const) {
      gateway.set(id, status);
      await told(id);
    }
    gateway.set(id, 'paid');
    for (let i = 0; i < 5; i += 1) {
      await hub.look('update charge_looks set not_before = now(), locked_until = null');
      await Promise.all([settleCharges(settling()), settleCharges(settling()), look()]);
    }
    expect(await payments()).toHaveLength(1);
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
  });

  it('SEC-6: a forged callback changes nothing, for the gateway is asked; who believed it would book it', async () => {
    const { id } = await charge();
    const forged: ChargeFinding = { status: 'paid', gatewayRef: 'forged', amount: 150_000n, paidAt: null };
    gateway.set(id, 'paid');
    const { body, headers } = gateway.callback(id);
    gateway.set(id, 'pending');
    const senders = { find: async () => ({ tenantId, isActive: true, secrets: [] }) };
    const gatewayOf = async () => gateway;
    const { midtrans } = createCallbackReceivers({ db: hub.db, senders, gatewayOf, onNews: () => undefined });
    expect(await midtrans?.('satu', body, new Headers(headers))).toMatchObject({ accepted: true, fresh: true });
    await settleCharges(settling());
    expect(await chargeOf(id)).toMatchObject({ state: 'open' });
    expect(await payments()).toEqual([]);
    const one = { correlationId: 'test', now: hub.clock(), appendMessage: appendMessage() };
    const believed = hub.db.worker(tenantId, async (tx) => {
      const { state } = await settleCharge(tx, tenantId, id, forged, one);
      throw new Error(state);
    });
    await expect(believed).rejects.toThrow('paid');
  });

  it('another tenant’s door does not reach the charge', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    const other = await hub.addTenant();
    const senders = { find: async () => ({ tenantId: other, isActive: true, secrets: [] }) };
    const receivers = createCallbackReceivers({
      db: hub.db,
      senders,
      gatewayOf: async () => gateway,
      onNews: () => undefined,
    });
    const { body, headers } = gateway.callback(id);
    await receivers.midtrans?.('dua', body, new Headers(headers));
    await settleCharges(settling());
    expect(await chargeOf(id)).toMatchObject({ state: 'open' });
    const kept = await hub.look('select is_ours from gateway_events where tenant_id = $1', [other]);
    expect(kept).toEqual([{ is_ours: false }]);
  });

  it('a callback that is lost: the open charge is asked about, and paid', async () => {
    const { id } = await charge('virtual_account');
    gateway.set(id, 'paid');
    await look();
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await hub.look('select 1 from charge_looks where charge_id = $1', [id])).toEqual([]);
  });

  it('a callback that is faster than the gateway’s own answer', async () => {
    const { id } = await charge('qris', {
      ...deskOf(gateway),
      async create(_tenant, _gateway, order) {
        const made = await gateway.createCharge(order);
        gateway.set(order.orderId, 'paid');
        await told(order.orderId);
        await settleCharges(settling());
        return made;
      },
    });
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await payments()).toHaveLength(1);
  });

  it('a gateway that is away when it is asked: the look stays, says why, and the money comes later', async () => {
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
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
  });
});

describe('money that is not as it should be', () => {
  it('P41: another amount is held and told, and taken once a person says so', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid', 149_000n);
    await look();
    expect(await chargeOf(id)).toMatchObject({ state: 'held', problem: expect.stringContaining('149000') });
    expect(await payments()).toEqual([]);
    const messages = await hub.look('select event from messages where tenant_id = $1', [tenantId]);
    expect(messages).toEqual([{ event: 'charge_problem' }]);
    await look();
    expect(await payments()).toEqual([]);
    expect(await acceptCharge(money(), who(), id)).toMatchObject({ state: 'paid', paid_amount: 149_000 });
    expect(await outstanding()).toBe(1_000);
    await expect(acceptCharge(money(), who(), id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('paid twice, by QRIS and by virtual account: both are kept, the second as credit', async () => {
    const [qris, va] = [await charge('qris'), await charge('virtual_account')];
    gateway.set(qris.id, 'paid');
    gateway.set(va.id, 'paid');
    await look();
    expect((await payments()).map(({ unallocated }) => unallocated).sort()).toEqual(['0', '150000']);
    const timeline = await hub.look<{ text: string }>(
      `select text from timeline where kind = 'charge' and tenant_id = $1`,
      [tenantId],
    );
    expect(timeline.some(({ text }) => text.includes('is credit'))).toBe(true);
  });

  it('paid after it ran out, and for a bill that was cancelled meanwhile: the money is kept as credit', async () => {
    const { id } = await charge();
    gateway.set(id, 'expired');
    await look();
    expect(await chargeOf(id)).toMatchObject({ state: 'expired' });
    await hub.look(`update invoices set cancelled_at = now() where id = $1`, [invoiceId]);
    gateway.set(id, 'paid');
    await told(id);
    await settleCharges(settling());
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await payments()).toMatchObject([{ unallocated: '150000' }]);
  });

  it('of a customer who is gone it is held', async () => {
    const { id } = await charge();
    await hub.look(`update customers set deleted_at = now() where id = $1`, [customerId]);
    gateway.set(id, 'paid');
    await look();
    expect(await chargeOf(id)).toMatchObject({ state: 'held', payment_id: null });
  });
});

describe('P42: a crash at any point, and it happens once', () => {
  it('after the gateway made the charge and before it was kept', async () => {
    const dying: GatewayDesk = {
      ...deskOf(gateway),
      async create(_tenant, _gateway, order) {
        await gateway.createCharge(order);
        throw new Error('killed');
      },
    };
    await expect(charge('qris', dying)).rejects.toThrow('killed');
    const [id = ''] = gateway.orders.keys();
    hub.time.now += 31_000;
    const second = await charge();
    expect(second.id).not.toBe(id);
    hub.time.now -= 31_000;
    gateway.set(id, 'paid');
    await look();
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await payments()).toHaveLength(1);
  });

  it('an order that the gateway never heard of fails after a while', async () => {
    gateway.fail({ reason: 'unreachable', detail: 'no route' });
    await expect(charge()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    gateway.fail(null);
    await look();
    expect(await hub.look('select state from charges where tenant_id = $1', [tenantId])).toEqual([
      { state: 'created' },
    ]);
    hub.time.now += 601_000;
    await look();
    hub.time.now -= 601_000;
    expect(await hub.look('select state from charges where tenant_id = $1', [tenantId])).toEqual([{ state: 'failed' }]);
  });

  it('one that its gateway calls pending for ever, or never answers about again, ends', async () => {
    const [pending, silent] = [await charge('qris'), await charge('virtual_account')];
    hub.time.now += 10 * 86_400_000;
    await look({
      ...deskOf(gateway),
      status: async (_tenant, _gateway, order) =>
        order.orderId === silent.id
          ? { ok: false, error: { reason: 'rejected', detail: 'closed' } }
          : gateway.status(order),
    });
    hub.time.now -= 10 * 86_400_000;
    expect(await chargeOf(pending.id)).toMatchObject({ state: 'expired', problem: null });
    expect(await chargeOf(silent.id)).toMatchObject({ state: 'expired', problem: 'closed' });
    expect(await hub.look('select 1 from charge_looks where tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('after the payment was taken and before the commit', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    const dying = async () => {
      throw new Error('killed');
    };
    await look(deskOf(gateway), dying);
    expect(await chargeOf(id)).toMatchObject({ state: 'open' });
    expect(await payments()).toEqual([]);
    await look();
    await look();
    expect(await payments()).toHaveLength(1);
  });

  it('after the gateway gave the money back and before it was written', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    await look();
    const dying = {
      ...money(),
      desk: {
        ...deskOf(gateway),
        async refund(...[, , order]: Parameters<GatewayDesk['refund']>): ReturnType<GatewayDesk['refund']> {
          await gateway.refund(order);
          throw new Error('killed');
        },
      },
    };
    await expect(refundCharge(dying, who(), id, { reason: 'twice' })).rejects.toThrow('killed');
    expect(await refundCharge(money(), who(), id, { reason: 'twice' })).toMatchObject({ state: 'refunded' });
    expect(await payments()).toMatchObject([{ status: 'reversed' }]);
    expect(await outstanding()).toBe(150_000);
    await expect(refundCharge(money(), who(), id, { reason: 'twice' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a refund', () => {
  it('that the gateway cannot make is refused, and leaves the payment', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    await look();
    const desk: GatewayDesk = {
      ...deskOf(gateway),
      refund: async () => ({ ok: false, error: { reason: 'unsupported', detail: 'in its dashboard only' } }),
    };
    await expect(refundCharge({ ...money(), desk }, who(), id, { reason: 'x' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await chargeOf(id)).toMatchObject({ state: 'paid' });
    expect(await payments()).toMatchObject([{ status: 'paid' }]);
  });

  it('that was made in the gateway’s dashboard is told to whoever looks after money', async () => {
    const { id } = await charge();
    gateway.set(id, 'paid');
    await look();
    gateway.set(id, 'refunded');
    await told(id);
    await settleCharges(settling());
    expect(await chargeOf(id)).toMatchObject({ state: 'refunded' });
    expect(await hub.look('select event from messages where tenant_id = $1', [tenantId])).toEqual([
      { event: 'charge_problem' },
    ]);
  });
});

it('every gateway name is a door', () => {
  const doors = createCallbackReceivers({
    db: hub.db,
    senders: { find: async () => null },
    gatewayOf: async () => null,
    onNews: () => undefined,
  });
  const names: readonly GatewayName[] = ['midtrans', 'xendit', 'tripay', 'duitku'];
  expect(Object.keys(doors)).toEqual(names);
});
