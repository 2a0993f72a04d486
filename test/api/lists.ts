import { addEvent, addIntent, addSession } from './furnish.ts';
import type { Operation, Parameter } from './operations.ts';
import { type Parts, requestOf } from './recipe.ts';
import { called, preparedOnce } from './recipes.ts';
import type { Stage } from './stage.ts';
import { good, type Tenant } from './tenant.ts';

export type Row = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string>>;

/** Whether an operation's answer is a page of rows. */
export const isList = ({ method, parameters = [] }: Operation): boolean =>
  method === 'get' && parameters.some(({ name }) => name === 'page_size');

const ofEveryList = new Set(['page', 'page_size', 'sort', 'search', 'fields', 'cursor', 'format']);
/** The parameters that narrow a list down, beside its search. */
export const filtersOf = ({ parameters = [] }: Operation): readonly Parameter[] =>
  parameters.filter(({ name, in: where, required }) => where === 'query' && !required && !ofEveryList.has(name));

export const sortsOf = ({ parameters = [] }: Operation): readonly string[] =>
  (parameters.find(({ name }) => name === 'sort')?.schema.enum ?? []).map(String);

/** The values that a filter's schema names, but for the one that turns it off (`is_active=all`). */
export const valuesOf = ({ schema }: Parameter): readonly string[] =>
  (schema.enum ?? []).map(String).filter((value) => value !== 'all' || schema.default === undefined);

/** What a row is known by; lists of what has no id name the parts of its key. */
export const keyOf = (row: Row): string =>
  String(row.id ?? Object(row.customer).id ?? [row.name, row.event, row.language, row.tenant_id].join(' '));

/** A list as it is called well; only what it must be asked for, and of what it hides by default all (`is_active=all`). */
export async function opened(list: Operation, at: Tenant) {
  const { parts, ask } = await preparedOnce(list, at);
  const required = (list.parameters ?? []).filter(({ required: must }) => must).map(({ name }) => name);
  const kept = Object.entries(parts.query ?? {}).filter(([name]) => required.includes(name));
  const whole = filtersOf(list).filter(({ schema }) => schema.default !== undefined && schema.enum?.includes('all'));
  const base: Query = { ...Object.fromEntries(kept), ...Object.fromEntries(whole.map(({ name }) => [name, 'all'])) };
  const page = async (query: Query): Promise<{ readonly data: readonly Row[]; readonly total: number }> => {
    const made: Parts = { ...parts, query: { ...base, ...query } };
    const { data, total } = good(await ask(requestOf(list, made)));
    return { data: data as readonly Row[], total: Number(total) };
  };
  return { page };
}
type Opened = Awaited<ReturnType<typeof opened>>;

/** Every page, `between` after each. */
export async function walk({ page }: Opened, query: Query, size: number, between?: () => Promise<void>) {
  const rows: Row[] = [];
  const totals: number[] = [];
  for (let n = 1; ; n++) {
    const { data, total } = await page({ ...query, page: String(n), page_size: String(size) });
    totals.push(total);
    rows.push(...data);
    if (data.length < size) return { rows, totals };
    await between?.();
  }
}

/** The same with nothing coming in meanwhile (the hub's own loops write to some lists): as many rows as were promised. */
export async function stillWalk(list: Opened, query: Query, size: number): Promise<readonly Row[]> {
  for (;;) {
    const { rows, totals } = await walk(list, query, size);
    if (new Set(totals).size > 1) continue;
    if (rows.length !== totals[0]) throw new Error(`of ${totals[0]} rows ${rows.length} came`);
    return rows;
  }
}

/** Lists that grow by something else than a POST of their own path. */
const growers: Readonly<Record<string, (stage: Stage, at: Tenant) => Promise<unknown>>> = {
  'get /api/v1/subscriptions': (stage, at) => call(stage, at, 'post /api/v1/customers'),
  'get /api/v1/audit-logs': (stage, at) => call(stage, at, 'post /api/v1/service-plans'),
  'get /api/v1/voucher-batches': (stage, at) => call(stage, at, 'post /api/v1/vouchers'),
  'get /api/v1/voucher-sales': (stage, at) => call(stage, at, 'post /api/v1/reseller/vouchers'),
  'get /api/v1/reseller/voucher-sales': (stage, at) => call(stage, at, 'post /api/v1/reseller/vouchers'),
  'get /api/v1/users': (stage, at) => call(stage, at, 'post /api/v1/auth/register'),
  'get /api/v1/messages': (stage, at) => call(stage, at, 'post /api/v1/messages/test'),
  'get /api/v1/attendance': (stage, at) => call(stage, at, 'post /api/v1/attendance/check-ins'),
  'get /api/v1/events': (_, at) => addEvent(at),
  'get /api/v1/outbox': (_, at) => addIntent(at),
  'get /api/v1/subscriptions/{id}/sessions': (_, at) => addSession(at),
};

const call = (stage: Stage, at: Tenant, name: string): Promise<unknown> => {
  const operation = stage.callable.find((one) => one.at === name);
  if (!operation) throw new Error(`${name} is no operation with a recipe`);
  return called(operation, at);
};

/** Adds a row to a list where a caller can. */
export async function grow(stage: Stage, at: Tenant, list: Operation): Promise<void> {
  const own = `post ${list.path}`;
  const grower = growers[list.at];
  if (grower) await grower(stage, at);
  else if (stage.callable.some((one) => one.at === own)) await call(stage, at, own);
}
