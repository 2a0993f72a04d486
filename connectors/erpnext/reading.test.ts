import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '#domain/result.ts';
import type { Known, Reading } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, ListQuery } from './client.ts';
import { invoiceReader } from './invoice.ts';
import { readOpen } from './reading.ts';
import { receiptReader } from './receipt.ts';

/** What is owed (above zero) or had (below) by name; names of invoices begin with I, of credit notes with C, of receipts with R. */
type Books = Map<string, number>;

const rupiah = { currency: 'IDR', isChosen: true };
const head = (name: string) => ({ name, modified: 'm', docstatus: '1' });
const dates = { due_date: '2026-12-01', posting_date: '2026-11-01' };

const invoiceRow = (name: string, amount: number): Fields => ({
  ...{ ...head(name), ...dates, customer: 'Budi', subscription: null, return_against: null, currency: 'IDR' },
  ...{ is_return: name.startsWith('C') ? '1' : '0', grand_total: '900.0', outstanding_amount: `${amount}.0` },
  ...{ party_account_currency: 'IDR', items: [], payment_schedule: [] },
});

const receiptRow = (name: string, amount: number): Fields => ({
  ...{ ...head(name), payment_type: 'Receive', party_type: 'Customer', party: 'Budi' },
  ...{ unallocated_amount: `${-amount}.0`, total_allocated_amount: '0.0', paid_from_account_currency: null },
});

/** A site whose books change before each call. It keeps to filters and pages, and knows no transaction over two calls. */
function movingSite(books: Books, beforeCall: () => void): ErpnextClient {
  const wanted = (name: string, amount: number, doctype: string, { filters }: ListQuery): boolean => {
    if (name.startsWith('R') !== (doctype === 'Payment Entry')) return false;
    const after = filters.find(([field]) => field === 'name')?.[2] ?? '';
    const sign = filters.find(([field]) => field === 'outstanding_amount')?.[1] ?? '<';
    const fits = sign === '<' ? amount < 0 : sign === '>' ? amount > 0 : amount !== 0;
    return name > String(after) && fits;
  };
  return {
    async list(doctype, query) {
      beforeCall();
      const rows = [...books]
        .filter(([name, amount]) => wanted(name, amount, doctype, query))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const row = doctype === 'Payment Entry' ? receiptRow : invoiceRow;
      return ok(rows.slice(0, query.pageLength).map(([name, amount]) => row(name, amount)));
    },
    async document(doctype, name) {
      beforeCall();
      const row = doctype === 'Payment Entry' ? receiptRow : invoiceRow;
      return ok(row(name, books.get(name) ?? 0));
    },
    call: async () => ok('1'),
    update: async () => ok({}),
    create: async () => ok({}),
  };
}

const balance = (reading: Reading): bigint =>
  reading.invoices.reduce((sum, { fact }) => sum + fact.outstanding, 0n) -
  reading.receipts.reduce((sum, { fact }) => sum + fact.unallocated, 0n);

type Asked = { readonly known?: Known; readonly customer?: string | null };

async function read(books: Books, pageLength: number, beforeCall: () => void, asked: Asked = {}): Promise<Reading> {
  const parts = {
    invoices: invoiceReader(rupiah),
    receipts: receiptReader(rupiah, 'jembatan_ref'),
    now: () => new Date(0),
  };
  const client = movingSite(books, beforeCall);
  const { known = nothing, customer = 'Budi' } = asked;
  const reading = await readOpen({ ...parts, client, pageLength }, customer, known);
  if (!reading.ok) throw new Error(reading.error.detail);
  return reading.value;
}

const nothing: Known = () => undefined;

/** All versions are known: no document is fetched, so nothing later than the lists corrects them. */
const everything: Known = ({ doctype, name }) =>
  doctype === 'Payment Entry' ? { ...knownReceipt, name } : { ...knownInvoice, name };

const knownReceipt = {
  kind: 'receipt',
  name: '',
  customer: 'Budi',
  submitted: true,
  unallocated: 0n,
  pays: [],
} as const;
const knownInvoice = {
  ...{
    kind: 'invoice' as const,
    name: '',
    customer: 'Budi',
    subscription: null,
    submitted: true,
    isReturn: false,
    returnAgainst: null,
  },
  ...{ dueDate: '2026-12-01', total: 900n, outstanding: 900n, terms: [], items: [] },
};

