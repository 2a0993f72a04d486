import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { EventRange, IntentRange } from './range-schema.ts';

/** Rows that one call takes on; more are the next call's, so that no transaction holds locks for long. */
const rowsACall = 5_000;

const both = (conditions: readonly (RawBuilder<unknown> | null)[]): RawBuilder<unknown> =>
  sql.join(
    conditions.filter((condition) => condition !== null),
    sql` and `,
  );

type Asked = { readonly ids?: readonly string[] | undefined; readonly from?: string | undefined } & {
  readonly to?: string | undefined;
  readonly after?: string | undefined;
};

const within = (at: RawBuilder<unknown>, { ids, from, to, after }: Asked) => [
  ids === undefined ? null : sql`id = any(${ids}::bigint[])`,
  from === undefined ? null : sql`${at} >= ${from}::timestamptz`,
  to === undefined ? null : sql`${at} < ${to}::timestamptz`,
  after === undefined ? null : sql`id > ${after}::bigint`,
];

type Taken = { readonly seen: number; readonly changed: number; readonly last: bigint | null };
export type Page = { readonly seen: number; readonly changed: number; readonly next: string | null };

const pageOf = ({ seen, changed, last }: Taken): Page => ({
  seen,
  changed,
  next: seen === rowsACall && last !== null ? last.toString() : null,
});

/** Makes deliveries new again, lowest ids first; those that name nothing to look at are seen and left as they are. */
export async function renewEvents(tx: Tx, tenantId: string, asked: EventRange): Promise<Page> {
  const { doctype, state } = asked;
  const wanted = both([
    sql`tenant_id = ${tenantId}`,
    state === undefined ? sql`state in ('done', 'dead', 'ignored')` : sql`state = ${state}`,
    doctype === undefined ? null : sql`doctype = ${doctype}`,
    ...within(sql`received_at`, asked),
  ]);
  const { rows } = await sql<Taken>`
    with picked as materialized (
      select id, state, name from inbox where ${wanted} order by id limit ${rowsACall} for update
    ), renewed as (
      update inbox i set state = 'new', error = null, consumed_at = null from picked
      where i.tenant_id = ${tenantId} and i.id = picked.id and picked.state <> 'ignored' and picked.name <> '' returning i.id
    )
    select (select count(*)::int from picked) as seen, (select count(*)::int from renewed) as changed,
      (select max(id) from picked) as last`.execute(tx);
  return pageOf(rows[0] ?? { seen: 0, changed: 0, last: null });
}

/** Makes intents that were given up ready again, lowest ids first. */
export async function reviveIntents(tx: Tx, tenantId: string, asked: IntentRange): Promise<Page> {
  const wanted = both([
    sql`tenant_id = ${tenantId} and state = 'dead'`,
    asked.kind === undefined ? null : sql`kind = ${asked.kind}`,
    ...within(sql`created_at`, asked),
  ]);
  const { rows } = await sql<Taken>`
    with picked as materialized (
      select id from outbox where ${wanted} order by id limit ${rowsACall} for update
    ), revived as (
      update outbox o set state = 'ready', attempts = 0, next_at = now(), error = null, finished_at = null from picked
      where o.tenant_id = ${tenantId} and o.id = picked.id returning o.id
    )
    select (select count(*)::int from picked) as seen, (select count(*)::int from revived) as changed,
      (select max(id) from picked) as last`.execute(tx);
  return pageOf(rows[0] ?? { seen: 0, changed: 0, last: null });
}
