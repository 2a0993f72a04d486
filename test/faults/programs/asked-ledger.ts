import type { Ledger } from '#ports/ledger/port.ts';

/** What can be asked so; a feed of changes is another process's own, and nothing is pushed or set up here. */
type Method = Exclude<keyof Ledger, 'feed' | 'push' | 'setup'>;
/** A question of a worker to the ledger, which lies in the test's own process and outlives it. */
export type Question = { readonly ask: number; readonly method: Method; readonly args: readonly unknown[] };
type Answer = { readonly answer: number; readonly value: unknown };

const isAnswer = (message: unknown): message is Answer =>
  typeof message === 'object' && message !== null && 'answer' in message;

/** The ledger of the process that started this one. */
export function askedLedger(): Ledger {
  const waiting = new Map<number, (value: unknown) => void>();
  let asked = 0;
  process.on('message', (message: unknown) => {
    if (!isAnswer(message)) return;
    waiting.get(message.answer)?.(message.value);
    waiting.delete(message.answer);
  });
  const ask = <T>(method: Method, ...args: unknown[]): Promise<T> =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, (value) => resolve(value as T));
      const question: Question = { ask: asked, method, args };
      process.send?.(question);
    });
  return {
    fetch: (doctype, name) => ask('fetch', doctype, name),
    readCustomer: (customer) => ask('readCustomer', customer),
    readAll: () => ask('readAll'),
    subscriptions: () => ask('subscriptions'),
    writeUsername: (subscription, username) => ask('writeUsername', subscription, username),
    createCustomer: (customer) => ask('createCustomer', customer),
    test: () => ask('test'),
  };
}
