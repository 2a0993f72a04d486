import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { paymentGatewayContract } from '#ports/payment-gateway/contract.ts';
import { startTripay } from '#sandbox/gateways/tripay.ts';
import { createTripay } from './gateway.ts';

const account = {
  environment: 'sandbox',
  merchant_code: 'T0001',
  private_key: 'private-key',
  email: 'billing@satu.net',
  virtual_account: 'BCAVA',
} as const;
const line = {
  guard: createAddressGuard({ allow: { contains: () => true }, allowPrivate: true }),
  timeoutMs: 5_000,
  now: () => performance.now(),
};

paymentGatewayContract('Tripay', async () => {
  const shop = await startTripay({ merchantCode: 'T0001', apiKey: 'api-key', privateKey: 'private-key' });
  const { url } = shop;
  const opened = (key: string) => createTripay({ ...account, url, api_key: key }, line);
  return {
    gateway: opened('api-key'),
    stranger: opened('another key'),
    refunds: false,
    tellsRefunds: false,
    pay: (orderId, amount) => shop.pay(orderId, amount),
    expire: (orderId) => shop.end(orderId, 'expired'),
    callback: (orderId) => shop.callback(orderId),
    feel: (mood) => shop.feel(mood),
    close: () => shop.close(),
  };
});
