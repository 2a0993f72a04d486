import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { paymentGatewayContract } from '#ports/payment-gateway/contract.ts';
import { startDuitku } from '#sandbox/gateways/duitku.ts';
import { createDuitku } from './gateway.ts';

const account = {
  environment: 'sandbox',
  merchant_code: 'D0001',
  email: 'billing@satu.net',
  qris: 'SP',
  virtual_account: 'BC',
} as const;
const line = {
  guard: createAddressGuard({ allow: { contains: () => true }, allowPrivate: true }),
  timeoutMs: 5_000,
  now: () => performance.now(),
};

paymentGatewayContract('Duitku', async () => {
  const shop = await startDuitku('D0001', 'api-key');
  const { url } = shop;
  const opened = (key: string) => createDuitku({ ...account, url, api_key: key }, line);
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
