import { markDocuments } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { Told as TimelineEntry } from '#db/timeline.ts';
import type { LedgerFact, LedgerSubscription } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Adopt } from '#inbox/adopt.ts';
import type { ClaimedDocument } from '#inbox/claim-documents.ts';
import { type LineOfDebtor, linesAwaitingEvidence, linesOfCustomers } from '#inbox/lines-of-customer.ts';
import { customerAmong, type LookUp, paysBills } from '#inbox/look-up.ts';
import type { Looked } from '#inbox/look-up-one.ts';
import { doctypeOf, type Found, readStored, recordDocument } from '#inbox/record.ts';
import { markAgain } from '#inbox/record-order.ts';
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
  if (fact.kind === 'journal') {
    const pays = fact.pays.length > 0 ? ` pays ${fact.pays.join(', ')}` : ' was read';
    return `${doctype} ${name}${fact.submitted ? pays : ': not in force'}.`;
  }
  if (fact.kind === 'subscription')
    return `${doctype} ${name}: ${fact.cancelled ? 'cancelled' : `plans ${fact.plans.join(', ')}`}.`;
  return `${doctype} ${name} was read.`;
}

type Told = { readonly doctype: string; readonly name: string; readonly fact: LedgerFact | null };
type On = { readonly tenantId: string; readonly correlationId: string };

const toldOf = ({ correlationId }: On, id: string, { doctype, name, fact }: Told): TimelineEntry => ({
  subscriptionId: id,
  kind: 'ledger',
  text: tell(doctype, name, fact),
  correlationId,
  data: { doctype, name },
});

/** What a look leaves to be done in its transaction. */
export type Outcome = {
  /** Lines to be decided about. */
  readonly lines: readonly string[];
  /** For the lines' timelines. */
  readonly told: readonly TimelineEntry[];
  readonly cause: string;
  /** Other documents were marked, to be looked at. */
  readonly hasMarked: boolean;
  /** A reading was taken in, which is what a cut needs. */
  readonly mayCut: boolean;
};

/** Lines that a reading may prove something about. */
const linesBefore = (tx: Tx, tenantId: string, customer: string | null): Promise<readonly LineOfDebtor[]> =>
  customer === null ? linesAwaitingEvidence(tx, tenantId) : linesOfCustomers(tx, tenantId, [customer]);

/** Records a complete reading; whoever it changes, or waited for it, is to be decided about. `about`: see `recordReading`. */
async function takeIn(tx: Tx, on: On, customer: string | null, taken: Taken, about: string | null) {
  const { tenantId } = on;
  const [before, { changes, isOvertaken }] = await Promise.all([
    linesBefore(tx, tenantId, customer),
    recordReading(tx, tenantId, customer, taken, about),
  ]);
  const others = new Set(changes.flatMap((change) => (change.customer === customer ? [] : [change.customer])));
  const lines = [...(customer === null ? [] : before), ...(await linesOfCustomers(tx, tenantId, [...others]))];
  const linesOf = groupBy(lines, (line) => line.customer);
  const told = changes.flatMap((change) =>
    (linesOf.get(change.customer) ?? []).map(({ id }) => toldOf(on, id, change)),
  );
  const waiting = before.flatMap(({ id, awaitsEvidence }) => (awaitsEvidence ? [id] : []));
  return { lines: [...new Set([...waiting, ...told.map(({ subscriptionId }) => subscriptionId)])], told, isOvertaken };
}

export async function applyReading(tx: Tx, on: On, customer: string | null, taken: Taken): Promise<Outcome> {
  const { lines, told } = await takeIn(tx, on, customer, taken, null);
  return { lines, told, cause: 'the ledger was read', hasMarked: false, mayCut: true };
}

/**
 * An invoice that the reading after the look lists is as the reading says; the look alone adds nothing. A newer reading
 * that was there first leaves it to be looked at again.
 */
async function applyListed(tx: Tx, document: ClaimedDocument, customer: string, taken: Taken): Promise<Outcome> {
  const { tenantId, doctype, name } = document;
  const { lines, told, isOvertaken } = await takeIn(tx, document, customer, taken, name);
  if (isOvertaken) await markAgain(tx, tenantId, doctype, name);
  return { lines, told, cause: `${doctype} ${name}`, hasMarked: false, mayCut: true };
}

/** The plans of a subscription as it was last looked at; null: it never was. */
async function plansBefore(tx: Tx, tenantId: string, name: string): Promise<readonly string[] | null> {
  const held = (await readStored(tx, tenantId, doctypeOf.subscription, [name])).get(name)?.fact;
  return held?.kind === 'subscription' ? held.plans : null;
}

/** What plans cost together; null where one is not known. */
async function costOf(tx: Tx, tenantId: string, plans: readonly string[]): Promise<bigint | null> {
  const stored = await readStored(tx, tenantId, doctypeOf.plan, plans);
  const costs = plans.flatMap((name) => {
    const fact = stored.get(name)?.fact;
    return fact?.kind === 'plan' ? [fact.cost] : [];
  });
  return costs.length === plans.length ? costs.reduce((sum, cost) => sum + cost, 0n) : null;
}

