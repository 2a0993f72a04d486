import { markDocuments, markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerFact, LedgerSubscription } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
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

type Told = { readonly doctype: string; readonly name: string; readonly fact: LedgerFact | null };
type On = { readonly tenantId: string; readonly correlationId: string };

async function tellLines(tx: Tx, { tenantId, correlationId }: On, lines: readonly string[], told: Told): Promise<void> {
  if (lines.length === 0) return;
  const { doctype, name, fact } = told;
  await tx
    .insertInto('timeline')
    .values(
      lines.map((id) => ({
        tenant_id: tenantId,
        subscription_id: id,
        kind: 'ledger',
        text: tell(doctype, name, fact),
        correlation_id: correlationId,
        data: JSON.stringify({ doctype, name }),
      })),
    )
    .execute();
}

/** Records a complete reading, and marks whoever it changes, or waited for it, to be decided about. */
export async function applyReading(tx: Tx, on: On, customer: string | null, taken: Taken): Promise<void> {
  const { tenantId } = on;
  const marked = new Set(await linesAwaitingEvidence(tx, tenantId));
  const changes = await recordReading(tx, tenantId, customer, taken);
  for (const [name, some] of groupBy(changes, (change) => change.customer)) {
    const lines = await linesOfCustomers(tx, tenantId, [name]);
    for (const change of some) await tellLines(tx, on, lines, change);
    for (const line of lines) marked.add(line);
  }
  await markLines(tx, { ...on, cause: 'the ledger was read' }, [...marked]);
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
  if (look.taken && fact?.kind === 'invoice') await applyReading(tx, document, fact.customer, look.taken);
  if (changed && customer !== null) {
    const lines = await linesOfCustomers(tx, tenantId, [customer]);
    await tellLines(tx, document, lines, { doctype, name, fact });
    await markLines(tx, { tenantId, correlationId, cause: `${doctype} ${name}` }, lines);
  }
}
