import { webhookSenderContract } from './contract.ts';
import { createFakeWebhookSender } from './fake.ts';

webhookSenderContract('fake', async () => {
  const sender = createFakeWebhookSender();
  const url = 'https://hook.example.net/in';
  return {
    sender,
    url,
    closedUrl: 'https://closed.invalid/',
    answer: (status) => sender.answer(url, status),
    arrived: () => sender.posts.map(({ id, body }) => ({ id, body })),
    close: async () => undefined,
  };
});
