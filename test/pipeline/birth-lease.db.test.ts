import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { decideWithin } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import type { Invoice } from '#domain/facts.ts';
import { claimDocuments, finishDocument } from '#inbox/claim-documents.ts';
import { consumeInbox } from '#inbox/consume.ts';
import { fetchDirtyDocuments, takeDeliveries } from '#inbox/fetch-documents.ts';
import { createStore } from '#inbox/store.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import { claimIntents } from '#outbox/claim.ts';
import { lateBill } from './late-bill.ts';
import { createTestHub, noon, type TestHub, type TestLine } from './test-hub.ts';

const doctype = 'Sales Invoice';
const leaseMs = 60_000;

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let count = 0;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  count += 1;
  tenantId = await hub.addTenant();
  line = await hub.addLine(tenantId, `lahir${count}`);
  await hub.settle();
  hub.time.now = noon('2026-11-22');
});

const name = (): string => `INV-${line.customer}`;
const bill = (over: Partial<Invoice> = {}): Invoice => lateBill(line, over);
async function announce(debtor?: string): Promise<void> {
  const arrival = hub.arrival(tenantId, doctype, name());
  await createStore(hub.db)(arrival);
  if (debtor !== undefined) hub.foresight.begin(arrival, debtor);
}
const endLeases = () =>
  hub.look(`with d as (update dirty_documents set locked_until = now() - interval '1 s')
    update outbox set locked_until = now() - interval '1 s' where state = 'running'`);
const mine = (documents: readonly { readonly tenantId: string }[]) =>
  documents.filter((document) => document.tenantId === tenantId).length;

describe('work that is leased at its birth', () => {
  it('REL-21: deliveries whose consumer dies are looked at by another when its lease ends, not before', async () => {
    await announce();
    const { count: consumed, documents, isSomeLeft } = await consumeInbox(hub.db, leaseMs, 10);
    expect([consumed, documents.length, isSomeLeft]).toEqual([1, 1, false]);
    expect(mine(await claimDocuments(hub.db, leaseMs, 100))).toBe(0);
    await endLeases();
    expect(mine(await claimDocuments(hub.db, leaseMs, 100))).toBe(1);
  });

  it('a process without room marks and leaves the rest to whoever claims', async () => {
    await announce();
    const { documents, isSomeLeft } = await consumeInbox(hub.db, leaseMs, 0);
    expect([documents, isSomeLeft]).toEqual([[], true]);
    expect(mine(await claimDocuments(hub.db, leaseMs, 100))).toBe(1);
  });

  it('what somebody looks at already is not leased twice, and is looked at once more afterwards', async () => {
    await announce();
    const [first] = (await consumeInbox(hub.db, leaseMs, 10)).documents;
    await announce();
    const second = await consumeInbox(hub.db, leaseMs, 10);
    expect([second.count, second.documents]).toEqual([1, []]);
    const [mark] = await hub.look<{ marks: string }>('select marks from dirty_documents where name = $1', [name()]);
    expect([first?.marks, mark?.marks]).toEqual([1n, '2']);
  });

  it('REL-22: a look that outlived its lease ends no mark that came after it was taken over', async () => {
    await announce();
    const [paused] = (await consumeInbox(hub.db, leaseMs, 10)).documents;
    await endLeases();
    const [taken] = (await claimDocuments(hub.db, leaseMs, 100)).filter((one) => one.tenantId === tenantId);
    if (!paused || !taken) throw new Error('nobody has the document');
    const finish = (document: typeof taken) => hub.db.worker(tenantId, (tx) => finishDocument(tx, document));
    expect(await finish(taken)).toBe(true);
    await announce();
    const [next] = (await consumeInbox(hub.db, leaseMs, 10)).documents;
    expect([next?.marks, paused.marks]).toEqual([1n, 1n]);
    expect(await finish(paused)).toBe(false);
    expect(mine(await claimDocuments(hub.db, leaseMs, 100))).toBe(1);
  });

  it('REL-21: an intent whose decider dies is dispatched by another when its lease ends, not before', async () => {
    hub.ledger.put(bill());
    await announce();
    const lost: Appended[] = [];
    const dying: Handing = { leaseMs, room: () => 1, take: (appended) => void lost.push(appended) };
    const fetching = {
      ...hub.fetching,
      decide: async (...[tx, tenant, ids]: Parameters<typeof hub.fetching.decide>) => {
        const saved = await decideWithin(tx, tenant, ids, hub.time.now, dying);
        return () => saved && dying.take(saved);
      },
    };
    await hub.looking((looks) => takeDeliveries(fetching, looks));
    expect(lost.flatMap(({ claimed }) => claimed.map(({ intent }) => intent.kind))).toEqual(['access.apply']);
    expect(await hub.stateOf(line)).toBe('isolated');
    await hub.steps.dispatch();
    expect(hub.enforcer.user(line.username)?.group).toContain(':home');
    await endLeases();
    await hub.settle();
    expect(hub.enforcer.user(line.username)?.group).toContain(':isolir');
  });

  it('law 5: what was decided in a transaction that is rolled back is neither stored nor handed over', async () => {
    const handing: Handing = { leaseMs, room: () => 1, take: () => undefined };
    hub.ledger.put(bill());
    await announce();
    const fetching = {
      ...hub.fetching,
      decide: async (...[tx, tenant, ids]: Parameters<typeof hub.fetching.decide>) => {
        await decideWithin(tx, tenant, ids, hub.time.now, handing);
        throw new Error('the worker ends here');
      },
    };
    await hub.looking((looks) => takeDeliveries(fetching, looks));
    expect(await hub.stateOf(line)).toBe('active');
    expect(await hub.look('select 1 from ledger_documents where name = $1', [name()])).toEqual([]);
    expect(await claimIntents(hub.db, ['access.apply'], leaseMs, 10)).toEqual([]);
    await hub.look('update dirty_documents set not_before = now(), locked_until = null');
    await hub.settle();
    expect(await hub.stateOf(line)).toBe('isolated');
  });

  it('T2: lines of a tenant that was deactivated meanwhile stay marked', async () => {
    const isMarked = async () =>
      (await hub.look('select 1 from dirty_lines where subscription_id = $1', [line.subscriptionId])).length === 1;
    await hub.look('update tenants set is_active = false where id = $1', [tenantId]);
    await hub.db.worker(tenantId, async (tx) => {
      await markLines(tx, { tenantId, correlationId: 'c', cause: 'a test' }, [line.subscriptionId]);
      const handing: Handing = { leaseMs, room: () => 1, take: () => undefined };
      await decideWithin(tx, tenantId, [line.subscriptionId], hub.time.now, handing);
    });
    expect(await isMarked()).toBe(true);
    await hub.look('update tenants set is_active = true where id = $1', [tenantId]);
    await hub.settle();
    expect(await isMarked()).toBe(false);
  });
});

