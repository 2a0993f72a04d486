import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChargeMethod, ChargeOrder } from '#domain/charge.ts';
import type { PaymentGateway } from './port.ts';

type Sent = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

export type GatewayWorld = {
  readonly gateway: PaymentGateway;
  /** The same account, with a key that is not its own; null: it has none. */
  readonly stranger: PaymentGateway | null;
  readonly refunds: boolean;
  /** Whether the gateway's own status tells a refund. */
  readonly tellsRefunds: boolean;
  pay(orderId: string, amount?: bigint): void;
  expire(orderId: string): void;
  callback(orderId: string): Sent;
  feel(mood: 'well' | 'busy' | 'nonsense' | 'lost'): void;
  close(): Promise<void>;
};

const orderOf = (method: ChargeMethod, over: Partial<ChargeOrder> = {}): ChargeOrder => ({
  orderId: randomUUID(),
  amount: 150_000n,
  method,
  customer: { name: 'Budi Santoso', phone: '+6281234567890', email: null },
  expiresAt: new Date(Date.now() + 3_600_000),
  description: 'Internet November 2026',
  callbackUrl: 'https://hub.example.net/webhooks/payments/x/satu',
  ...over,
});

/** What every payment gateway promises. */
export function paymentGatewayContract(name: string, open: () => Promise<GatewayWorld>): void {
  describe(`payment gateway: ${name}`, async () => {
    const world = await open();
    const { gateway } = world;
    beforeEach(() => world.feel('well'));
    afterAll(async () => {
      gateway.close();
      world.stranger?.close();
      await world.close();
    });

    async function ordered(method: ChargeMethod = 'qris'): Promise<ChargeOrder> {
      const order = orderOf(method);
      expect(await gateway.createCharge(order)).toMatchObject({ ok: true });
      return order;
    }
    const found = async ({ orderId }: ChargeOrder) => gateway.status({ orderId, gatewayRef: null });

    it.each(gateway.methods)('L5: %s: a charge has what its payer needs, and is pending', async (method) => {
      const order = orderOf(method);
      const opened = await gateway.createCharge(order);
      if (!opened.ok) throw new Error(opened.error.detail);
      const { qrString, virtualAccount, url, gatewayRef } = opened.value;
      expect([qrString, virtualAccount?.number, url].some((text) => text !== undefined && text !== '')).toBe(true);
      expect(await found(order)).toEqual({
        ok: true,
        value: { status: 'pending', gatewayRef, amount: 150_000n, paidAt: null },
      });
    });

    it('an order that nobody made is told as none, and is no failure', async () => {
      expect(await gateway.status({ orderId: randomUUID(), gatewayRef: null })).toEqual({ ok: true, value: null });
    });

    it('what was paid is told with its amount, also where it is another one', async () => {
      const [right, wrong] = [await ordered(), await ordered()];
      world.pay(right.orderId);
      world.pay(wrong.orderId, 149_999n);
      expect(await found(right)).toMatchObject({ ok: true, value: { status: 'paid', amount: 150_000n } });
      expect(await found(wrong)).toMatchObject({ ok: true, value: { status: 'paid', amount: 149_999n } });
    });

    it('what ran out is told so', async () => {
      const order = await ordered();
      world.expire(order.orderId);
      expect(await found(order)).toMatchObject({ ok: true, value: { status: 'expired' } });
    });

    it('its callbacks are read: the same news has the same key, other news another', async () => {
      const order = await ordered();
      world.pay(order.orderId);
      const { body, headers } = world.callback(order.orderId);
      const once = gateway.readCallback(body, new Headers(headers));
      expect(once).toMatchObject({ ok: true, value: { orderId: order.orderId, status: 'paid' } });
      expect(gateway.readCallback(body, new Headers(headers))).toEqual(once);
      world.expire(order.orderId);
      const later = world.callback(order.orderId);
      const other = gateway.readCallback(later.body, new Headers(later.headers));
      if (!once.ok || !other.ok) throw new Error('not read');
      expect(other.value.dedup).not.toBe(once.value.dedup);
    });

    it('no bytes and no header make it throw, or pass for signed', () => {
      const headers = new Headers({ 'x-callback-signature': 'x', 'x-callback-token': 'x' });
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(Buffer.from)), (bytes) => {
          expect(gateway.readCallback(bytes, headers).ok).toBe(false);
        }),
        { numRuns: 200 },
      );
    });

    it('one that is busy, or breaks off, is for later; an answer that says nothing is nonsense', async () => {
      world.feel('busy');
      expect(await gateway.createCharge(orderOf('qris'))).toMatchObject({ error: { reason: 'unreachable' } });
      world.feel('nonsense');
      expect(await gateway.status({ orderId: randomUUID(), gatewayRef: null })).toMatchObject({
        error: { reason: 'nonsense' },
      });
    });

    it('an answer that was lost: the order is there all the same, and status tells of it', async () => {
      const order = orderOf('qris');
      world.feel('lost');
      expect(await gateway.createCharge(order)).toMatchObject({ error: { reason: 'unreachable' } });
      world.feel('well');
      world.pay(order.orderId);
      expect(await found(order)).toMatchObject({ ok: true, value: { status: 'paid', amount: 150_000n } });
    });

    it('a key that is not its own is refused for good', async () => {
      if (!world.stranger) return expect(world.stranger).toBeNull();
      expect(await world.stranger.createCharge(orderOf('qris'))).toMatchObject({ error: { reason: 'rejected' } });
      expect(await world.stranger.test()).toMatchObject({ error: { reason: 'rejected' } });
    });

    it('a refund is made once a key, or is said to be impossible', async () => {
      const order = await ordered();
      world.pay(order.orderId);
      const known = await found(order);
      const gatewayRef = known.ok ? (known.value?.gatewayRef ?? null) : null;
      const wish = { orderId: order.orderId, gatewayRef, amount: 150_000n, reason: 'paid twice', key: randomUUID() };
      if (!world.refunds) return expect(await gateway.refund(wish)).toMatchObject({ error: { reason: 'unsupported' } });
      expect(await gateway.refund(wish)).toEqual({ ok: true, value: 'refunded' });
      if (world.tellsRefunds) expect(await found(order)).toMatchObject({ value: { status: 'refunded' } });
      expect(await gateway.refund({ ...wish, key: randomUUID() })).toMatchObject({ error: { reason: 'rejected' } });
    });

    it('a test says in words that the keys are taken', async () => {
      expect(await gateway.test()).toMatchObject({ ok: true, value: expect.stringMatching(/\w/) });
    });
  });
}
