import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { encodeFact } from '#db/stored-fact.ts';
import type { LedgerFact } from '#domain/facts.ts';
import { isOpenRow, ofCustomer } from '#inbox/known.ts';
import type { Looked } from '#inbox/look-up-one.ts';
import {
  type CustomerNote,
  doctypeOf,
  noteCustomers,
  readStored,
  recordDocument,
  type Stored,
  settleMs,
  takesCreditBack,
  writeDocuments,
} from '#inbox/record.ts';
import { lockDebt, overtaken } from '#inbox/record-order.ts';
import type { Taken } from '#inbox/take-reading.ts';
import type { Reading } from '#ports/ledger/port.ts';

/**
 * Customers with a stored document that was open before the reading began, and that the reading neither lists nor
 * explains: it was recorded while the reading was under way. The reading speaks against it, so it is no evidence for it.
 */
async function contradicted(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  { reading, vanished }: Taken,
): Promise<readonly string[]> {
  const explained = new Set([
    ...[...reading.invoices, ...reading.receipts].map(({ version }) => `${version.doctype} ${version.name}`),
    ...vanished.map(({ doctype, name }) => `${doctype} ${name}`),
  ]);
  const { rows } = await sql<{ doctype: string; name: string; customer: string | null }>`
    select doctype, name, customer from ledger_documents
    where tenant_id = ${tenantId} and ${ofCustomer(customer)} and not gone and fetched_at < ${reading.startedAt}
      and ${isOpenRow}`.execute(tx);
  return rows.flatMap((row) => (explained.has(`${row.doctype} ${row.name}`) ? [] : (row.customer ?? [])));
}

/** A document that a reading found other than it was known to be; `fact` null: it is gone. */
export type Change = {
  readonly doctype: string;
  readonly name: string;
  readonly customer: string;
  readonly fact: LedgerFact | null;
};

/** `isOvertaken`: a newer reading was there first, about somebody at least. */
export type RecordedReading = { readonly changes: readonly Change[]; readonly isOvertaken: boolean };

type Listed = Reading['invoices'][number] | Reading['receipts'][number];

const rowOf = ({ version, fact }: Listed, changed: boolean) => ({
  doctype: doctypeOf[fact.kind],
  name: fact.name,
  customer: fact.customer,
  modified: version.modified,
  fact,
  gone: false,
  changed,
});

/** What is held of the listed documents, and whom a newer reading was about; read under the lock of their debt. */
async function readForReading(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  { startedAt, invoices, receipts }: Reading,
): Promise<[ReadonlyMap<string, Stored>, (customer: string) => boolean]> {
  const listed = [...invoices, ...receipts];
  const [, storedInvoices, storedReceipts, isOvertaken] = await Promise.all([
    lockDebt(tx, tenantId, customer),
    readStored(
      tx,
      tenantId,
      doctypeOf.invoice,
      invoices.map(({ fact }) => fact.name),
    ),
    readStored(
      tx,
      tenantId,
      doctypeOf.receipt,
      receipts.map(({ fact }) => fact.name),
    ),
    overtaken(
      tx,
      tenantId,
      customer === null ? null : [customer, ...listed.map(({ fact }) => fact.customer)],
      startedAt.getTime(),
    ),
  ]);
  return [new Map([...storedInvoices, ...storedReceipts]), isOvertaken];
}

/**
 * Records what became of documents that the lists had no more, as of the moment at which the reading began. A newer
 * reading that was there first does not know of it, and is no evidence any more.
 */
async function recordVanished(
  tx: Tx,
  tenantId: string,
  vanished: readonly Looked[],
  startedAt: number,
  isOvertaken: (customer: string) => boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const notes = new Map<string, CustomerNote>();
  for (const { doctype, name, asked, found } of vanished) {
    const times = { askedAt: asked.askedAt, answeredAt: startedAt };
    const { changed, customer } = await recordDocument(tx, tenantId, doctype, name, found, times);
    if (!changed || customer === null) continue;
    changes.push({ doctype, name, customer, fact: found?.fact ?? null });
    if (isOvertaken(customer)) notes.set(customer, { changedAt: asked.answeredAt });
  }
  await noteCustomers(tx, tenantId, notes);
  return changes;
}

/**
 * Records a complete reading of one customer, or of all (`customer` null), and answers what it changed. All of it counts
 * as of the moment at which the reading began. `about`: the listed invoice that was looked at; that it was is noted even
 * where it is unchanged.
 */
export async function recordReading(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  taken: Taken,
  about: string | null = null,
): Promise<RecordedReading> {
  const { reading, vanished } = taken;
  const askedAt = reading.startedAt.getTime();
  const listed = [...reading.invoices, ...reading.receipts];
  const [known, isOvertaken] = await readForReading(tx, tenantId, customer, reading);
  const differs = ({ fact }: Listed): boolean => {
    const before = known.get(fact.name);
    // Somebody has looked at it since the reading began: that says more, and what the reading says of it is no news.
    if (before && before.fetchedAt > askedAt) return false;
    return !before?.fact || before.gone || encodeFact(before.fact) !== encodeFact(fact);
  };
  const current = listed.filter(({ fact }) => !isOvertaken(fact.customer));
  const changed = current.filter(differs);
  const seen = current.filter((one) => one.fact.name === about && one.fact.kind === 'invoice' && !differs(one));
  const rows = [...changed, ...seen].map((one) => rowOf(one, changed.includes(one)));
  const changes = changed.map(({ fact }): Change => {
    return { doctype: doctypeOf[fact.kind], name: fact.name, customer: fact.customer, fact };
  });
  const notes = new Map<string, CustomerNote>();
  for (const { fact } of changed) {
    if (takesCreditBack(known.get(fact.name)?.fact ?? null, fact))
      notes.set(fact.customer, { settlesAt: askedAt + settleMs });
  }
  notes.set(customer ?? '', { ...notes.get(customer ?? ''), startedAt: askedAt });
  changes.push(...(await recordVanished(tx, tenantId, vanished, askedAt, isOvertaken)));
  const [doubtful] = await Promise.all([
    contradicted(tx, tenantId, customer, taken),
    writeDocuments(tx, tenantId, rows, askedAt),
    noteCustomers(tx, tenantId, notes),
  ]);
  await noteCustomers(tx, tenantId, new Map(doubtful.map((name) => [name, { changedAt: askedAt + 1 }])));
  return { changes, isOvertaken: current.length < listed.length };
}
