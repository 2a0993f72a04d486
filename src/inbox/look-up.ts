import type { LedgerCustomer, LedgerFact } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Asked, Found } from '#inbox/record.ts';
import type { Clock } from '#platform/clock.ts';
import type { Known, Ledger, LedgerFailure, Reading } from '#ports/ledger/port.ts';

/** All that one look at a document brought in; nothing is recorded yet. */
export type LookUp = {
  readonly asked: Asked;
  readonly found: Found | null;
  /** For a subscription: its plans and its customer. */
  readonly related: readonly Found[];
  /** For an open invoice: everything that decides about its customer's debt, read after it. */
  readonly reading: Reading | null;
};

const opensDebt = (fact: LedgerFact): boolean => fact.kind === 'invoice' && fact.submitted && fact.outstanding > 0n;

async function lookUpOne(
  ledger: Ledger,
  clock: Clock,
  doctype: string,
  name: string,
): Promise<Result<{ asked: Asked; found: Found | null }, LedgerFailure>> {
  const askedAt = clock();
  const fetched = await ledger.fetch(doctype, name);
  if (!fetched.ok) return fetched;
  const asked = { askedAt, answeredAt: clock() };
  return ok({ asked, found: fetched.value ? { ...fetched.value, ...asked } : null });
}

async function lookUpRelated(ledger: Ledger, clock: Clock, fact: LedgerFact): Promise<Result<Found[], LedgerFailure>> {
  if (fact.kind !== 'subscription' || fact.cancelled) return ok([]);
  const wanted = [
    ...fact.plans.map((plan) => ['Subscription Plan', plan] as const),
    ['Customer', fact.customer] as const,
  ];
  const related: Found[] = [];
  for (const [doctype, name] of wanted) {
    const found = await lookUpOne(ledger, clock, doctype, name);
    if (!found.ok) return found;
    if (found.value.found) related.push(found.value.found);
  }
  return ok(related);
}

/** Where a look goes: the ledger, and what is held of a customer's documents already. */
export type Source = {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly knownOf: (customer: string, justFound: readonly Found[]) => Promise<Known>;
};

/** Looks at a document as it is now, and at what must be known with it. */
export async function lookUp(source: Source, doctype: string, name: string): Promise<Result<LookUp, LedgerFailure>> {
  const { ledger, clock } = source;
  const looked = await lookUpOne(ledger, clock, doctype, name);
  if (!looked.ok) return looked;
  const { asked, found } = looked.value;
  if (!found) return ok({ asked, found, related: [], reading: null });
  const related = await lookUpRelated(ledger, clock, found.fact);
  if (!related.ok) return related;
  if (found.fact.kind !== 'invoice' || !opensDebt(found.fact)) {
    return ok({ asked, found, related: related.value, reading: null });
  }
  const { customer } = found.fact;
  const reading = await ledger.readCustomer(customer, await source.knownOf(customer, [found]));
  return reading.ok ? ok({ asked, found, related: [], reading: reading.value }) : err(reading.error);
}

export const customerAmong = (related: readonly Found[]): LedgerCustomer | null => {
  for (const { fact } of related) if (fact.kind === 'customer') return fact;
  return null;
};
