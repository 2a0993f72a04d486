import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { askCustomer, askLedger, markDocuments, markLines } from '#access/mark-dirty.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';
import type { Looked } from '#inbox/look-up-one.ts';
import { recordDocument } from '#inbox/record.ts';
import { recordReading } from '#inbox/record-reading.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import { createTestHub, noon, type TestHub, type TestLine } from '#test/pipeline/test-hub.ts';
import { invoiceOf } from './race-stage.ts';

const doctype = 'Sales Invoice';
/** The method whose answer is held back once, and what lets it go. */
type Held = { readonly method: keyof Ledger; readonly reached: () => void; readonly released: Promise<void> };

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let held: Held | null = null;
let count = 0;
const ledger = createFakeLedger(() => new Date(hub.time.now));

/** Answers with what is true now, some time later: a worker that was stopped in between. */
async function late<T>(method: keyof Ledger, ask: () => Promise<T>): Promise<T> {
  const answer = await ask();
  hub.time.now += 1;
  if (held?.method !== method) return answer;
  const { reached, released } = held;
  held = null;
  reached();
  await released;
  return answer;
}

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'), {
    ledger: {
      ...ledger,
      fetch: (type, name) => late('fetch', () => ledger.fetch(type, name)),
      readAll: (known) => late('readAll', () => ledger.readAll(known)),
    },
  });
  tenantId = await hub.addTenant();
});
afterAll(() => hub.close());
beforeEach(async () => {
  hub.time.now = noon('2026-11-22') + count * 86_400_000;
  count += 1;
  line = await hub.addLine(tenantId, `late${count}`);
  await hub.settle();
});

const mark = (name: string, type: string): Promise<void> =>
  hub.db.worker(tenantId, (tx) => markDocuments(tx, tenantId, [{ doctype: type, name, correlationId: 'late' }]));

/** Has a worker ask, then lets `meanwhile` happen for more than a minute, and only then the worker record its answer. */
async function answerLate(method: keyof Ledger, meanwhile: () => Promise<void>): Promise<void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((done) => {
    release = done;
  });
  const asked = new Promise<void>((done) => {
    held = { method, reached: done, released };
  });
  const stopped = hub.steps.fetch();
  await asked;
  hub.time.now += 90_000;
  await meanwhile();
  release();
  await stopped;
  await hub.settle();
}

const decisions = () =>
  hub.look<{ state: string }>(
    `select data ->> 'state' as state from timeline where subscription_id = $1 and kind = 'decision' order by id`,
    [line.subscriptionId],
  );
const owe = (outstanding: bigint) => ledger.put(invoiceOf(line, outstanding));
const invoice = (): string => `INV-${line.customer}-1`;

describe('an answer that comes late', () => {
  it('B3: a sweep that a newer reading has overtaken brings no bill back that was paid meanwhile', async () => {
    owe(150_000n);
    await mark('*', askLedger);
    await answerLate('readAll', async () => {
      owe(0n);
      await mark(line.customer, askCustomer);
      await hub.steps.fetch();
    });
    expect(await decisions()).toEqual([{ state: 'active' }]);
  });

  it('B3: a bill that the reading after it does not list cuts nobody on that reading', async () => {
    owe(150_000n);
    await mark(invoice(), doctype);
    await answerLate('fetch', async () => void owe(0n));
    expect((await decisions()).map(({ state }) => state)).not.toContain('isolated');
    const [stored] = await hub.look<{ open: string }>(
      `select fact ->> 'outstanding' as open from ledger_documents where name = $1`,
      [invoice()],
    );
    expect(stored?.open).toBe('0');
  });

  it('B2: a look that a newer reading has overtaken frees no debtor: it is done again', async () => {
    owe(150_000n);
    await mark(invoice(), doctype);
    await hub.settle();
    owe(0n);
    await mark(invoice(), doctype);
    await answerLate('fetch', async () => {
      owe(150_000n);
      await mark(line.customer, askCustomer);
      await hub.steps.fetch();
    });
    expect((await decisions()).map(({ state }) => state)).toEqual(['active', 'isolated']);
    expect(await hub.look('select name from dirty_documents where name = $1', [invoice()])).toEqual([]);
  });

  it('B3: a reading that began before a payment was looked at takes nothing back: the next bill cuts in its time', async () => {
    owe(150_000n);
    await mark(invoice(), doctype);
    await hub.settle();
    await mark('*', askLedger);
    await answerLate('readAll', async () => {
      owe(0n);
      await mark(invoice(), doctype);
      await hub.steps.fetch();
    });
    const next = `${invoice()}-next`;
    ledger.put({ ...invoiceOf(line, 150_000n), name: next });
    await mark(next, doctype);
    await hub.settle();
    expect((await decisions()).map(({ state }) => state)).toEqual(['active', 'isolated', 'active', 'isolated']);
  });

  it('B3: a look that another look has overtaken, which found the bill paid, is no debt that came back', async () => {
    const at = hub.time.now;
    const record = (askedAt: number, outstanding: bigint) => {
      const fact = invoiceOf(line, outstanding);
      const asked = { askedAt, answeredAt: askedAt + 1 };
      const found = { version: { doctype, name: fact.name, modified: `${askedAt}` }, fact, ...asked };
      return hub.db.worker(tenantId, (tx) => recordDocument(tx, tenantId, doctype, fact.name, found, asked));
    };
    await record(at, 150_000n);
    await record(at + 2_000, 0n);
    expect(await record(at + 1_000, 150_000n)).toMatchObject({ changed: false });
    const readings = () =>
      hub.look('select customer from ledger_readings where customer = $1 and settles_at is not null', [line.customer]);
    expect(await readings()).toEqual([]);
    await record(at + 3_000, 150_000n);
    expect(await readings()).toHaveLength(1);
  });

  it('B3: a sweep that a newer reading has overtaken, and that found a payment used, leaves nobody evidence for a cut', async () => {
    const paid = { kind: 'receipt', name: `PE-${line.customer}`, customer: line.customer, submitted: true } as const;
    const free: Receipt = { ...paid, unallocated: 150_000n, pays: [] };
    const used: Receipt = { ...paid, unallocated: 0n, pays: [invoice()] };
    const of = <T extends Invoice | Receipt>(fact: T) => {
      const type = fact.kind === 'invoice' ? doctype : 'Payment Entry';
      return { version: { doctype: type, name: fact.name, modified: `${hub.time.now}` }, fact };
    };
    const at = hub.time.now;
    const record = (
      startedAt: number,
      bills: readonly Invoice[],
      receipts: readonly Receipt[],
      gone: readonly Looked[],
    ) =>
      hub.db.worker(tenantId, (tx) => {
        const reading = { startedAt: new Date(startedAt), invoices: bills.map(of), receipts: receipts.map(of) };
        return recordReading(tx, tenantId, null, { reading, vanished: gone });
      });
    await record(at, [], [free], []);
    await record(at + 2_000, [invoiceOf(line, 150_000n)], [free], []);
    const asked = { askedAt: at + 3_000, answeredAt: at + 3_001 };
    const found = { ...of(used), ...asked };
    await record(at + 1_000, [], [], [{ doctype: 'Payment Entry', name: paid.name, asked, found }]);
    hub.time.now = at + 4_000;
    await hub.steps.decide();
    await hub.db.worker(tenantId, (tx) =>
      markLines(tx, { tenantId, correlationId: 'late', cause: 'test' }, [line.subscriptionId]),
    );
    await hub.steps.decide();
    expect((await decisions()).map(({ state }) => state)).not.toContain('isolated');
  });
});
