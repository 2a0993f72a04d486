import { webhookSourceContract } from './contract.ts';
import { createFakeWebhookSource, fakeDelivery } from './fake.ts';

webhookSourceContract('fake', {
  source: createFakeWebhookSource(['Sales Invoice']),
  send: fakeDelivery,
  knownDoctype: 'Sales Invoice',
});
