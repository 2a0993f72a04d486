import type { Database } from '#db/database.ts';
import { awaiting } from '#domain/scan-problem.ts';
import type { Handing } from '#outbox/append.ts';
import { goOn } from './go-on.ts';

/**
 * Judges the scans again that wait for a unit, in the order in which they were scanned. The first that moves it lets the
 * others wait once more, until that move is over.
 */
export const createResume =
  (db: Database) =>
  async (tenantId: string, assetId: string, handing: Handing | null): Promise<void> => {
    const waiting = await db.worker(tenantId, (tx) =>
      tx
        .selectFrom('scans')
        .where('tenant_id', '=', tenantId)
        .where('asset_id', '=', assetId)
        .where('state', '=', 'held')
        .where('problem', 'in', [...awaiting])
        .select('id')
        .orderBy('scanned_at')
        .orderBy('id')
        .execute(),
    );
    for (const { id } of waiting) {
      const appended = await db.worker(tenantId, (tx) => goOn(tx, { tenantId, handing }, id, false));
      if (appended) handing?.take(appended);
    }
  };
