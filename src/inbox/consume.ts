import { markDocuments } from '#access/mark-dirty.ts';
import type { Database } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';

/**
 * Turns stored deliveries into marks on the documents that they speak of, and does nothing else with them: a payload
 * never decides (law 1). The deliveries of a deactivated tenant wait. Answers how many were consumed.
 */
export const consumeInbox = (db: Database): Promise<number> =>
  db.claims(async (tx) => {
    const events = await tx
      .selectFrom('inbox as i')
      .innerJoin('tenants as t', 't.id', 'i.tenant_id')
      .where('i.state', '=', 'new')
      .where('t.is_active', '=', true)
      .select(['i.id', 'i.tenant_id', 'i.doctype', 'i.name', 'i.correlation_id'])
      .orderBy('i.id')
      .limit(500)
      .forUpdate('i')
      .skipLocked()
      .execute();
    if (events.length === 0) return 0;
    for (const [tenantId, some] of [...groupBy(events, (event) => event.tenant_id)].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      await markDocuments(
        tx,
        tenantId,
        some.map((e) => ({ doctype: e.doctype, name: e.name, correlationId: e.correlation_id })),
      );
    }
    await tx
      .updateTable('inbox')
      .set({ state: 'done', consumed_at: new Date() })
      .where(
        'id',
        'in',
        events.map((event) => event.id),
      )
      .execute();
    return events.length;
  });
