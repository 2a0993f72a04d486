import { sql } from 'kysely';
import { askChanges, askLedger, askSubscriptions, markDocuments } from '#access/mark-dirty.ts';
import type { Database } from '#db/database.ts';
import { isFollowed } from '#db/ledger-cursors.ts';
import type { Clock } from '#platform/clock.ts';
import { newCorrelationId } from '#platform/log.ts';

/** How often each ledger is read whole: webhooks get lost, and an invoice that turns overdue sends none (spec B5). */
const everyMs = 60_000;

/** What of a ledger waits to be asked already. */
type Asked = { readonly id: string; readonly isReadAsked: boolean; readonly isFollowAsked: boolean };

const askedOf = (db: Database): Promise<readonly Asked[]> =>
  db.claims(async (tx) => {
    const waits = (doctype: string) =>
      sql`exists (select from dirty_documents d where d.tenant_id = t.id and d.doctype = ${doctype})`;
    const { rows } = await sql<Asked>`
      select t.id, ${waits(askLedger)} as "isReadAsked", ${waits(askChanges)} as "isFollowAsked"
      from tenants t where t.is_active`.execute(tx);
    return rows;
  });

/** When the ledger was read whole, and when its changes were last asked for; null: it is not connected. */
const askedAt = (db: Database, tenantId: string) =>
  db.look(tenantId, async (tx) => {
    const { rows } = await sql<{ read_at: Date | null; followed_at: Date | null }>`
      select r.started_at as read_at,
        (select min(asked_at) from ledger_cursors where tenant_id = ${tenantId} and ${isFollowed}) as followed_at
      from connections c left join ledger_readings r on r.tenant_id = c.tenant_id and r.customer = ''
      where c.tenant_id = ${tenantId} and c.system = 'erpnext'`.execute(tx);
    return rows[0] ?? null;
  });

/**
 * Leaves marks on every ledger that was not read, or whose changes were not asked for, for a minute; never acts itself.
 * The two do not wait for each other: what keeps a ledger from being read whole must not hide what was changed in it.
 * Answers 0: nothing follows at once.
 */
export async function askLedgers(db: Database, clock: Clock): Promise<number> {
  for (const { id, isReadAsked, isFollowAsked } of await askedOf(db)) {
    if (isReadAsked && isFollowAsked) continue;
    const last = await askedAt(db, id);
    if (last === null) continue;
    const isDue = (at: Date | null): boolean => at === null || clock() - at.getTime() >= everyMs;
    const due = [
      ...(!isReadAsked && isDue(last.read_at) ? [askLedger, askSubscriptions] : []),
      ...(!isFollowAsked && isDue(last.followed_at) ? [askChanges] : []),
    ];
    const correlationId = newCorrelationId();
    if (due.length === 0) continue;
    await db.worker(id, (tx) =>
      markDocuments(
        tx,
        id,
        due.map((doctype) => ({ doctype, name: '*', correlationId })),
      ),
    );
  }
  return 0;
}
