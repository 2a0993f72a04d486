import { askCustomer, askLedger, askSubscriptions, markDocuments } from '#access/mark-dirty.ts';
import type { Database } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Adopt } from '#inbox/adopt.ts';
import { applyLookUp, applyReading } from '#inbox/apply-look-up.ts';
import {
  type ClaimedDocument,
  claimDocuments,
  finishDocument,
  postponeDocument,
  withLease,
} from '#inbox/claim-documents.ts';
import { knownDocuments, openDocuments } from '#inbox/known.ts';
import { lookUp } from '#inbox/look-up.ts';
import type { Source } from '#inbox/look-up-one.ts';
import { readStored } from '#inbox/record.ts';
import { takeReading } from '#inbox/take-reading.ts';
import type { Clock } from '#platform/clock.ts';
import { type Log, withCorrelation } from '#platform/log.ts';
import type { Ledger, LedgerFailure } from '#ports/ledger/port.ts';

export type Fetching = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly adopt: Adopt;
  /** The tenant's ledger; null while it has none connected. */
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
  readonly leaseMs: number;
  /** After each commit that may have marked a line. */
  readonly onRecorded: () => void;
};

/** More customers to read than this: one sweep over the whole ledger is cheaper (spec B3). */
const sweepAbove = 5;
/** A document that was found unchanged is not looked at again sooner: ERPNext's daily jobs re-save everything. */
const unchangedRestMs = 5_000;
const atOnce = 8;

type Tenant = Fetching & { readonly tenantId: string; readonly ledger: Ledger };

const sourceOf = ({ db, tenantId, ledger, clock }: Tenant): Source => ({
  ledger,
  clock,
  knownOf: (customer, justFound) => knownDocuments(db, tenantId, customer, justFound),
  openOf: (customer) => openDocuments(db, tenantId, customer),
});