describe('a look that is begun with the delivery', () => {
  const groupAt = (): string | undefined => hub.enforcer.user(line.username)?.group.split(':')[1];

  it('saves a reading after the fetch, and the line is cut on the evidence that was taken meanwhile', async () => {
    hub.ledger.put(bill());
    const before = hub.ledger.calls('readCustomer');
    await announce(line.customer);
    await hub.settle();
    expect([groupAt(), hub.ledger.calls('readCustomer') - before]).toEqual(['isolir', 1]);
  });

  it('law 1: a wrong one decides nothing: the bill’s own customer is read', async () => {
    const other = await hub.addLine(tenantId, `lain${count}`);
    await hub.settle();
    hub.ledger.put(bill());
    await announce(other.customer);
    await hub.settle();
    expect([groupAt(), await hub.stateOf(other)]).toEqual(['isolir', 'active']);
  });

  it('law 1: of a bill that is paid by now it cuts nobody', async () => {
    hub.ledger.put(bill({ outstanding: 0n }));
    await announce(line.customer);
    await hub.settle();
    expect(groupAt()).toBe('home');
    expect(await hub.looking((looks) => fetchDirtyDocuments(hub.fetching, looks))).toBe(false);
  });
});

describe('what was begun with one delivery', () => {
  const groupAt = (): string | undefined => hub.enforcer.user(line.username)?.group.split(':')[1];
  const paidNow = () => hub.ledger.put(bill({ outstanding: 0n }));
  const fetches = () => hub.ledger.calls('fetch');
  const alone = { marks: 1n, attempts: 1, isOfOneDelivery: true };
  const delivered = async () => {
    const arrival = hub.arrival(tenantId, doctype, name());
    await createStore(hub.db)(arrival);
    return arrival;
  };
  /** The whole of it is done before anybody asks. */
  async function begun() {
    const arrival = await delivered();
    hub.foresight.begin(arrival, line.customer);
    const document = { ...arrival, ...alone };
    const prepared = await hub.foresight.take(document);
    if (prepared?.restMs === null) await Promise.all([prepared.begun.looked, prepared.begun.early?.taken]);
    return { arrival, document, prepared };
  }

  it('serves it once', async () => {
    hub.ledger.put(bill());
    const { document, prepared } = await begun();
    expect(prepared?.restMs).toBeNull();
    expect(await hub.foresight.take(document)).toBeNull();
    await hub.settle();
  });

  it('law 1: serves no later delivery about the same bill, consumed with it, nor a mark that stood before', async () => {
    hub.ledger.put(bill());
    const first = await delivered();
    const before = fetches();
    hub.foresight.begin(first, line.customer);
    await expect.poll(fetches).toBe(before + 1);
    paidNow();
    await delivered();
    await hub.settle();
    expect([groupAt(), await hub.stateOf(line)]).toEqual(['home', 'active']);
    hub.foresight.begin(first, line.customer);
    expect(await hub.foresight.take({ ...first, ...alone, marks: 2n })).toBeNull();
    hub.foresight.begin(first, line.customer);
    expect(await hub.foresight.take({ ...first, ...alone, attempts: 2 })).toBeNull();
  });

  /** A bill comes in and is looked at before it is stored; that it is paid comes in after it, and is stored before it. */
  async function overtakenAtTheDoor(): Promise<void> {
    hub.ledger.put(bill());
    const first = hub.arrival(tenantId, doctype, name());
    const before = fetches();
    hub.foresight.begin(first, line.customer);
    await expect.poll(fetches).toBe(before + 1);
    paidNow();
    await delivered();
    await createStore(hub.db)(first);
  }

  it('law 1: serves no delivery that was stored after a later one about the same bill, and consumed with it', async () => {
    await overtakenAtTheDoor();
    await hub.looking((looks) => takeDeliveries(hub.fetching, looks));
    expect(groupAt()).toBe('home');
    await hub.settle();
    expect([groupAt(), await hub.stateOf(line)]).toEqual(['home', 'active']);
  });

  it('control: without counting what was consumed with it, it would cut off whoever has paid', async () => {
    await overtakenAtTheDoor();
    const { foresight } = hub;
    const take: typeof foresight.take = (document) => foresight.take({ ...document, ...alone });
    await hub.looking((looks) => takeDeliveries({ ...hub.fetching, foresight: { take } }, looks));
    expect(groupAt()).toBe('isolir');
    await hub.settle();
  });

  it('of a duplicate is forgotten', async () => {
    const arrival = hub.arrival(tenantId, doctype, name());
    hub.foresight.begin(arrival, line.customer);
    hub.foresight.forget(arrival);
    expect(await hub.foresight.take({ ...arrival, ...alone })).toBeNull();
  });

  it('control: given to the later delivery, it would cut off whoever has paid', async () => {
    hub.ledger.put(bill());
    const { prepared } = await begun();
    paidNow();
    await delivered();
    const foresight = { take: async () => prepared };
    await hub.looking((looks) => takeDeliveries({ ...hub.fetching, foresight }, looks));
    expect(groupAt()).toBe('isolir');
    await hub.settle();
  });

  it('is for few: of more deliveries than it has room for the others are looked at from the start', async () => {
    hub.ledger.put(bill());
    const arrivals = Array.from({ length: 20 }, () => hub.arrival(tenantId, doctype, name()));
    for (const arrival of arrivals) hub.foresight.begin(arrival, null);
    const looks = await Promise.all(arrivals.map((one) => hub.foresight.take({ ...one, ...alone })));
    const count = looks.filter((look) => look !== null).length;
    expect([count > 0, count < 20]).toEqual([true, true]);
  });

  it('B10: fails without a word, and the document is looked at from the start', async () => {
    hub.ledger.put(bill());
    const arrival = await delivered();
    const lost = { ...arrival, tenantId: 'nobody' };
    hub.foresight.begin(lost, line.customer);
    expect(await hub.foresight.take({ ...lost, ...alone })).toBeNull();
    await hub.settle();
    expect(groupAt()).toBe('isolir');
  });
});

describe('a payment', () => {
  it('B1: frees its line by one look and one decision, its invoice included', async () => {
    hub.ledger.put(bill());
    await announce();
    await hub.settle();
    hub.ledger.put(bill({ outstanding: 0n }));
    const payment = `PAY-${line.customer}`;
    const { customer } = line;
    hub.ledger.put({ kind: 'receipt', name: payment, customer, submitted: true, unallocated: 0n, pays: [name()] });
    const decisions = () =>
      hub.look(`select 1 from timeline where kind = 'decision' and subscription_id = $1`, [line.subscriptionId]);
    const before = (await decisions()).length;
    await createStore(hub.db)(hub.arrival(tenantId, 'Payment Entry', payment));
    await hub.steps.consume();
    expect(hub.enforcer.user(line.username)?.group).toContain(':home');
    expect((await decisions()).length - before).toBe(1);
    expect(await hub.look('select 1 from dirty_documents where name = $1', [name()])).toEqual([]);
  });
});