/** Sets as much as both sides allow of a credit against an invoice, or takes it back: the balance stays. */
function move(books: Books, credit: string, invoice: string, amount: number, direction: 1 | -1): void {
  const had = -(books.get(credit) ?? 0);
  const owed = books.get(invoice) ?? 0;
  const moved = direction === 1 ? Math.min(had, owed, amount) : amount;
  books.set(credit, -(had - direction * moved));
  books.set(invoice, owed - direction * moved);
}

const names = (prefix: string, amounts: readonly number[], sign: number): [string, number][] =>
  amounts.map((amount, index) => [`${prefix}${index}`, sign * amount]);

const amounts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });

/** `skip` calls pass before the move is made. */
type Move = { credit: number; invoice: number; amount: number; skip: number };
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({ credit: fc.nat(), invoice: fc.nat(), amount: fc.integer({ min: 1, max: 100 }), skip: fc.nat(2) }),
  { maxLength: 12 },
);
const story = fc.record({
  ...{
    owed: amounts,
    notes: amounts,
    moves,
    pageLength: fc.constantFrom(1, 2, 3, 5, 500),
    customer: fc.constantFrom('Budi', null),
  },
  known: fc.constantFrom(nothing, everything),
});

/** Books of somebody who owes nothing: credit notes and receipts cover the invoices. */
function coveredBooks(owed: number[], notes: number[]): Books {
  const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
  const short = Math.max(sum(owed) - sum(notes), 1);
  return new Map([...names('I', owed, 1), ...names('C', notes, -1), ['R0', -short], ['R1', -1]]);
}

/** Makes the moves one by one, each after its number of calls. */
function mover(books: Books, planned: readonly Move[], direction: 1 | -1): () => void {
  const credits = [...books.keys()].filter((name) => !name.startsWith('I'));
  const invoices = [...books.keys()].filter((name) => name.startsWith('I'));
  const pending = [...planned];
  let calls = 0;
  return () => {
    const next = pending[0];
    if (!next || calls++ < next.skip) return;
    calls = 0;
    pending.shift();
    const pick = (from: string[], at: number): string => from[at % from.length] ?? '';
    move(books, pick(credits, next.credit), pick(invoices, next.invoice), next.amount, direction);
  };
}

describe('B3: a reading of books that move meanwhile', () => {
  it.each([
    ['set against invoices', 1],
    ['taken back from invoices', -1],
  ] as const)(
    'whoever owes nothing in truth owes nothing in any reading, while credits are %s',
    async (_name, direction) => {
      await fc.assert(
        fc.asyncProperty(story, async ({ owed, notes, moves: planned, pageLength, customer, known }) => {
          const books = coveredBooks(owed, notes);
          const reading = await read(books, pageLength, mover(books, planned, direction), { known, customer });
          expect([...books.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(0);
          expect(balance(reading) <= 0n).toBe(true);
        }),
        { numRuns: 500 },
      );
    },
  );

  it('books that stand still are read exactly, whatever the page', async () => {
    const property = async (owed: number[], notes: number[], page: number): Promise<void> => {
      const books: Books = new Map([...names('I', owed, 1), ...names('C', notes, -1), ['R0', -7]]);
      const reading = await read(books, page, () => undefined);
      expect(balance(reading)).toBe(BigInt([...books.values()].reduce((sum, n) => sum + n, 0)));
      expect(reading.invoices.length + reading.receipts.length).toBe(books.size);
    };
    await fc.assert(fc.asyncProperty(amounts, amounts, fc.constantFrom(1, 2, 3, 5, 500), property), { numRuns: 200 });
  });

  it('an invoice that is paid while its document is fetched is not owed', async () => {
    const books: Books = new Map([['I0', 900]]);
    let calls = 0;
    const reading = await read(books, 500, () => {
      calls += 1;
      if (calls === 4) books.set('I0', 0);
    });
    expect(calls).toBe(4);
    expect(balance(reading)).toBe(0n);
  });

  it('law 3: what is listed and then gone makes the reading void, for it could have been a credit', async () => {
    const site = movingSite(new Map([['C0', -900]]), () => undefined);
    const client: ErpnextClient = { ...site, document: async () => ok(null) };
    const parts = {
      invoices: invoiceReader(rupiah),
      receipts: receiptReader(rupiah, 'jembatan_ref'),
      now: () => new Date(0),
      pageLength: 9,
    };
    const reading = await readOpen({ ...parts, client }, 'Budi', nothing);
    expect(reading).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
  });
});
