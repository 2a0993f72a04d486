import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { paymentGatewayContract } from '#ports/payment-gateway/contract.ts';
import { startMidtrans } from '#sandbox/gateways/midtrans.ts';
import { createMidtrans } from './gateway.ts';

const line = {
  guard: createAddressGuard({ allow: { contains: () => true }, allowPrivate: true }),
  timeoutMs: 5_000,
  now: () => performance.now(),
};

paymentGatewayContract('Midtrans', async () => {
  const shop = await startMidtrans('server-key');
  const { url } = shop;
  const opened = (key: string) =>
    createMidtrans({ environment: 'sandbox', url, server_key: key, virtual_account: 'bca', e_wallet: 'gopay' }, line);
  return {
    gateway: opened('server-key'),
    stranger: opened('another key'),
    refunds: true,
    tellsRefunds: true,
    pay: (orderId, amount) => shop.pay(orderId, amount),
    expire: (orderId) => shop.end(orderId, 'expired'),
    callback: (orderId) => shop.callback(orderId),
    feel: (mood) => shop.feel(mood),
    close: () => shop.close(),
  };
});

it('an order id is taken once: the second charge of one is refused, and says so', async () => {
  const shop = await startMidtrans('server-key');
  const gateway = createMidtrans({ environment: 'sandbox', url: shop.url, server_key: 'server-key' }, line);
  const order = {
    orderId: randomUUID(),
    amount: 150_000n,
    method: 'qris',
    customer: { name: 'Budi', phone: '+6281234567890', email: null },
    expiresAt: new Date(Date.now() + 3_600_000),
    description: 'Internet',
    callbackUrl: 'https://hub.example.net/',
  } as const;
  expect(await gateway.createCharge(order)).toMatchObject({ ok: true });
  const again = await gateway.createCharge(order);
  expect(again).toMatchObject({ error: { reason: 'rejected', detail: expect.stringContaining('406') } });
  expect(gateway.methods).toEqual(['qris']);
  gateway.close();
  await shop.close();
});
