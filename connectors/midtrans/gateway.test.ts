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
