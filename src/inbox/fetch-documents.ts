import { askCustomer, askLedger } from '#access/mark-dirty.ts';
import { groupBy } from '#domain/group-by.ts';
import { type ClaimedDocument, claimDocuments, postponeDocument, withLease } from '#inbox/claim-documents.ts';
import { atATime, consumeInbox } from '#inbox/consume.ts';
import { type Fetching, fail, lookInto, sweep, type Tenant } from '#inbox/look-into.ts';
import { withCorrelation } from '#platform/log.ts';

/** More customers to read than this: one sweep over the whole ledger is cheaper (spec B3). */
const sweepAbove = 5;
const atOnce = 8;

/** What cannot be worked on must not hold up the others: it waits, with its error, and a person is told. */
async function safely(t: Tenant, asked: readonly ClaimedDocument[], work: () => Promise<void>): Promise<void> {
  await withCorrelation(asked[0]?.correlationId ?? '', async () => {
    try {
      await work();
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

/** Starts to look at leased documents; `busy` holds the looks under way, so that one tenant's slow ledger holds up nobody else's payment. */
function startLooks(fetching: Fetching, claimed: readonly ClaimedDocument[], busy: Set<Promise<void>>): void {
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
}

/**
 * Claims what is marked and due and starts to look at it; the looks outlast this call. Answers whether more may be
 * waiting.
 */
export async function fetchDirtyDocuments(fetching: Fetching, busy: Set<Promise<void>>): Promise<boolean> {
  if (busy.size >= limit) {
    await Promise.race(busy);
    return true;
  }
  const room = limit - busy.size;
  const claimed = await claimDocuments(fetching.db, fetching.leaseMs, room);
  startLooks(fetching, claimed, busy);
  return claimed.length === room;
}

/** Consumes deliveries and starts to look at what they speak of, as far as there is room; answers whether more may be waiting. */
export async function takeDeliveries(fetching: Fetching, busy: Set<Promise<void>>): Promise<boolean> {
  const { count, documents, isSomeLeft } = await consumeInbox(fetching.db, fetching.leaseMs, limit - busy.size);
  startLooks(fetching, documents, busy);
  if (isSomeLeft) fetching.onMarked();
  return count === atATime;
}
