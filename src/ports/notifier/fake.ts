import { err, ok } from '#domain/result.ts';
import type { Notice, Notifier, NotifierFailure } from './port.ts';

export type FakeNotifier = Notifier & {
  /** What was taken, in its order. */
  readonly taken: readonly Notice[];
  /** How many calls of `send` there were, whatever came of them. */
  readonly tries: () => number;
  /** Every further message fails so; null: none does. */
  fail(failure: NotifierFailure | null): void;
};

/** A carrier for tests; it knows nobody whose address begins with `nobody@`. */
export function createFakeNotifier(): FakeNotifier {
  const taken: Notice[] = [];
  let failure: NotifierFailure | null = null;
  let tries = 0;
  return {
    taken,
    tries: () => tries,
    fail: (next) => {
      failure = next;
    },
    send: async (notice) => {
      tries += 1;
      if (failure) return err(failure);
      if (notice.to.startsWith('nobody@')) return err({ reason: 'no_recipient', detail: '550 nobody of that name' });
      taken.push(notice);
      return ok({ providerId: `fake-${taken.length}` });
    },
    test: async () => (failure ? err(failure) : ok('takes messages')),
  };
}
