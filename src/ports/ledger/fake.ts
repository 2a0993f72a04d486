import type { DocumentVersion, Invoice, LedgerFact, Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { createFakePush } from './fake-push.ts';
import type { Fetched, Ledger, LedgerCheck, LedgerFailure, Reading } from './port.ts';

export type FakeLedger = Ledger & {
  /** Stores a document as it is from now on, under a new version unless one is given. */
  put(fact: LedgerFact, modified?: string): DocumentVersion;
  remove(doctype: string, name: string): void;
  get(doctype: string, name: string): LedgerFact | undefined;
  /** Every call answers this from now on; null: well again. */
  fail(failure: LedgerFailure | null): void;
  /** How often each method was called, failures included. */
  calls(method: keyof Ledger): number;
  /** What `test` answers. */
  check: LedgerCheck;
};

const doctypeOf: Readonly<Record<LedgerFact['kind'], string>> = {
  invoice: 'Sales Invoice',
  receipt: 'Payment Entry',
  refund: 'Payment Entry',
  subscription: 'Subscription',
  customer: 'Customer',
  plan: 'Subscription Plan',
  journal: 'Journal Entry',
};

/** A ledger in memory for tests: documents are put in, failures switched on, calls counted. */
export function createFakeLedger(now: () => Date): FakeLedger {
  const documents = new Map<string, Fetched>();
  const counts = new Map<keyof Ledger, number>();
  let failure: LedgerFailure | null = null;
  let edition = 0;
  const byHubRef = new Map<string, string>();

  const key = (doctype: string, name: string): string => `${doctype}\n${name}`;
  async function answer<T>(
    method: keyof Ledger,
    work: () => Result<T, LedgerFailure>,
  ): Promise<Result<T, LedgerFailure>> {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    return failure === null ? work() : err(failure);
  }
  const all = <F extends LedgerFact>(
    wanted: (fact: LedgerFact) => fact is F,
  ): { version: DocumentVersion; fact: F }[] =>
    [...documents.values()].flatMap(({ version, fact }) => (wanted(fact) ? [{ version, fact }] : []));
  const reading = (customer: string | null): Reading => ({
    startedAt: now(),
    invoices: all(isOpenInvoice).filter(({ fact }) => customer === null || fact.customer === customer),
    receipts: all(isOpenReceipt).filter(({ fact }) => customer === null || fact.customer === customer),
  });
  const fake: FakeLedger = {
    check: { user: 'fake@example.com', version: 'Fake 1.0', timeZone: 'Asia/Jakarta', notes: [] },

    put(fact, modified) {
      edition += 1;
      const stamp = modified ?? `2026-01-01 00:00:00.${String(edition).padStart(6, '0')}`;
      const version = { doctype: doctypeOf[fact.kind], name: fact.name, modified: stamp };
      documents.set(key(version.doctype, fact.name), { version, fact });
      return version;
    },
    remove: (doctype, name) => void documents.delete(key(doctype, name)),
    get: (doctype, name) => documents.get(key(doctype, name))?.fact,
    fail(next) {
      failure = next;
    },
    calls: (method) => counts.get(method) ?? 0,

    fetch: (doctype, name) =>
      answer<Fetched | null>('fetch', () =>
        Object.values(doctypeOf).includes(doctype)
          ? ok(documents.get(key(doctype, name)) ?? null)
          : err({ reason: 'rejected', detail: `the hub has no use for ${doctype}` }),
      ),
    readCustomer: (customer) => answer('readCustomer', () => ok(reading(customer))),
    readAll: () => answer('readAll', () => ok(reading(null))),
    subscriptions: () =>
      answer('subscriptions', () =>
        ok(all((fact) => fact.kind === 'subscription').filter(({ fact }) => !fact.cancelled)),
      ),
    writeUsername: (subscription, username) =>
      answer('writeUsername', () => {
        const fact = fake.get('Subscription', subscription);
        if (fact?.kind !== 'subscription')
          return err({ reason: 'rejected', detail: `Subscription ${subscription} is gone` });
        if (fact.username === username) return ok('unchanged');
        fake.put({ ...fact, username });
        return ok('written');
      }),
    createCustomer: ({ hubRef, name, phone, email, address }) =>
      answer('createCustomer', () => {
        const known = byHubRef.get(hubRef);
        if (known !== undefined) return ok(known);
        let free = name;
        for (let count = 1; fake.get('Customer', free); count += 1) free = `${name} - ${count}`;
        fake.put({ kind: 'customer', name: free, customerName: name, phone, email, address, disabled: false });
        byHubRef.set(hubRef, free);
        return ok(free);
      }),
    test: () => answer('test', () => ok(fake.check)),
    push: createFakePush({
      answer: (work) => answer('push', work),
      put: (fact) => fake.put(fact).name,
      all: () => [...documents.values()].map(({ fact }) => fact),
    }),
  };
  return fake;
}

const isOpenInvoice = (fact: LedgerFact): fact is Invoice =>
  fact.kind === 'invoice' && fact.submitted && fact.outstanding !== 0n;

const isOpenReceipt = (fact: LedgerFact): fact is Receipt =>
  fact.kind === 'receipt' && fact.submitted && fact.unallocated > 0n;
