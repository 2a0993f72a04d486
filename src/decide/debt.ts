import { type CutRule, cutTimeOf } from '#domain/dunning.ts';
import type { Invoice, LocalDate } from '#domain/facts.ts';
import type { LedgerFacts, LineOfCustomer } from '#domain/line.ts';

/** Whose bill an invoice is: a line's, nobody's here, or one that cannot be told (spec B3). */
export type Owner = { readonly line: string } | 'nobody' | 'ambiguous';

/**
 * A named subscription decides. Without one it is the line whose plan's item is billed; a line whose plan has no item
 * could be the one as well, so it makes the answer ambiguous.
 */
function ownerOf(invoice: Invoice, lines: readonly LineOfCustomer[]): Owner {
  if (invoice.subscription !== null) {
    const named = lines.find((line) => line.ledgerSubscription === invoice.subscription);
    return named ? { line: named.subscriptionId } : 'nobody';
  }
  const billed = lines.filter((line) => line.item !== null && invoice.items.includes(line.item));
  const [only] = billed;
  if (only && billed.length === 1) return { line: only.subscriptionId };
  if (billed.length > 1) return 'ambiguous';
  return lines.some((line) => line.item === null) ? 'ambiguous' : 'nobody';
}

type Open = { readonly invoice: Invoice; readonly owner: Owner; remaining: bigint };

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Takes what `credit` can pay of `open` and answers what is left of the credit. */
function settle(open: Open, credit: bigint): bigint {
  const used = least(open.remaining, credit);
  open.remaining -= used;
  return credit - used;
}

const oldestFirst = (a: Open, b: Open): number =>
  a.invoice.dueDate < b.invoice.dueDate || (a.invoice.dueDate === b.invoice.dueDate && a.invoice.name < b.invoice.name)
    ? -1
    : 1;

/**
 * What is open on each invoice after every credit was spent once: a credit note first on the invoice that it returns,
 * then everything on the oldest. Invoices that bill no line take nothing: money that the customer has paid in should not
 * vanish in a bill that can cut nobody off.
 */
function openInvoices(ledger: LedgerFacts, lines: readonly LineOfCustomer[]): Open[] {
  const submitted = ledger.invoices.filter((invoice) => invoice.submitted);
  const open = submitted
    .filter((invoice) => !invoice.isReturn && invoice.outstanding > 0n)
    .map((invoice): Open => ({ invoice, owner: ownerOf(invoice, lines), remaining: invoice.outstanding }))
    .filter(({ owner }) => owner !== 'nobody')
    .sort(oldestFirst);
  let pool = ledger.receipts.reduce((sum, receipt) => (receipt.submitted ? sum + receipt.unallocated : sum), 0n);
  for (const note of submitted.filter((invoice) => invoice.outstanding < 0n)) {
    const returned = open.find(({ invoice }) => invoice.name === note.returnAgainst);
    pool += returned ? settle(returned, -note.outstanding) : -note.outstanding;
  }
  for (const one of open) pool = settle(one, pool);
  return open;
}

/** What is open on each bill, by its name, after every credit was spent once. */
export const openAfterCredit = (ledger: LedgerFacts, lines: readonly LineOfCustomer[]): ReadonlyMap<string, bigint> =>
  new Map(openInvoices(ledger, lines).map(({ invoice, remaining }) => [invoice.name, remaining]));

/** What of `remaining` is on the terms that `isDue` names, less what was paid already. */
function openOn({ invoice, remaining }: Open, isDue: (dueDate: LocalDate) => boolean): bigint {
  const paid = invoice.total - remaining;
  const due = invoice.terms.reduce((sum, term) => (isDue(term.dueDate) ? sum + term.amount : sum), 0n);
  return due > paid ? least(due - paid, remaining) : 0n;
}

/** What of `remaining` has fallen due: the terms whose cut time has come. */
const dueOf = (one: Open, rule: CutRule, now: number): bigint =>
  openOn(one, (dueDate) => cutTimeOf(one.invoice, dueDate, rule) <= now);

/** What is open and due on or before `date`: of one line, or (`subscriptionId` null) of all lines of the customer. */
export const openBy = (
  subscriptionId: string | null,
  lines: readonly LineOfCustomer[],
  ledger: LedgerFacts,
  date: LocalDate,
): bigint =>
  openInvoices(ledger, lines)
    .filter(({ owner }) => typeof owner === 'object' && (subscriptionId === null || owner.line === subscriptionId))
    .reduce((sum, one) => sum + openOn(one, (dueDate) => dueDate <= date), 0n);

/** What is due on one bill. */
export type DueBill = { readonly invoice: string; readonly amount: bigint; readonly dueDate: LocalDate };

export type Debt = {
  /** Minor units; the line is unpaid if and only if it is above zero. */
  readonly amount: bigint;
  readonly invoices: readonly string[];
  /** The same, the oldest first. */
  readonly bills: readonly DueBill[];
  readonly since: LocalDate | null;
  /** Due invoices that may be this line's, or another's. */
  readonly ambiguous: readonly string[];
  /** The next cut time (ms since 1970) of what is still open; null: nothing falls due. */
  readonly nextCutAt: number | null;
  /** A bill of this line has been paid in full. */
  readonly paidBefore: boolean;
};

/** What the line owes at `now` (spec B3). */
export function debtOf(
  subscriptionId: string,
  lines: readonly LineOfCustomer[],
  ledger: LedgerFacts,
  policy: CutRule,
  now: number,
): Debt {
  const open = openInvoices(ledger, lines);
  const isMine = (owner: Owner): boolean => typeof owner === 'object' && owner.line === subscriptionId;
  const mine = open.filter(({ owner }) => isMine(owner));
  const bills = mine.flatMap((one): DueBill[] => {
    const amount = dueOf(one, policy, now);
    return amount > 0n ? [{ invoice: one.invoice.name, amount, dueDate: one.invoice.dueDate }] : [];
  });
  const cuts = [...mine, ...open.filter(({ owner }) => owner === 'ambiguous')]
    .filter(({ remaining }) => remaining > 0n)
    .flatMap(({ invoice }) => invoice.terms.map((term) => cutTimeOf(invoice, term.dueDate, policy)))
    .filter((at) => at > now);
  const stillOpen = new Set(open.filter(({ remaining }) => remaining > 0n).map(({ invoice }) => invoice.name));
  return {
    amount: bills.reduce((sum, { amount }) => sum + amount, 0n),
    invoices: bills.map(({ invoice }) => invoice),
    bills,
    since: bills[0]?.dueDate ?? null,
    ambiguous: open
      .filter((one) => one.owner === 'ambiguous' && dueOf(one, policy, now) > 0n)
      .map(({ invoice }) => invoice.name),
    nextCutAt: cuts.length > 0 ? Math.min(...cuts) : null,
    paidBefore: ledger.invoices.some(
      (invoice) =>
        invoice.submitted &&
        !invoice.isReturn &&
        invoice.total > 0n &&
        !stillOpen.has(invoice.name) &&
        isMine(ownerOf(invoice, lines)),
    ),
  };
}
