import type { Invoice, LedgerCustomer, LedgerFact } from '#domain/facts.ts';
import { ok, type Result } from '#domain/result.ts';
import { type Looked, lookUpOne, type Source } from '#inbox/look-up-one.ts';
import type { Found } from '#inbox/record.ts';
import { type Taken, takeReading } from '#inbox/take-reading.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';

/** All that one look at a document brought in; nothing is recorded yet. */
export type LookUp = Looked & {
  /** For a subscription: its plans and its customer. */
  readonly related: readonly Found[];
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

/** Looks at a document as it is now, and at what must be known with it. */
export async function lookUp(source: Source, doctype: string, name: string): Promise<Result<LookUp, LedgerFailure>> {
  const looked = await lookUpOne(source, doctype, name);
  if (!looked.ok) return looked;
  const { found } = looked.value;
  if (!found) return ok({ ...looked.value, related: [], taken: null });
  const related = await lookUpRelated(source, found.fact);
  if (!related.ok) return related;
  if (!mayCut(found.fact, source.clock())) {
    return ok({ ...looked.value, related: related.value, taken: null });
  }
  const taken = await takeReading(source, found.fact.customer, [found]);
  return taken.ok ? ok({ ...looked.value, related: [], taken: taken.value }) : taken;
}

export const customerAmong = (related: readonly Found[]): LedgerCustomer | null => {
  for (const { fact } of related) if (fact.kind === 'customer') return fact;
  return null;
};