async function fail(t: Tenant, documents: readonly ClaimedDocument[], failure: LedgerFailure): Promise<void> {
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

async function sweep(t: Tenant, asked: readonly ClaimedDocument[]): Promise<void> {
  const reading = await takeReading(sourceOf(t), null);
  if (!reading.ok) return fail(t, asked, reading.error);
  await t.db.worker(t.tenantId, async (tx) => {
    await applyReading(tx, { tenantId: t.tenantId, correlationId: asked[0]?.correlationId ?? '' }, null, reading.value);
    for (const document of asked) await finishDocument(tx, document);
  });
}

async function readCustomer(t: Tenant, asked: ClaimedDocument): Promise<void> {
  const reading = await takeReading(sourceOf(t), asked.name);
  if (!reading.ok) return fail(t, [asked], reading.error);
  await t.db.worker(t.tenantId, async (tx) => {
    await applyReading(tx, asked, asked.name, reading.value);
    await finishDocument(tx, asked);
  });
}

/** Marks subscriptions that the hub does not know, or knows in another version. */
async function listSubscriptions(t: Tenant, asked: ClaimedDocument): Promise<void> {
  const listed = await t.ledger.subscriptions();
  if (!listed.ok) return fail(t, [asked], listed.error);
  await t.db.worker(t.tenantId, async (tx) => {
    const rows = await tx
      .selectFrom('ledger_documents as d')
      .innerJoin('subscriptions as s', (join) =>
        join.onRef('s.tenant_id', '=', 'd.tenant_id').onRef('s.erp_subscription', '=', 'd.name'),
      )
      .where('d.tenant_id', '=', t.tenantId)
      .where('d.doctype', '=', 'Subscription')
      .select(['d.name', 'd.modified'])
      .execute();
    const known = new Map(rows.map((row) => [row.name, row.modified]));
    const fresh = listed.value.filter(({ version }) => known.get(version.name) !== version.modified);
    await markDocuments(
      tx,
      t.tenantId,
      fresh.map(({ version }) => ({ doctype: 'Subscription', name: version.name, correlationId: asked.correlationId })),
    );
    await finishDocument(tx, asked);
  });
}

async function lookAt(t: Tenant, document: ClaimedDocument): Promise<void> {
  const now = t.clock();
  const stored = await t.db.worker(t.tenantId, (tx) => readStored(tx, t.tenantId, document.doctype, [document.name]));
  const last = stored.get(document.name);
  if (last && !last.changed && document.attempts === 1 && now - last.fetchedAt < unchangedRestMs) {
    const waitMs = unchangedRestMs - (now - last.fetchedAt);
    return t.db.worker(t.tenantId, (tx) => postponeDocument(tx, document, 'found unchanged a moment ago', waitMs));
  }
  const look = await lookUp(sourceOf(t), document.doctype, document.name);
  if (!look.ok) return fail(t, [document], look.error);
  await t.db.worker(t.tenantId, async (tx) => {
    await applyLookUp(tx, t.adopt, document, look.value);
    await finishDocument(tx, document);
  });
}

const lookInto = (t: Tenant, document: ClaimedDocument): Promise<void> => {
  if (document.doctype === askCustomer) return readCustomer(t, document);
  if (document.doctype === askSubscriptions) return listSubscriptions(t, document);
  return lookAt(t, document);
};

/** What cannot be worked on must not hold up the others: it waits, with its error, and a person is told. */
async function safely(t: Tenant, asked: readonly ClaimedDocument[], work: () => Promise<void>): Promise<void> {
  await withCorrelation(asked[0]?.correlationId ?? '', async () => {
    try {
      await work();
      t.onRecorded();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await fail(t, asked, { reason: 'rejected', detail: text });
    }
  });
}

async function fetchOfTenant(
  fetching: Fetching,
  tenantId: string,
  documents: readonly ClaimedDocument[],
): Promise<void> {
  const ledger = await fetching.ledgerOf(tenantId);
  if (!ledger) {
    return fetching.db.worker(tenantId, async (tx) => {
      for (const document of documents) await postponeDocument(tx, document, 'no ledger is connected', 60_000);
    });
  }
  const t: Tenant = { ...fetching, tenantId, ledger };
  const customers = documents.filter(({ doctype }) => doctype === askCustomer);
  const asked = documents.filter(({ doctype }) => doctype === askLedger);
  const isSwept = asked.length > 0 || customers.length > sweepAbove;
  const single = documents.filter(({ doctype }) => doctype !== askLedger && !(isSwept && doctype === askCustomer));
  const work = single.map((document) => () => safely(t, [document], () => lookInto(t, document)));
  if (isSwept) {
    const swept = [...asked, ...customers];
    work.push(() => safely(t, swept, () => sweep(t, swept)));
  }
  const lanes = Array.from({ length: Math.min(atOnce, work.length) }, async () => {
    for (let next = work.shift(); next; next = work.shift()) await next();
  });
  await Promise.all(lanes);
}

/** How many documents are looked at at a time, all tenants together. */
const limit = 100;

/**
 * Claims what is marked and due and starts to look at it. `busy` holds the looks under way, which outlast this call, so
 * that one tenant's slow ledger holds up nobody else's payment. Answers how many documents were claimed.
 */
export async function fetchDirtyDocuments(fetching: Fetching, busy: Set<Promise<void>>): Promise<number> {
  if (busy.size >= limit) {
    await Promise.race(busy);
    return 1;
  }
  const claimed = await claimDocuments(fetching.db, fetching.leaseMs, limit - busy.size);
  for (const [tenantId, some] of groupBy(claimed, (document) => document.tenantId)) {
    const look = withLease(fetching.db, some, fetching.leaseMs, () => fetchOfTenant(fetching, tenantId, some));
    const tracked: Promise<void> = look
      .catch((error: unknown) =>
        fetching.log.error('a tenant’s documents could not be looked at; their lease will end', {
          tenant: tenantId,
          error,
        }),
      )
      .finally(() => busy.delete(tracked));
    busy.add(tracked);
  }
  return claimed.length;
}
