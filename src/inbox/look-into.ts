import { askChanges, askCustomer, askSubscriptions, markDocuments, markLines } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import type { Adopt } from '#inbox/adopt.ts';
import { applyLookUp, applyReading, type Outcome } from '#inbox/apply-look-up.ts';
import { type ClaimedDocument, finishDocument, postponeDocument } from '#inbox/claim-documents.ts';
import { noteChanges } from '#inbox/follow-changes.ts';
import type { Foresight } from '#inbox/foresight.ts';
import { readKnown } from '#inbox/known.ts';
import { endLook } from '#inbox/look-up.ts';
import { noteSubscriptions } from '#inbox/note-size.ts';
import { prepareLook, sourceOf } from '#inbox/prepare-look.ts';
import { readPast } from '#inbox/read-past.ts';
import { takeReading } from '#inbox/take-reading.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { Ledger, LedgerFailure } from '#ports/ledger/port.ts';

export type Fetching = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly adopt: Adopt;
  /** The tenant's ledger; null while it has none connected. */
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
  readonly foresight: Pick<Foresight, 'take'>;
  readonly leaseMs: number;
  /**
   * Decides about lines in the transaction that recorded their facts; what it answers is to be called after the commit.
   * Lines that it leaves alone stay marked. `mayCut`: what was found out may well cut them.
   */
  readonly decide: (tx: Tx, tenantId: string, lines: readonly string[], mayCut?: boolean) => Promise<() => void>;
  /** After each commit that marked documents. */
  readonly onMarked: () => void;
};

/** What the looks of one tenant work with. */
export type Tenant = Fetching & { readonly tenantId: string; readonly ledger: Ledger };

/**
 * One transaction that records what was found out, decides about whom it concerns and ends the looks. Lines are marked
 * all the same before they are decided about: a mark is their lock.
 */
async function conclude(
  t: Tenant,
  asked: readonly ClaimedDocument[],
  record: (tx: Tx) => Promise<Outcome>,
): Promise<void> {
  const { tenantId } = t;
  const correlationId = asked[0]?.correlationId ?? '';
  const { afterwards, hasMarked } = await t.db.worker(tenantId, async (tx) => {
    const { lines, told, cause, hasMarked: others, mayCut } = await record(tx);
    const [, , decided, ...ended] = await Promise.all([
      appendTimeline(tx, tenantId, told),
      markLines(tx, { tenantId, correlationId, cause }, lines),
      lines.length > 0 ? t.decide(tx, tenantId, lines, mayCut) : () => undefined,
      ...asked.map((document) => finishDocument(tx, document)),
    ]);
    return { afterwards: decided, hasMarked: others || ended.includes(false) };
  });
  afterwards();
  if (hasMarked) t.onMarked();
}

/** Nothing was found out: the documents wait, with the reason. */
export async function fail(t: Tenant, documents: readonly ClaimedDocument[], failure: LedgerFailure): Promise<void> {
  await t.db.worker(t.tenantId, async (tx) => {
    for (const document of documents)
      await postponeDocument(tx, document, `${failure.reason}: ${failure.detail}`, failure.retryAfterMs);
  });
  for (const { doctype, name } of documents) {
    t.log.warn('a document could not be looked at; it waits', {
      tenant: t.tenantId,
      doctype,
      document: name,
      error: failure.detail,
      outcome: failure.reason,
    });
  }
}

/** Reads everybody's bills in one go. */
export async function sweep(t: Tenant, asked: readonly ClaimedDocument[]): Promise<void> {
  const reading = await takeReading(sourceOf(t), null);
  if (!reading.ok) return fail(t, asked, reading.error);
  const on = { tenantId: t.tenantId, correlationId: asked[0]?.correlationId ?? '' };
  await conclude(t, asked, (tx) => applyReading(tx, on, null, reading.value));
}

async function readCustomer(t: Tenant, asked: ClaimedDocument): Promise<void> {
  const reading = await takeReading(sourceOf(t), asked.name);
  if (!reading.ok) return fail(t, [asked], reading.error);
  await conclude(t, [asked], (tx) => applyReading(tx, asked, asked.name, reading.value));
}

/** Marks subscriptions that the hub does not know, or knows in another version. */
async function listSubscriptions(t: Tenant, asked: ClaimedDocument): Promise<void> {
  const known = await t.db.look(t.tenantId, (tx) => readKnown(tx, t.tenantId, 'Subscription'));
  const listed = await t.ledger.subscriptions(known);
  if (!listed.ok) return fail(t, [asked], listed.error);
  await conclude(t, [asked], async (tx) => {
    await noteSubscriptions(tx, t.tenantId, listed.value.length, t.clock());
    const rows = await tx
      .selectFrom('ledger_documents as d')
      .innerJoin('subscriptions as s', (join) =>
        join.onRef('s.tenant_id', '=', 'd.tenant_id').onRef('s.erp_subscription', '=', 'd.name'),
      )
      .where('d.tenant_id', '=', t.tenantId)
      .where('d.doctype', '=', 'Subscription')
      .select(['d.name', 'd.modified'])
      .execute();
    const served = new Map(rows.map((row) => [row.name, row.modified]));
    const fresh = listed.value.filter(({ version }) => served.get(version.name) !== version.modified);
    await markDocuments(
      tx,
      t.tenantId,
      fresh.map(({ version }) => ({ doctype: 'Subscription', name: version.name, correlationId: asked.correlationId })),
    );
    return { lines: [], told: [], cause: '', hasMarked: fresh.length > 0, mayCut: false };
  });
}

/** Marks what the ledger has changed since it was last asked, a doctype at a time, and reads on in its past. */
async function followChanges(t: Tenant, asked: ClaimedDocument): Promise<void> {
  for (const doctype of t.ledger.feed?.followed ?? []) {
    const noted = await noteChanges(t, doctype, asked.correlationId);
    if (!noted.ok) return fail(t, [asked], noted.error);
    if (noted.value > 0) t.onMarked();
  }
  for (const doctype of t.ledger.feed?.historic ?? []) {
    const read = await readPast(t, doctype);
    if (!read.ok) return fail(t, [asked], read.error);
  }
  await conclude(t, [asked], async () => ({ lines: [], told: [], cause: '', hasMarked: false, mayCut: false }));
}

async function lookAt(t: Tenant, document: ClaimedDocument): Promise<void> {
  const prepared = (await t.foresight.take(document)) ?? (await prepareLook(t, document, null));
  const { restMs } = prepared;
  if (restMs !== null) {
    const why = 'found unchanged a moment ago';
    return t.db.worker(t.tenantId, (tx) => postponeDocument(tx, document, why, restMs));
  }
  const look = await endLook(prepared.begun, prepared.held);
  if (!look.ok) return fail(t, [document], look.error);
  await conclude(t, [document], (tx) => applyLookUp(tx, t.adopt, document, look.value));
}

/** Does what a mark asks for, but for a sweep. */
export const lookInto = (t: Tenant, document: ClaimedDocument): Promise<void> => {
  if (document.doctype === askCustomer) return readCustomer(t, document);
  if (document.doctype === askSubscriptions) return listSubscriptions(t, document);
  if (document.doctype === askChanges) return followChanges(t, document);
  return lookAt(t, document);
};