async function repriced(tx: Tx, tenantId: string, before: readonly string[] | null, now: readonly string[]) {
  if (before === null || before.toSorted().join('\n') === now.toSorted().join('\n')) return null;
  const [was, is] = [await costOf(tx, tenantId, before), await costOf(tx, tenantId, now)];
  return was === null || is === null ? null : { was, is };
}

async function adoptSubscription(
  tx: Tx,
  adopt: Adopt,
  document: ClaimedDocument,
  fact: LedgerSubscription,
  { related, before }: { readonly related: readonly Found[]; readonly before: readonly string[] | null },
): Promise<void> {
  for (const one of related)
    await recordDocument(tx, document.tenantId, doctypeOf[one.fact.kind], one.fact.name, one, one);
  const items = related.flatMap(({ fact: other }) => (other.kind === 'plan' ? [other.item] : []));
  const line = {
    subscription: fact,
    billed: [...fact.plans, ...items],
    customer: customerAmong(related),
    repriced: await repriced(tx, document.tenantId, before, fact.plans),
  };
  await adopt.line(tx, document.tenantId, line, document.correlationId);
}

/** Records a payment's invoices, which were looked at with it, and marks those that were not. */
async function applyPaid(tx: Tx, document: ClaimedDocument, pays: readonly string[], paid: readonly Looked[]) {
  const { tenantId, correlationId } = document;
  const changes: Told[] = [];
  for (const { doctype, name, found, asked } of paid) {
    const { changed } = await recordDocument(tx, tenantId, doctype, name, found, asked);
    if (changed) changes.push({ doctype, name, fact: found?.fact ?? null });
  }
  const seen = new Set(paid.map(({ name }) => name));
  const unseen = pays.filter((name) => !seen.has(name));
  await markDocuments(
    tx,
    tenantId,
    unseen.map((name) => ({ doctype: doctypeOf.invoice, name, correlationId })),
  );
  return { changes, hasMarked: unseen.length > 0 };
}

/**
 * Marks subscriptions whose lines may have to follow a customer that was renamed: those of a name that is gone (the lines
 * that stand on it), and of one that was never seen. What became of each is found by a look at it.
 */
async function subscriptionsToFollow(
  tx: Tx,
  { tenantId, name, correlationId }: ClaimedDocument,
  isGone: boolean,
  ofNewName: readonly string[],
): Promise<readonly string[]> {
  const rows = isGone
    ? await tx
        .selectFrom('subscriptions as s')
        .innerJoin('customers as c', (join) =>
          join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
        )
        .where('s.tenant_id', '=', tenantId)
        .where('c.erp_customer', '=', name)
        .where('s.erp_subscription', 'is not', null)
        .where('s.terminated_at', 'is', null)
        .select('s.erp_subscription as name')
        .execute()
    : ofNewName.map((one) => ({ name: one }));
  const names = rows.flatMap((row) => (row.name === null ? [] : [row.name]));
  const documents = names.map((one) => ({ doctype: doctypeOf.subscription, name: one, correlationId }));
  await markDocuments(tx, tenantId, documents);
  return names;
}

/** Records what a look at one document brought in. */
export async function applyLookUp(tx: Tx, adopt: Adopt, document: ClaimedDocument, look: LookUp): Promise<Outcome> {
  const { tenantId, doctype, name } = document;
  const fact = look.found?.fact ?? null;
  const isListed = look.taken?.reading.invoices.some((listed) => listed.fact.name === name) === true;
  if (fact?.kind === 'invoice' && look.taken && isListed) return applyListed(tx, document, fact.customer, look.taken);
  const before = fact?.kind === 'subscription' ? await plansBefore(tx, tenantId, name) : null;
  const { changed, customer } = await recordDocument(tx, tenantId, doctype, name, look.found, look.asked);
  if (fact?.kind === 'subscription')
    await adoptSubscription(tx, adopt, document, fact, { related: look.related, before });
  if (fact?.kind === 'customer') await adopt.customer(tx, tenantId, fact);
  const toFollow =
    doctype === doctypeOf.customer ? await subscriptionsToFollow(tx, document, fact === null, look.subscriptions) : [];
  const paid =
    fact && paysBills(fact) && changed
      ? await applyPaid(tx, document, fact.pays, look.paid)
      : { changes: [], hasMarked: false };
  const read =
    look.taken && fact?.kind === 'invoice' ? await applyReading(tx, document, fact.customer, look.taken) : null;
  const hasMarked = paid.hasMarked || toFollow.length > 0;
  if (!changed || customer === null) return { lines: [], told: [], cause: '', mayCut: false, ...read, hasMarked };
  const lines = await linesOfCustomers(tx, tenantId, [customer]);
  const changes: readonly Told[] = [{ doctype, name, fact }, ...paid.changes];
  const told = changes.flatMap((change) => lines.map(({ id }) => toldOf(document, id, change)));
  return {
    lines: [...new Set([...(read?.lines ?? []), ...lines.map(({ id }) => id)])],
    told: [...(read?.told ?? []), ...told],
    cause: `${doctype} ${name}`,
    hasMarked,
    mayCut: read !== null,
  };
}
