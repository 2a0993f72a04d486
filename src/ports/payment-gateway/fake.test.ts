import { paymentGatewayContract } from './contract.ts';
import { createFakeGateway } from './fake.ts';

paymentGatewayContract('fake', async () => {
  const gateway = createFakeGateway();
  return {
    gateway,
    stranger: null,
    refunds: true,
    tellsRefunds: true,
    pay: (orderId, amount) => gateway.set(orderId, 'paid', amount),
    expire: (orderId) => gateway.set(orderId, 'expired'),
    callback: (orderId) => gateway.callback(orderId),
    feel: (mood) =>
      gateway.fail(
        {
          well: null,
          busy: { reason: 'unreachable' as const, detail: 'busy' },
          nonsense: { reason: 'nonsense' as const, detail: 'nonsense' },
          lost: 'lost' as const,
        }[mood],
      ),
    close: async () => undefined,
  };
});
