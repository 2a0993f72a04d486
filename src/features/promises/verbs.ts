import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';
import { demand, may, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';
import type { NewPromise, PromisePage, PromiseQuery, PromiseToPay } from './schema.ts';
import * as store from './store.ts';

/** The note may say anything about a person: it is shown to whom contact data are. */
const view = (who: Who, { customer_id, customer_code, name, ...row }: store.PromiseRow): PromiseToPay => ({
  ...row,
  note: may(who.caller, 'customers:contact') ? row.note : null,
  customer: { id: customer_id, code: customer_code, name },
  recorded_at: row.recorded_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});

const page = (
  who: Who,
  { rows, total }: { readonly rows: readonly store.PromiseRow[]; readonly total: number },
  query: PromiseQuery,
): PromisePage => ({ data: rows.map((row) => view(who, row)), page: query.page, page_size: query.page_size, total });

/** Every promise of the tenant, or of one customer. */
export async function listPromises(tx: Tx, who: Who, query: PromiseQuery): Promise<PromisePage> {
  demand(who.caller, 'promises:read');
  return page(who, await store.listPromises(tx, store.sightOf(who), query), query);
}

/** What was promised for one line: its own promises, and those for all lines of its customer. */
export async function listOfLine(tx: Tx, who: Who, id: string, query: PromiseQuery): Promise<PromisePage> {
  demand(who.caller, 'promises:read');
  const line = await store.findLine(tx, store.sightOf(who), id);
  if (!line) throw notFound('subscription');
  return page(who, await store.listPromises(tx, store.sightOf(who), { ...query, line }), query);
}

function checkDay(until: string, today: string, { promise_max_days: days }: TenantSettings): void {
  if (days === 0) throw new Refusal('CONFLICT', 'This ISP takes no promises to pay (setting promise_max_days).');
  if (until < today) throw invalid('until', 'is over already');
  if (until > addDays(today, days)) throw invalid('until', `must be at most ${days} days ahead (promise_max_days)`);
}

/** Refuses what the tenant's bounds do not allow (settings `promise_max_…`); `now` in ms since 1970. */
async function checkBounds(tx: Tx, { tenantId }: Who, customerId: string, until: string, now: number): Promise<void> {
  const settings = readTenantSettings(await store.settingsOf(tx, tenantId));
  const today = localDate(now, settings.time_zone);
  checkDay(until, today, settings);
  const month = instantAt(`${today.slice(0, 7)}-01`, 0, 0, settings.time_zone);
  const { running, lately } = await store.countUnderLock(tx, tenantId, customerId, today, new Date(month));
  const { promise_max_running: atOnce, promise_max_per_month: perMonth } = settings;
  if (running >= atOnce) {
    throw new Refusal('CONFLICT', `This customer has ${running} promises running already.`, { running, limit: atOnce });
  }
  if (lately >= perMonth) {
    throw new Refusal('CONFLICT', `This customer has promised ${lately} times this month.`, {
      lately,
      limit: perMonth,
    });
  }
}

/** Tells the lines' timelines, and has them decided about anew. The note stays out: a timeline is never erased. */
async function follow(tx: Tx, who: Who, promise: store.PromiseRow, told: string): Promise<readonly string[]> {
  const { tenantId, correlationId } = who;
  const lines = await store.linesOf(tx, tenantId, promise);
  const data = { promise_id: promise.id, until: promise.until, user_id: who.caller.userId };
  const entries = lines.map((id) => ({ subscriptionId: id, kind: 'promise', text: told, correlationId, data }));
  await appendTimeline(tx, tenantId, entries);
  await markLines(tx, { tenantId, correlationId, cause: 'a promise to pay' }, lines);
  return lines;
}

export type Changed = { readonly promise: PromiseToPay; readonly lines: readonly string[] };

const foundAgain = async (tx: Tx, who: Who, id: string): Promise<store.PromiseRow> => {
  const row = await store.findPromise(tx, store.sightOf(who), id);
  if (!row) throw notFound('promise');
  return row;
};

/**
 * Notes that somebody will pay by the end of a day: until then debt does not cut the line, and an isolated one comes back
 * (spec X8). Bounded by the tenant's settings; `now` in ms since 1970. Answers which lines are to be decided about.
 */
export async function recordPromise(
  tx: Tx,
  who: Who,
  subscriptionId: string,
  { until, note, of }: NewPromise,
  now: number,
): Promise<Changed> {
  demand(who.caller, 'promises:write');
  const line = await store.findLine(tx, store.sightOf(who), subscriptionId);
  if (!line) throw notFound('subscription');
  if (line.terminated_at !== null) throw new Refusal('CONFLICT', 'This subscription has ended.');
  await checkBounds(tx, who, line.customer_id, until, now);
  const values = {
    customer_id: line.customer_id,
    subscription_id: of === 'line' ? subscriptionId : null,
    until,
    note,
    recorded_by: who.caller.userId,
    recorded_at: new Date(now),
  };
  const { id } = await store.insertPromise(tx, who.tenantId, values);
  await record(tx, who, { action: 'create', entity: 'promise', id, after: values });
  const row = await foundAgain(tx, who, id);
  const lines = await follow(tx, who, row, `A promise to pay until ${until} was recorded.`);
  return { promise: view(who, row), lines };
}

/** Takes a promise back: the line is decided about as usual at once. One that has ended stays as it ended: 409. */
export async function withdrawPromise(
  tx: Tx,
  who: Who,
  subscriptionId: string,
  promiseId: string,
  now: number,
): Promise<Changed> {
  demand(who.caller, 'promises:write');
  const line = await store.findLine(tx, store.sightOf(who), subscriptionId);
  const before = line && (await store.findPromise(tx, store.sightOf(who), promiseId));
  const isOfLine = before?.customer_id === line?.customer_id && (before?.subscription_id ?? line?.id) === line?.id;
  if (!before || !isOfLine) throw notFound('promise');
  if (!(await store.withdraw(tx, who.tenantId, promiseId, new Date(now)))) {
    throw new Refusal('CONFLICT', `This promise is ${before.state}.`, { state: before.state });
  }
  const row = await foundAgain(tx, who, promiseId);
  const states = { before: { state: before.state }, after: { state: row.state } };
  await record(tx, who, { action: 'delete', entity: 'promise', id: promiseId, ...states });
  const lines = await follow(tx, who, row, `The promise to pay until ${row.until} was withdrawn.`);
  return { promise: view(who, row), lines };
}

/** What a person promised, for its export (SEC-28). */
export const promisesOf = (tx: Tx, tenantId: string, customerId: string) => store.ofCustomer(tx, tenantId, customerId);

/** Takes away what was noted of a person who is erased; that it promised, and how it ended, stays. */
export const forgetPromiseNotes = (tx: Tx, tenantId: string, customerId: string) =>
  store.forgetNotes(tx, tenantId, customerId);
