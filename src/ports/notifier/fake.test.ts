import { notifierContract } from './contract.ts';
import { createFakeNotifier } from './fake.ts';
import type { Notifier } from './port.ts';

notifierContract('fake', async () => {
  let fake = createFakeNotifier();
  const notifier: Notifier = { send: (notice) => fake.send(notice), test: () => fake.test() };
  return {
    notifier,
    arrived: async () =>
      fake.taken.map(({ to, subject, text, html, messageId, unsubscribeUrl }) => ({
        to,
        subject,
        text,
        html: html ?? null,
        messageId,
        unsubscribeUrl: unsubscribeUrl ?? null,
      })),
    behave: (manner) =>
      fake.fail(
        manner === 'taking'
          ? null
          : { reason: manner === 'busy' ? 'unreachable' : 'rejected', detail: `it is ${manner}` },
      ),
    reset: () => {
      fake = createFakeNotifier();
    },
    close: async () => undefined,
  };
});
