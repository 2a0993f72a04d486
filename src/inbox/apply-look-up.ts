import { markDocuments, markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerFact, LedgerSubscription } from '#domain/facts.ts';
import type { Adopt } from '#inbox/adopt.ts';
import type { ClaimedDocument } from '#inbox/claim-documents.ts';
import { linesAwaitingEvidence, linesOfCustomers } from '#inbox/lines-of-customer.ts';
import { customerAmong, type LookUp } from '#inbox/look-up.ts';
import { doctypeOf, type Found, recordDocument } from '#inbox/record.ts';
import { recordReading } from '#inbox/record-reading.ts';
import type { Taken } from '#inbox/take-reading.ts';

/** What a document says, for the timeline. */
function tell(doctype: string, name: string, fact: LedgerFact | null): string {
  if (!fact) return `${doctype} ${name} is gone from the ledger.`;
  if (fact.kind === 'invoice') {
    const standing = fact.submitted ? `${fact.outstanding} of ${fact.total} open, due ${fact.dueDate}` : 'not in force';
    return `${doctype} ${name}: ${standing}.`;
  }
  if (fact.kind === 'receipt') {
    const pays = fact.pays.length > 0 ? ` pays ${fact.pays.join(', ')}` : '';
    return `${doctype} ${name}${fact.submitted ? pays : ': not in force'}; ${fact.unallocated} not allocated.`;
  }
  if (fact.kind === 'subscription')
    return `${doctype} ${name}: ${fact.cancelled ? 'cancelled' : `plans ${fact.plans.join(', ')}`}.`;
  return `${doctype} ${name} was read.`;
}

async function tellLines(
  tx: Tx,
  document: ClaimedDocument,
  lines: readonly string[],
  fact: LedgerFact | null,
): Promise<void> {
  if (lines.length === 0) return;
  const { tenantId, doctype, name, correlationId } = document;
  const text = tell(doctype, name, fact);
  await tx
    .insertInto('timeline')
    .values(
      lines.map((id) => ({
        tenant_id: tenantId,
        subscription_id: id,
        kind: 'ledger',
        text,
        correlation_id: correlationId,
        data: JSON.stringify({ doctype, name }),
      })),
    )
    .execute();
}

/** Records a complete reading, and marks whoever it changes, or waited for it, to be decided about. */
export async function applyReading(
  tx: Tx,
  tenantId: string,
  customer: string | null,
  taken: Taken,
  correlationId: string,
): Promise<void> {
  const changedCustomers = await recordReading(tx, tenantId, customer, taken);
  const lines = [
    ...(await linesOfCustomers(tx, tenantId, changedCustomers)),
    ...(await linesAwaitingEvidence(tx, tenantId)),
  ];
  await markLines(tx, { tenantId, correlationId, cause: 'the ledger was read' }, lines);
}

async function adoptSubscription(
  tx: Tx,
  adopt: Adopt,
  document: ClaimedDocument,
  fact: LedgerSubscription,
  related: readonly Found[],
): Promise<void> {
  for (const one of related)
    await recordDocument(tx, document.tenantId, doctypeOf[one.fact.kind], one.fact.name, one, one);
  const items = related.flatMap(({ fact: other }) => (other.kind === 'plan' ? [other.item] : []));
  const line = { subscription: fact, billed: [...fact.plans, ...items], customer: customerAmong(related) };
  await adopt.line(tx, document.tenantId, line, document.correlationId);
}

/** Records what a look at one document brought in, and marks whatever follows from it. */
export async function applyLookUp(tx: Tx, adopt: Adopt, document: ClaimedDocument, look: LookUp): Promise<void> {
  const { tenantId, doctype, name, correlationId } = document;
  const fact = look.found?.fact ?? null;
  const { changed, customer } = await recordDocument(tx, tenantId, doctype, name, look.found, look.asked);
  if (fact?.kind === 'subscription') await adoptSubscription(tx, adopt, document, fact, look.related);
  if (fact?.kind === 'customer') await adopt.customer(tx, tenantId, fact);
  if (fact?.kind === 'receipt' && changed) {
    await markDocuments(
      tx,
      tenantId,
      fact.pays.map((invoice) => ({ doctype: doctypeOf.invoice, name: invoice, correlationId })),
    );
  }
  if (look.taken && fact?.kind === 'invoice')
    await applyReading(tx, tenantId, fact.customer, look.taken, correlationId);
  if (changed && customer !== null) {
    const lines = await linesOfCustomers(tx, tenantId, [customer]);
    await tellLines(tx, document, lines, fact);
    await markLines(tx, { tenantId, correlationId, cause: `${doctype} ${name}` }, lines);
  }
}
