import { ok, type Result } from '#domain/result.ts';
import type { Held } from '#inbox/known.ts';
import type { Asked, Found } from '#inbox/record.ts';
import type { Clock } from '#platform/clock.ts';
import type { Ledger, LedgerFailure } from '#ports/ledger/port.ts';

/** Where a look goes: the ledger, and what is held of its documents already (of one customer, or of everybody: null). */
export type Source = {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly heldOf: (customer: string | null) => Promise<Held>;
};

/** One document that was asked for; `found` null: the ledger has it no more. */
export type Looked = {
  readonly doctype: string;
  readonly name: string;
  readonly asked: Asked;
  readonly found: Found | null;
};

export async function lookUpOne(
  { ledger, clock }: Pick<Source, 'ledger' | 'clock'>,
  doctype: string,
  name: string,
): Promise<Result<Looked, LedgerFailure>> {
  const askedAt = clock();
  const fetched = await ledger.fetch(doctype, name);
  if (!fetched.ok) return fetched;
  const asked = { askedAt, answeredAt: clock() };
  return ok({ doctype, name, asked, found: fetched.value ? { ...fetched.value, ...asked } : null });
}
