import { decodeFact, encodeFact } from '#access/stored-fact.ts';
import type { Tx } from '#db/database.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';
import { doctypeOf, noteCustomers, readStored, writeDocuments } from '#inbox/record.ts';
import type { Reading } from '#ports/ledger/port.ts';

type Bearing = Invoice | Receipt;
const settleMs = 300_000;

const isOpen = (fact: Bearing): boolean =>
  fact.submitted && (fact.kind === 'invoice' ? fact.outstanding !== 0n : fact.unallocated !== 0n);

/** What a document that a complete reading does not show any more amounts to: nothing. */
const closed = (fact: Bearing): Bearing =>
  fact.kind === 'invoice' ? { ...fact, outstanding: 0n } : { ...fact, unallocated: 0n };

/** Stored documents in scope that were open; a reading that leaves one out has found it settled, cancelled or gone. */
async function storedOpen(
  tx: Tx,
  tenantId: string,
  customer: string | null,
): Promise<readonly { fact: Bearing; fetchedAt: number }[]> {
  let query = tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', 'in', [doctypeOf.invoice, doctypeOf.receipt])
    .where('gone', '=', false)
    .where('fact', 'is not', null)
    .select(['fact', 'fetched_at']);
  if (customer !== null) query = query.where('customer', '=', customer);
  return (await query.execute()).flatMap((row) => {
    const fact = decodeFact(row.fact);
    return (fact.kind === 'invoice' || fact.kind === 'receipt') && isOpen(fact)
      ? [{ fact, fetchedAt: row.fetched_at.getTime() }]
      : [];
  });
}

export type ReadingRecorded = {
  /** Customers whose bills are other than they were known to be. */
  readonly changedCustomers: readonly string[];
  /** Documents that vanished from the lists: to be looked at one by one, for the record of what became of them. */
  readonly vanished: readonly { readonly doctype: string; readonly name: string }[];
};

/**
 * Records a complete reading of one customer, or of all (`customer` null). Money that vanishes from the list of receipts
 * or credit notes may have been spent or taken back; the debt that then shows settles first, as if it was taken back.
 */
export async function recordReading(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  reading: Reading,
): Promise<ReadingRecorded> {
  const askedAt = reading.startedAt.getTime();
  const found = [...reading.invoices, ...reading.receipts];
  const byKey = new Map(found.map((one) => [`${one.fact.kind} ${one.fact.name}`, one]));
  const vanished = (await storedOpen(tx, tenantId, customer)).filter(
    ({ fact, fetchedAt }) => fetchedAt <= askedAt && !byKey.has(`${fact.kind} ${fact.name}`),
  );
  const known = new Map([
    ...(await readStored(
      tx,
      tenantId,
      doctypeOf.invoice,
      reading.invoices.map(({ fact }) => fact.name),
    )),
    ...(await readStored(
      tx,
      tenantId,
      doctypeOf.receipt,
      reading.receipts.map(({ fact }) => fact.name),
    )),
  ]);
  const changedFacts = found.filter(({ fact }) => {
    const before = known.get(fact.name);
    return !before?.fact || before.gone || encodeFact(before.fact) !== encodeFact(fact);
  });
  await writeDocuments(
    tx,
    tenantId,
    [
      ...changedFacts.map(({ version, fact }) => ({
        doctype: doctypeOf[fact.kind],
        name: fact.name,
        customer: fact.customer,
        modified: version.modified,
        fact,
        gone: false,
        changed: true,
      })),
      ...vanished.map(({ fact }) => ({
        doctype: doctypeOf[fact.kind],
        name: fact.name,
        customer: fact.customer,
        modified: '',
        fact: closed(fact),
        gone: false,
        changed: true,
      })),
    ],
    askedAt,
  );
  const risen = changedFacts.filter(({ fact }) => {
    const before = known.get(fact.name)?.fact;
    return (
      before?.kind === 'invoice' && fact.kind === 'invoice' && before.submitted && fact.outstanding > before.outstanding
    );
  });
  const creditsGone = vanished.filter(({ fact }) => fact.kind === 'receipt' || fact.outstanding < 0n);
  const settling = [...risen, ...creditsGone].map(({ fact }) => fact.customer);
  await noteCustomers(
    tx,
    tenantId,
    new Map([...settling.map((name): [string, { settlesAt: number }] => [name, { settlesAt: askedAt + settleMs }])]),
  );
  await noteCustomers(tx, tenantId, new Map([[customer ?? '', { startedAt: askedAt }]]));
  return {
    changedCustomers: [...new Set([...changedFacts, ...vanished].map(({ fact }) => fact.customer))],
    vanished: vanished.map(({ fact }) => ({ doctype: doctypeOf[fact.kind], name: fact.name })),
  };
}
