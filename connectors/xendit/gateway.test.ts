import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { paymentGatewayContract } from '#ports/payment-gateway/contract.ts';
import { startXendit } from '#sandbox/gateways/xendit.ts';
import { createXendit } from './gateway.ts';

const line = {
  guard: createAddressGuard({ allow: { contains: () => true }, allowPrivate: true }),
  timeoutMs: 5_000,
  now: () => performance.now(),
};

paymentGatewayContract('Xendit', async () => {
  const shop = await startXendit('secret-key', 'token-of-the-dashboard');
  const { url } = shop;
  const opened = (key: string) =>
    createXendit(
      { url, secret_key: key, callback_token: 'token-of-the-dashboard', virtual_account: 'BCA', e_wallet: 'OVO' },
      line,
    );
  return {
    gateway: opened('secret-key'),
    stranger: opened('another key'),
    refunds: true,
    tellsRefunds: false,
    pay: (orderId, amount) => shop.pay(orderId, amount),
    expire: (orderId) => shop.end(orderId, 'expired'),
    callback: (orderId) => shop.callback(orderId),
    feel: (mood) => shop.feel(mood),
    close: () => shop.close(),
  };
});
