import type { DocumentVersion, Invoice, Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Held } from '#inbox/known.ts';
import { type Looked, lookUpOne, type Source } from '#inbox/look-up-one.ts';
import { isProvedGone } from '#inbox/proved-gone.ts';
import { doctypeOf, type Found } from '#inbox/record.ts';
import type { Known, LedgerFailure, Reading } from '#ports/ledger/port.ts';

/** A complete reading, and what became of each document that was open before and is listed no more. */
export type Taken = { readonly reading: Reading; readonly vanished: readonly Looked[] };

/** Adds nothing to and takes nothing from a debt. */
const isOpen = (fact: Invoice | Receipt): boolean =>
  fact.submitted && (fact.kind === 'invoice' ? fact.outstanding !== 0n : fact.unallocated !== 0n);

const keyOf = (doctype: string, name: string): string => `${doctype}\u0000${name}`;
const versionKey = ({ doctype, name, modified }: DocumentVersion): string => `${keyOf(doctype, name)}\u0000${modified}`;

const listedIn = ({ invoices, receipts }: Reading): ReadonlySet<string> =>
  new Set([...invoices, ...receipts].map(({ fact }) => keyOf(doctypeOf[fact.kind], fact.name)));

function stillOpen({ found }: Looked): boolean {
  const fact = found?.fact;
  return (fact?.kind === 'invoice' || fact?.kind === 'receipt') && isOpen(fact);
}

/**
 * Reads all that is open of one customer (null: of everybody). A document that has left the lists is looked at by itself
 * before anything is believed of it: paid, cancelled or gone. One that says it is open all the same makes the lists
 * nonsense (a user permission that hides rows answers like that), and nothing is recorded. A credit that is said to be gone
 * without a trace of its deletion is neither believed nor denied.
 *
 * `isHurried`: the ledger is asked although it is not known yet what is held. What that comes too late for is read whole.
 */
export async function takeReading(
  source: Source,
  customer: string | null,
  { justFound = [], isHurried = false }: { readonly justFound?: readonly Found[]; readonly isHurried?: boolean } = {},
): Promise<Result<Taken, LedgerFailure>> {
  const arrived: Held[] = [];
  const holding = source.heldOf(customer).then((held) => {
    arrived.push(held);
    return held;
  });
  if (!isHurried) await holding;
  const known: Known = (version) =>
    justFound.find((found) => versionKey(found.version) === versionKey(version))?.fact ?? arrived[0]?.known(version);
  const { ledger } = source;
  const reading = customer === null ? ledger.readAll(known) : ledger.readCustomer(customer, known);
  const [read, { open }] = await Promise.all([reading, holding]);
  if (!read.ok) return read;
  const listed = listedIn(read.value);
  const vanished: Looked[] = [];
  for (const { doctype, name, isCredit } of open) {
    if (listed.has(keyOf(doctype, name))) continue;
    const looked = await lookUpOne(source, doctype, name);
    if (!looked.ok) return looked;
    if (stillOpen(looked.value)) {
      return err({ reason: 'nonsense', detail: `${doctype} ${name} is open, but missing from the ledger's own list` });
    }
    // Left unexplained, it makes the reading worthless as evidence about its customer, and about nobody else.
    const proved = isCredit && looked.value.found === null ? await isProvedGone(ledger, doctype, name) : ok(true);
    if (!proved.ok) return proved;
    if (proved.value) vanished.push(looked.value);
  }
  return ok({ reading: read.value, vanished });
}
