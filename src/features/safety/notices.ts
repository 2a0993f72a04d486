import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Database } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { listNotices, overrideNotices } from './notice-store.ts';
import type { CutNoticePage, CutNoticeQuery, Overridden, Override } from './schema.ts';

export type NoticeDeps = { readonly db: Database; readonly clock: Clock };

/** What was done to tell debtors before a cut (spec X7). */
export function findNotices({ db }: NoticeDeps, who: Who, query: CutNoticeQuery): Promise<CutNoticePage> {
  demand(who.caller, 'safety:read');
  return db.tenant(who.tenantId, async (tx) => {
    const { rows, total } = await listNotices(tx, who.tenantId, query);
    return { data: rows, page: query.page, page_size: query.page_size, total };
  });
}

/**
 * Lets lines that wait for a notice be cut without one, for the bills that they owe now (spec X7). Each is decided about
 * afresh: promises, the calendar and the brake hold as for everybody.
 */
export function goWithoutNotice(
  { db, clock }: NoticeDeps,
  who: Who,
  { reason, subscription_ids }: Override,
): Promise<Overridden> {
  demand(who.caller, 'safety:write');
  const { tenantId, correlationId, caller } = who;
  return db.tenant(tenantId, async (tx) => {
    const note = { at: new Date(clock()), by: caller.userId, reason };
    const overridden = await overrideNotices(tx, tenantId, subscription_ids ?? null, note);
    const lines = [...new Set(overridden.map(({ id }) => id))];
    const bills = overridden.map(({ invoice }) => invoice);
    await record(tx, who, { action: 'update', entity: 'cut_notice', id: tenantId, after: { reason, lines, bills } });
    await markLines(tx, { tenantId, correlationId, cause: 'a cut may go without a notice' }, lines);
    return { lines: lines.length, bills: bills.length };
  });
}
