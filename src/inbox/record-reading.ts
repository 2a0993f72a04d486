import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { encodeFact } from '#db/stored-fact.ts';
import type { LedgerFact } from '#domain/facts.ts';
import {
  doctypeOf,
  noteCustomers,
  readStored,
  recordDocument,
  settleMs,
  takesCreditBack,
  writeDocuments,
} from '#inbox/record.ts';
import { lockDebt, overtaken } from '#inbox/record-order.ts';
import type { Taken } from '#inbox/take-reading.ts';

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
  const open = tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('gone', '=', false)
    .where('fetched_at', '<', reading.startedAt)
    .where(
      sql<boolean>`(fact ->> 'submitted')::boolean and coalesce(fact ->> 'outstanding', fact ->> 'unallocated') <> '0'`,
    )
    .select(['doctype', 'name', 'customer']);
  const rows = await (customer === null ? open : open.where('customer', '=', customer)).execute();
  return rows.flatMap((row) => (explained.has(`${row.doctype} ${row.name}`) ? [] : (row.customer ?? [])));
}

/** A document that a reading found other than it was known to be; `fact` null: it is gone. */
export type Change = {
  readonly doctype: string;
  readonly name: string;
  readonly customer: string;
  readonly fact: LedgerFact | null;
};

/**
 * Records a complete reading of one customer, or of all (`customer` null), and answers what it changed. All of it counts
 * as of the moment at which the reading began.
 */
export async function recordReading(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  taken: Taken,
): Promise<readonly Change[]> {
  const { reading, vanished } = taken;
  const askedAt = reading.startedAt.getTime();
  await lockDebt(tx, tenantId, customer);
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
  const differing = [...reading.invoices, ...reading.receipts].filter(({ fact }) => {
    const before = known.get(fact.name);
    return !before?.fact || before.gone || encodeFact(before.fact) !== encodeFact(fact);
  });
  const readSince = await overtaken(
    tx,
    tenantId,
    differing.map(({ fact }) => fact.customer),
    askedAt,
  );
  const changed = differing.filter(({ fact }) => !readSince.has(fact.customer));
  const rows = changed.map(({ version, fact }) => ({
    doctype: doctypeOf[fact.kind],
    name: fact.name,
    customer: fact.customer,
    modified: version.modified,
    fact,
    gone: false,
    changed: true,
  }));
  await writeDocuments(tx, tenantId, rows, askedAt);
  const changes: Change[] = rows.map(({ doctype, name, fact }) => ({ doctype, name, customer: fact.customer, fact }));
  for (const { doctype, name, asked, found } of vanished) {
    const recorded = await recordDocument(tx, tenantId, doctype, name, found, {
      askedAt: asked.askedAt,
      answeredAt: askedAt,
    });
    if (!recorded.changed || recorded.customer === null) continue;
    changes.push({ doctype, name, customer: recorded.customer, fact: found?.fact ?? null });
  }
  const settling = changed.filter(({ fact }) => takesCreditBack(known.get(fact.name)?.fact ?? null, fact));
  await noteCustomers(
    tx,
    tenantId,
    new Map(settling.map(({ fact }) => [fact.customer, { settlesAt: askedAt + settleMs }])),
  );
  await noteCustomers(tx, tenantId, new Map([[customer ?? '', { startedAt: askedAt }]]));
  const doubtful = await contradicted(tx, tenantId, customer, taken);
  await noteCustomers(tx, tenantId, new Map(doubtful.map((name) => [name, { changedAt: askedAt + 1 }])));
  return changes;
}
