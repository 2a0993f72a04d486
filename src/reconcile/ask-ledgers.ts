import { sql } from 'kysely';
import { askLedger, askSubscriptions, markDocuments } from '#access/mark-dirty.ts';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newCorrelationId } from '#platform/log.ts';

/** How often each ledger is read whole: webhooks get lost, and an invoice that turns overdue sends none (spec B5). */
const everyMs = 60_000;

async function isDue(db: Database, tenantId: string, now: number): Promise<boolean> {
  return db.worker(tenantId, async (tx) => {
    const row = await tx
      .selectFrom('connections as c')
      .leftJoin('ledger_readings as r', (join) =>
        join.onRef('r.tenant_id', '=', 'c.tenant_id').on('r.customer', '=', ''),
      )
      .where('c.tenant_id', '=', tenantId)
      .where('c.system', '=', 'erpnext')
      .select('r.started_at')
      .executeTakeFirst();
    return row !== undefined && (row.started_at === null || now - row.started_at.getTime() >= everyMs);
  });
}

/** Leaves a mark on every ledger that was not read for a minute; never acts itself. Answers 0: nothing follows at once. */
export async function askLedgers(db: Database, clock: Clock): Promise<number> {
  const tenants = await db.claims((tx) =>
    tx
      .selectFrom('tenants as t')
      .where('t.is_active', '=', true)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('dirty_documents as d')
              .whereRef('d.tenant_id', '=', 't.id')
              .where('d.doctype', '=', askLedger)
              .select(sql`1`.as('one')),
          ),
        ),
      )
      .select('t.id')
      .execute(),
  );
  for (const { id } of tenants) {
    if (!(await isDue(db, id, clock()))) continue;
    const correlationId = newCorrelationId();
    await db.worker(id, (tx) =>
      markDocuments(
        tx,
        id,
        [askLedger, askSubscriptions].map((doctype) => ({ doctype, name: '*', correlationId })),
      ),
    );
  }
  return 0;
}
