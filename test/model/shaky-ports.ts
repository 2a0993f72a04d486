import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { Random } from './random.ts';

const pause = (random: Random, mostMs: number): Promise<void> => sleep(random.int(mostMs + 1));

/** A ledger whose answers take a while, before and after the moment at which they are true; time goes on meanwhile. */
export function slowLedger(ledger: Ledger, random: Random, tick: () => void): Ledger {
  async function slowly<T>(ask: () => Promise<T>): Promise<T> {
    tick();
    await pause(random, 8);
    const answer = await ask();
    await pause(random, 8);
    tick();
    return answer;
  }
  return {
    fetch: (doctype, name) => slowly(() => ledger.fetch(doctype, name)),
    readCustomer: (customer, known) => slowly(() => ledger.readCustomer(customer, known)),
    readAll: (known) => slowly(() => ledger.readAll(known)),
    subscriptions: (known) => slowly(() => ledger.subscriptions(known)),
    writeUsername: (subscription, username) => slowly(() => ledger.writeUsername(subscription, username)),
    createCustomer: (customer) => slowly(() => ledger.createCustomer(customer)),
    test: () => ledger.test(),
  };
}

/** Which generation a user's rows are of right after a write, beside the newest that was written before. */
export type Observation = { readonly username: string; readonly seen: bigint; readonly newest: bigint };

/** An enforcer whose writes come late; `observations` says what stood there after each of them (P-b). */
export function slowEnforcer(enforcer: FakeEnforcer, random: Random) {
  const newest = new Map<string, bigint>();
  const observations: Observation[] = [];
  const slow: Enforcer = {
    ...enforcer,
    async applyUsers(users) {
      await pause(random, 40);
      const applied = await enforcer.applyUsers(users);
      for (const { username, generation } of users) {
        const before = newest.get(username) ?? -1n;
        newest.set(username, before > generation ? before : generation);
        const seen = enforcer.user(username)?.generation ?? -1n;
        observations.push({ username, seen, newest: newest.get(username) ?? -1n });
      }
      await pause(random, 40);
      return applied;
    },
  };
  return { slow, observations };
}
