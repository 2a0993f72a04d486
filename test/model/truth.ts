import type { Invoice } from '#domain/facts.ts';
import { type Bearing, decide, dueDates } from './line.ts';
import type { Random } from './random.ts';

/** A webhook as it was when it was sent; `fact` is its payload, which may be days old when it arrives. */
export type Delivery = { readonly name: string; readonly fact: Bearing };

const amount = 150_000n;
const part = 50_000n;

const bill = (name: string): Invoice => ({
  kind: 'invoice',
  name,
  customer: 'CUST-1',
  subscription: 'SUB-1',
  submitted: true,
  isReturn: false,
  returnAgainst: null,
  dueDate: dueDates[name] ?? '',
  total: amount,
  outstanding: amount,
  terms: [{ dueDate: dueDates[name] ?? '', amount }],
  items: ['FIBER'],
});

/** The ledger itself: what is true, since when, and what it sends about it. */
export type Truth = {
  get(name: string): Bearing | undefined;
  /** Open invoices, open credit notes and receipts with money left: what a reading brings. */
  open(): readonly Bearing[];
  /** One thing that a person may do in the ledger, with the deliveries that it sends; nothing if it makes no sense now. */
  happen(random: Random, now: number): readonly Delivery[];
  /** Whether what stood in the ledger at some moment of the last `withinMs` is a debt at `now`. */
  wasDebtor(now: number, withinMs: number): boolean;
};

type Move = (documents: Map<string, Bearing>, name: string) => readonly Bearing[];

const invoiceOf = (documents: Map<string, Bearing>, name: string): Invoice | null => {
  const fact = documents.get(name);
  return fact?.kind === 'invoice' && fact.submitted ? fact : null;
};

/** A payment against one invoice: the ledger sends a change of the invoice alone. */
const payUpTo =
  (most: bigint): Move =>
  (documents, name) => {
    const invoice = invoiceOf(documents, name);
    if (!invoice || invoice.outstanding === 0n) return [];
    const paid = invoice.outstanding < most ? invoice.outstanding : most;
    return [{ ...invoice, outstanding: invoice.outstanding - paid }];
  };

const cancelPayment: Move = (documents, name) => {
  const invoice = invoiceOf(documents, name);
  return invoice && invoice.outstanding < amount ? [{ ...invoice, outstanding: amount }] : [];
};

const credit: Move = (documents, name) => {
  const invoice = invoiceOf(documents, name);
  if (!invoice || documents.has('CN-1')) return [];
  const note = { ...bill('CN-1'), isReturn: true, returnAgainst: name, total: -amount, outstanding: -amount };
  return [{ ...note, dueDate: invoice.dueDate, terms: [{ dueDate: invoice.dueDate, amount: -amount }] }];
};

const receive: Move = (documents) =>
  documents.has('PE-1')
    ? []
    : [{ kind: 'receipt', name: 'PE-1', customer: 'CUST-1', submitted: true, unallocated: amount, pays: [] }];

/** Money that lay on the account is put against an invoice; both documents change in one moment. */
const allocate: Move = (documents, name) => {
  const [invoice, receipt] = [invoiceOf(documents, name), documents.get('PE-1')];
  if (!invoice || receipt?.kind !== 'receipt' || receipt.unallocated < invoice.outstanding) return [];
  const unallocated = receipt.unallocated - invoice.outstanding;
  return [
    { ...receipt, unallocated, pays: [name] },
    { ...invoice, outstanding: 0n },
  ];
};

const cancelInvoice: Move = (documents, name) => {
  const invoice = invoiceOf(documents, name);
  return invoice ? [{ ...invoice, submitted: false, outstanding: 0n }] : [];
};

const cancelReceipt: Move = (documents) => {
  const receipt = documents.get('PE-1');
  if (receipt?.kind !== 'receipt' || !receipt.submitted) return [];
  const owedAgain = receipt.pays.flatMap((paid) => cancelPayment(documents, paid));
  return [{ ...receipt, submitted: false, unallocated: 0n }, ...owedAgain];
};

/** More often what makes more trouble. */
const moves: readonly Move[] = [
  payUpTo(amount),
  payUpTo(amount),
  payUpTo(amount),
  payUpTo(part),
  cancelPayment,
  cancelPayment,
  credit,
  receive,
  receive,
  receive,
  allocate,
  allocate,
  allocate,
  cancelInvoice,
  cancelReceipt,
  (documents) => cancelInvoice(documents, 'CN-1'),
];

const isDebt = (documents: readonly Bearing[], now: number): boolean =>
  decide({ documents, present: 'active', readAt: now, settlesAt: null }, now).state === 'isolated';

export function createTruth(): Truth {
  const documents = new Map<string, Bearing>();
  /** What stood there before each change, and until when. */
  const past: { readonly until: number; readonly documents: readonly Bearing[] }[] = [];

  return {
    get: (name) => documents.get(name),
    open: () =>
      [...documents.values()].filter(
        (fact) => fact.submitted && (fact.kind === 'invoice' ? fact.outstanding !== 0n : fact.unallocated > 0n),
      ),
    happen(random, now) {
      const name = random.chance(0.3) ? 'INV-1' : 'INV-2';
      const changed = documents.has(name) ? (random.pick(moves)?.(documents, name) ?? []) : [bill(name)];
      if (changed.length === 0) return [];
      past.push({ until: now, documents: [...documents.values()] });
      for (const fact of changed) documents.set(fact.name, fact);
      return changed.map((fact) => ({ name: fact.name, fact }));
    },
    wasDebtor: (now, withinMs) =>
      [{ until: now, documents: [...documents.values()] }, ...past].some(
        ({ until, documents: then }) => now - until <= withinMs && isDebt(then, now),
      ),
  };
}
