import { randomUUID } from 'node:crypto';
import { type ChargeFinding, type ChargeStatus, chargeMethods, type GatewayFailure } from '#domain/charge.ts';
import { err, ok } from '#domain/result.ts';
import type { PaymentGateway } from './port.ts';

export type FakeGateway = PaymentGateway & {
  /** The payer pays, or something else becomes of the order. */
  set(orderId: string, status: ChargeStatus, amount?: bigint): void;
  /** Every further call fails so; null: none does. `lost`: what is asked for is done, and nobody hears of it. */
  fail(how: GatewayFailure | 'lost' | null): void;
  /** A callback as it would arrive now. */
  callback(orderId: string): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> };
  readonly orders: ReadonlyMap<string, ChargeFinding>;
  readonly asked: () => number;
};

const lost: GatewayFailure = { reason: 'unreachable', detail: 'the answer was lost' };

/** A gateway in memory. Its callbacks carry the token `fake`. */
export function createFakeGateway(): FakeGateway {
  const orders = new Map<string, ChargeFinding>();
  const refunds = new Set<string>();
  let how: GatewayFailure | 'lost' | null = null;
  let asked = 0;
  const failing = (): GatewayFailure | null => (how === 'lost' ? lost : how);

  return {
    methods: chargeMethods,
    orders,
    asked: () => asked,
    set(orderId, status, amount) {
      const order = orders.get(orderId);
      if (!order) throw new Error(`Nobody ordered ${orderId}.`);
      const paidAt = status === 'paid' ? new Date() : order.paidAt;
      orders.set(orderId, { ...order, status, amount: amount ?? order.amount, paidAt });
    },
    fail: (next) => {
      how = next;
    },
    callback(orderId) {
      const order = orders.get(orderId);
      return {
        body: Buffer.from(JSON.stringify({ orderId, gatewayRef: order?.gatewayRef ?? '-', status: order?.status })),
        headers: { 'x-token': 'fake' },
      };
    },
    async createCharge({ orderId, amount, method }) {
      if (how !== null && how !== 'lost') return err(how);
      if (orders.has(orderId)) return err({ reason: 'rejected', detail: 'this order is there already' });
      const gatewayRef = randomUUID();
      orders.set(orderId, { status: 'pending', gatewayRef, amount, paidAt: null });
      if (how === 'lost') return err(lost);
      const shown = {
        qris: { qrString: `qr ${orderId}` },
        virtual_account: { virtualAccount: { bank: 'BCA', number: '8810' } },
        e_wallet: { url: `https://wallet.example/${orderId}` },
      }[method];
      return ok({ gatewayRef, ...shown });
    },
    readCallback(raw, headers) {
      if (headers.get('x-token') !== 'fake') return err('unsigned');
      try {
        const { orderId, gatewayRef, status } = JSON.parse(Buffer.from(raw).toString());
        if (typeof orderId !== 'string' || typeof status !== 'string') return err('malformed');
        return ok({ orderId, gatewayRef, status: status as ChargeStatus, dedup: `${gatewayRef} ${status}` });
      } catch {
        return err('malformed');
      }
    },
    async status({ orderId }) {
      asked += 1;
      const failure = failing();
      return failure ? err(failure) : ok(orders.get(orderId) ?? null);
    },
    async refund({ orderId, key }) {
      const order = orders.get(orderId);
      if (how !== null && how !== 'lost') return err(how);
      if (refunds.has(key)) return ok('refunded');
      if (order?.status !== 'paid') return err({ reason: 'rejected', detail: 'it was not paid' });
      refunds.add(key);
      orders.set(orderId, { ...order, status: 'refunded' });
      return how === 'lost' ? err(lost) : ok('refunded');
    },
    test: async () => (how === null ? ok('takes the key') : err(failing() ?? lost)),
    close: () => undefined,
  };
}
