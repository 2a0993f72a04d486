import { setTimeout as sleep } from 'node:timers/promises';
import { askLedger, markDocuments } from '#access/mark-dirty.ts';
import type { Invoice } from '#domain/facts.ts';
import { claimDocuments } from '#inbox/claim-documents.ts';
import { fetchDirtyDocuments } from '#inbox/fetch-documents.ts';
import { createStore } from '#inbox/store.ts';
import { claimIntents } from '#outbox/claim.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import { createTestHub, type TestLine } from '#test/pipeline/test-hub.ts';
import type { Random } from './random.ts';
import { slowEnforcer, slowLedger } from './shaky-ports.ts';

const amount = 150_000n;
const doctype = 'Sales Invoice';
const numbers = [1, 2, 3, 4, 5, 6];
/** A lease that outlasts any work here, so that it need not be renewed. */
const heldLeaseMs = 30_000;
/** A lease that its owner, who crashed, never renews. */
const lostLeaseMs = 100;
const ticksMs = [1_000, 5_000, 20_000, 61_000, 301_000, 301_000];

const invoiceName = (customer: string, number: number): string => `INV-${customer}-${number}`;

/** A bill that is overdue from the moment on that it is written. */
export const invoiceOf = ({ customer }: TestLine, outstanding: bigint, number = 1): Invoice => ({
  kind: 'invoice',
  name: invoiceName(customer, number),
  customer,
  subscription: customer,
  submitted: true,
  isReturn: false,
  returnAgainst: null,
  dueDate: '2026-10-20',
  total: amount,
  outstanding,
  terms: [{ dueDate: '2026-10-20', amount }],
  items: ['FIBER'],
});

/** Whoever still renews a lease is waited for: the table is locked before its rows are. */
const endWaits = `
  lock table dirty_documents, outbox in share row exclusive mode;
  update dirty_documents set not_before = now(), locked_until = null;
  update outbox set next_at = now() where state = 'ready';
  update outbox set locked_until = now() - interval '1 second' where state = 'running'`;

/** The real steps on a real bridge, between a ledger and an enforcer that are slow at random. */
export async function createRaceStage(postgresUrl: string, random: Random) {
  const time = { read: (): number => 0, tick: (): void => undefined };
  const now = () => new Date(time.read());
  const ledger = createFakeLedger(now);
  const target = createFakeEnforcer({ now });
  const { slow, observations } = slowEnforcer(target, random);
  const hub = await createTestHub(postgresUrl, {
    ledger: slowLedger(ledger, random, () => time.tick()),
    enforcer: slow,
  });
  time.read = () => hub.time.now;
  time.tick = () => {
    hub.time.now += 1;
  };
  const store = createStore(hub.db);
  const fetching = { ...hub.fetching, leaseMs: heldLeaseMs };
  const steps = {
    ...hub.steps,
    fetch: () => hub.looking((looks) => fetchDirtyDocuments(fetching, looks)),
  };

  const announce = (line: TestLine, number = 1): Promise<unknown> =>
    store(hub.arrival(line.tenantId, doctype, invoiceName(line.customer, number)));

  const outstandingOf = ({ customer }: TestLine, number: number): bigint | null => {
    const fact = ledger.get(doctype, invoiceName(customer, number));
    return fact?.kind === 'invoice' ? fact.outstanding : null;
  };
  const owedBy = (line: TestLine): bigint =>
    numbers.reduce((sum, number) => sum + (outstandingOf(line, number) ?? 0n), 0n);

  /** Takes a line's bills out of the ledger, so that the next tenant's readings do not bring them. */
  const forget = ({ customer }: TestLine): void => {
    for (const number of numbers) ledger.remove(doctype, invoiceName(customer, number));
  };

  /** A worker leases work, writes at the target, and is gone before it could say so. */
  async function crashAfterEffect(): Promise<void> {
    await claimDocuments(hub.db, lostLeaseMs, 1 + random.int(3));
    for (const { intent, generation } of await claimIntents(hub.db, ['access.apply'], lostLeaseMs, 1 + random.int(3))) {
      if (intent.kind !== 'access.apply' || random.chance(0.3)) continue;
      const { group, mac, reply } = intent.desired;
      await slow.applyUsers([{ username: intent.username, generation, group, password: 'rahasia1', mac, reply }]);
    }
  }

  /** One random thing that befalls a line; what it changes in the ledger is announced now, later, twice or never. */
  async function befall(line: TestLine): Promise<void> {
    await sleep(random.int(40));
    if (random.chance(0.1)) return crashAfterEffect();
    if (random.chance(0.15)) {
      hub.time.now += random.pick(ticksMs) ?? 0;
      return;
    }
    const number = random.pick(numbers) ?? 1;
    const isNew = outstandingOf(line, number) === null;
    const outstanding = isNew ? amount : (random.pick([0n, 0n, 0n, 50_000n, amount]) ?? 0n);
    if (random.chance(0.8)) ledger.put(invoiceOf(line, outstanding, number));
    for (let copies = random.int(4); copies > 0; copies--) {
      await sleep(random.int(20));
      await announce(line, number);
    }
  }

  /** Two workers that run the steps, each in an order of its own, until `isOver`. */
  async function work(isOver: () => boolean): Promise<void> {
    const worker = async (): Promise<void> => {
      while (!isOver()) for (const step of random.shuffle(Object.values(steps))) await step();
    };
    await Promise.all([worker(), worker()]);
  }

  async function settle(): Promise<void> {
    for (let isAny = true; isAny; ) {
      isAny = false;
      for (const step of Object.values(steps)) if (await step()) isAny = true;
    }
  }

  /** Ends rests and lost leases, reads the ledger, and lets the settling time pass. */
  async function comeToRest(tenantId: string): Promise<void> {
    for (const ms of [61_000, 301_000, 301_000]) {
      hub.time.now += ms;
      await hub.db.worker(tenantId, (tx) =>
        markDocuments(tx, tenantId, [{ doctype: askLedger, name: '*', correlationId: 'the end' }]),
      );
      await hub.look(endWaits);
      await settle();
    }
  }

  return { hub, ledger, target, observations, announce, owedBy, forget, befall, work, settle, comeToRest };
}

export type RaceStage = Awaited<ReturnType<typeof createRaceStage>>;
