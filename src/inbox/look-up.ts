import { encodeFact } from '#db/stored-fact.ts';
import type { Invoice, LedgerCustomer, LedgerFact, LedgerJournal, Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type Looked, lookUpOne, type Source } from '#inbox/look-up-one.ts';
import { isProvedGone } from '#inbox/proved-gone.ts';
import { creditIn, doctypeOf, type Found, type Stored } from '#inbox/record.ts';
import { type Taken, takeReading } from '#inbox/take-reading.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';

/** All that one look at a document brought in; nothing is recorded yet. */
export type LookUp = Looked & {
  /** For a subscription: its plans and its customer. */
  readonly related: readonly Found[];
  /** For a customer whom the hub has never seen: its subscriptions, one of which may be a line's whose customer was renamed. */
  readonly subscriptions: readonly string[];
  /** For a payment that is news: the invoices that it pays, as they are after it. The others are to be looked at. */
  readonly paid: readonly Looked[];
  /** For a bill that may cut: everything that decides about its customer's debt, read after it. */
  readonly taken: Taken | null;
};

const dayMs = 86_400_000;

/** An open bill that may have fallen due somewhere on earth: worth the evidence that a cut will need. */
function mayCut(fact: LedgerFact, now: number): fact is Invoice {
  if (fact.kind !== 'invoice' || !fact.submitted || fact.outstanding <= 0n) return false;
  const tomorrow = new Date(now + dayMs).toISOString().slice(0, 10);
  return fact.terms.some(({ dueDate }) => dueDate <= tomorrow);
}

async function lookUpRelated(source: Source, fact: LedgerFact): Promise<Result<Found[], LedgerFailure>> {
  if (fact.kind !== 'subscription' || fact.cancelled) return ok([]);
  const wanted = [
    ...fact.plans.map((plan) => ['Subscription Plan', plan] as const),
    ['Customer', fact.customer] as const,
  ];
  const related: Found[] = [];
  for (const [doctype, name] of wanted) {
    const looked = await lookUpOne(source, doctype, name);
    if (!looked.ok) return looked;
    if (looked.value.found) related.push(looked.value.found);
  }
  return ok(related);
}

const withoutTrace = (doctype: string, name: string): string =>
  `${doctype} ${name} is said to be gone, and no Deleted Document tells of it: what it is worth still counts`;

/** What is put against bills: money, or a line in the books. */
export const paysBills = (fact: LedgerFact): fact is Receipt | LedgerJournal =>
  fact.kind === 'receipt' || fact.kind === 'journal';

/** A payment of more bills than this is one of many; each bill is then a look of its own. */
const mostPaid = 5;

/**
 * The invoices that a payment names, so that whoever paid is freed by one look and one decision. One that cannot be
 * fetched now, or may still cut and so needs a reading of its own, is left out.
 */
async function lookUpPaid(source: Source, fact: LedgerFact): Promise<readonly Looked[]> {
  if (!paysBills(fact) || !fact.submitted || fact.pays.length > mostPaid) return [];
  const looks = await Promise.all(fact.pays.map((invoice) => lookUpOne(source, doctypeOf.invoice, invoice)));
  return looks.flatMap((looked) => {
    const isSettled = looked.ok && looked.value.found !== null && !mayCut(looked.value.found.fact, source.clock());
    return isSettled ? [looked.value] : [];
  });
}

const isSame = (fact: LedgerFact, held: Stored | undefined): boolean =>
  held !== undefined && !held.gone && held.fact !== null && encodeFact(held.fact) === encodeFact(fact);

/** Whether a reading that was under way while the bill was fetched says the same of it. */
const agrees = ({ reading }: Taken, fact: LedgerFact): boolean =>
  reading.invoices.some((listed) => encodeFact(listed.fact) === encodeFact(fact));

/** The reading of a customer that began before it is known whether the document is a bill of it. */
type EarlyReading = {
  readonly customer: string;
  /** What was found meanwhile, by whoever looks at the document itself. */
  readonly justFound: Found[];
  readonly taken: Promise<Result<Taken, LedgerFailure>>;
};

/** A look that has begun: the document is being fetched, and meanwhile, where there was a hint, its debtor is read. */
export type Begun = {
  readonly source: Source;
  readonly looked: Promise<Result<Looked, LedgerFailure>>;
  readonly early: EarlyReading | null;
};

/** Whoever awaits it is told of what it throws; nobody does where something else failed first. */
function mayBeLeft<T>(begun: Promise<T>): Promise<T> {
  begun.catch(() => undefined);
  return begun;
}

/** Begins to read the customer that a document may be a bill of. */
export function beginReading(source: Source, customer: string): EarlyReading {
  const justFound: Found[] = [];
  return { customer, justFound, taken: mayBeLeft(takeReading(source, customer, { justFound, isHurried: true })) };
}

/** Begins to look at a document as it is now. `early`: the reading of whose bill it may be. */
export function beginLook(
  source: Source,
  { doctype, name }: { readonly doctype: string; readonly name: string },
  early: EarlyReading | null,
): Begun {
  const looked = lookUpOne(source, doctype, name).then((answer) => {
    if (answer.ok && answer.value.found) early?.justFound.push(answer.value.found);
    return answer;
  });
  return { source, looked: mayBeLeft(looked), early };
}

/** Ends a look at a document, and at what must be known with it. `held` is what the bridge has of it. */
export async function endLook(begun: Begun, held: Stored | undefined): Promise<Result<LookUp, LedgerFailure>> {
  const { source, early } = begun;
  const [looked, read] = await Promise.all([begun.looked, early?.taken]);
  if (!looked.ok) return looked;
  const { doctype, name, found } = looked.value;
  const nothingMore = { ...looked.value, related: [], subscriptions: [], paid: [], taken: null };
  if (!found) {
    const isCredit = held !== undefined && !held.gone && creditIn(held.fact);
    const proved = isCredit ? await isProvedGone(source.ledger, doctype, name) : ok(true);
    if (!proved.ok) return proved;
    return proved.value ? ok(nothingMore) : err({ reason: 'nonsense', detail: withoutTrace(doctype, name) });
  }
  if (mayCut(found.fact, source.clock())) {
    const isProof = read?.ok && early?.customer === found.fact.customer && agrees(read.value, found.fact);
    const taken = isProof ? read : await takeReading(source, found.fact.customer, { justFound: [found] });
    return taken.ok ? ok({ ...nothingMore, taken: taken.value }) : taken;
  }
  const related = await lookUpRelated(source, found.fact);
  if (!related.ok) return related;
  const paid = isSame(found.fact, held) ? [] : await lookUpPaid(source, found.fact);
  const isNew = found.fact.kind === 'customer' && held === undefined;
  const subscriptions = isNew ? await source.ledger.feed?.subscriptionsOf(name) : undefined;
  if (subscriptions?.ok === false) return subscriptions;
  return ok({ ...nothingMore, related: related.value, paid, subscriptions: subscriptions?.value ?? [] });
}

export const customerAmong = (related: readonly Found[]): LedgerCustomer | null => {
  for (const { fact } of related) if (fact.kind === 'customer') return fact;
  return null;
};
