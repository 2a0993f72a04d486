import type { ClaimedDocument } from '#inbox/claim-documents.ts';
import { type Looking, type Prepared, prepareLook } from '#inbox/prepare-look.ts';
import type { Ledger } from '#ports/ledger/port.ts';

/** A delivery that has come in, and is being stored. */
type Delivered = Pick<ClaimedDocument, 'tenantId' | 'doctype' | 'name' | 'correlationId'>;

/**
 * Begins to look at what a signed delivery speaks of while it is stored and its mark is made. It decides nothing (law 1): who
 * it says the debtor is is only read early, and what was begun serves the very delivery alone, as the only one behind its
 * mark; whatever else asked for the document may have done so after it was fetched.
 */
export type Foresight = {
  /** `debtor`: whose bill it says it is; null: it is none that is open, or does not say. */
  begin(delivered: Delivered, debtor: string | null): void;
  /** It was a duplicate, or was not stored: there will be no mark of its own. */
  forget(delivered: Pick<Delivered, 'correlationId'>): void;
  /** The look that was begun for this mark, once; null: there is none, or it did not succeed. */
  take(document: ClaimedDocument): Promise<Prepared | null>;
};

type Parts = Pick<Looking, 'db' | 'clock'> & { readonly ledgerOf: (tenantId: string) => Promise<Ledger | null> };
type Entry = { readonly since: number; readonly prepared: Promise<Prepared | null> };

/** More deliveries at once than this are many: what counts then is how many, not how soon. */
const most = 4;
/** What nobody took in so long was another process's mark. */
const keptMs = 5_000;

export function createForesight({ ledgerOf, ...parts }: Parts): Foresight {
  const entries = new Map<string, Entry>();

  async function prepare({ tenantId, doctype, name }: Delivered, debtor: string | null): Promise<Prepared | null> {
    const ledger = await ledgerOf(tenantId);
    return ledger && prepareLook({ ...parts, tenantId, ledger }, { doctype, name, attempts: 1 }, debtor);
  }

  return {
    begin(delivered, debtor) {
      const since = performance.now();
      for (const [key, entry] of entries) if (since - entry.since > keptMs) entries.delete(key);
      if (entries.size >= most) return;
      // A failure is not told here: without a look that was begun the document is looked at from the start.
      const prepared = prepare(delivered, debtor).catch(() => null);
      entries.set(delivered.correlationId, { since, prepared });
    },

    forget: ({ correlationId }) => void entries.delete(correlationId),

    async take({ correlationId, marks, attempts, isOfOneDelivery }) {
      const entry = entries.get(correlationId);
      entries.delete(correlationId);
      return entry && isOfOneDelivery && marks === 1n && attempts === 1 ? entry.prepared : null;
    },
  };
}
