import { type SelectQueryBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { orderOf } from '#db/page.ts';
import type { CustomersTable, Tables } from '#db/tables.ts';
import { invalid } from '#platform/refusal.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import type { CustomerQuery } from './schema.ts';
import { holdsWhole, idsFound } from './search-terms.ts';
import type { Sight } from './sight.ts';
import type { CustomerRow } from './store.ts';

type Listed = SelectQueryBuilder<
  Tables & { c: CustomersTable; found: { customer_id: string } },
  'c',
  Record<never, never>
>;

/** `national_id` of the query as it is compared. */
export type CustomerFilter = Omit<CustomerQuery, 'national_id'> & { readonly nationalIdIndex: Buffer | null };

/** What is found by a term is settled first: the planner knows nothing of how many it will be. */
const source = (tx: Tx, sight: Sight, search: string | undefined) =>
  search === undefined || search === ''
    ? tx.selectFrom('customers as c')
    : tx
        .with(
          (cte) => cte('found').materialized(),
          () => idsFound(sight, search),
        )
        .selectFrom('customers as c')
        .innerJoin(sql<{ customer_id: string }>`(select distinct customer_id from found)`.as('f'), (join) =>
          join.onRef('f.customer_id', '=', 'c.id'),
        );

function matching(tx: Tx, sight: Sight, filter: CustomerFilter): Listed {
  let rows = (source(tx, sight, filter.search) as Listed)
    .where('c.tenant_id', '=', sight.tenantId)
    .where('c.deleted_at', 'is', null);
  const isWhole = filter.search ? holdsWhole(sight, filter.search) : null;
  if (isWhole) rows = rows.where(isWhole);
  if (sight.resellerId !== null) rows = rows.where('c.reseller_id', '=', sight.resellerId);
  if (filter.reseller_id !== undefined) rows = rows.where('c.reseller_id', '=', filter.reseller_id);
  if (filter.status !== undefined) rows = rows.where('c.status', '=', filter.status);
  if (filter.nationalIdIndex !== null) rows = rows.where('c.national_id_index', '=', filter.nationalIdIndex);
  if (filter.service_plan_id !== undefined) {
    const plan = filter.service_plan_id;
    rows = rows.where((eb) =>
      eb.exists(
        eb
          .selectFrom('subscriptions as s')
          .select('s.id')
          .whereRef('s.tenant_id', '=', 'c.tenant_id')
          .whereRef('s.customer_id', '=', 'c.id')
          .where('s.service_plan_id', '=', plan),
      ),
    );
  }
  return rows;
}

const sortColumns = { name: 'c.name', customer_code: 'c.customer_code', created_at: 'c.created_at' } as const;

type Order = { readonly column: 'c.name' | 'c.customer_code' | 'c.created_at'; readonly direction: 'asc' | 'desc' };

/** The rows after the one that the cursor names, by its own place in the order (to the microsecond). */
async function after(tx: Tx, sight: Sight, rows: Listed, { column, direction }: Order, cursor: Cursor) {
  const at = await tx
    .selectFrom('customers as c')
    .where('c.tenant_id', '=', sight.tenantId)
    .where('c.id', '=', cursor.after)
    .select(sql<string>`${sql.ref(column)}::text`.as('place'))
    .executeTakeFirst();
  if (!at) throw invalid('cursor', 'The row that this cursor names is not there any more.');
  const place = column === 'c.created_at' ? sql`${at.place}::timestamptz` : sql`${at.place}::text`;
  const beyond = direction === 'asc' ? sql`>` : sql`<`;
  return rows.where(sql<boolean>`(${sql.ref(column)}, c.id) ${beyond} (${place}, ${cursor.after}::uuid)`);
}

/** Whether all customers of a status, or all of them, are meant: those are tallied. */
const isTallied = (sight: Sight, { search, service_plan_id, reseller_id, nationalIdIndex }: CustomerFilter): boolean =>
  !search && !service_plan_id && !reseller_id && nationalIdIndex === null && sight.resellerId === null;

/** How many customers a tenant has in each status, from the tally that the database keeps. */
export async function tallied(tx: Tx, tenantId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('customer_tally')
    .where('tenant_id', '=', tenantId)
    .select(['status', (eb) => eb.fn.sum<string>('customers').as('customers')])
    .groupBy('status')
    .execute();
  return new Map(rows.map((row) => [row.status, Number(row.customers)]));
}

async function tallyOf(tx: Tx, { tenantId }: Sight, status: string | undefined): Promise<number> {
  const tally = await tallied(tx, tenantId);
  return status === undefined ? [...tally.values()].reduce((sum, count) => sum + count, 0) : (tally.get(status) ?? 0);
}

const counted = async (rows: Listed): Promise<number> => {
  const { total } = await rows.select((eb) => eb.fn.countAll<bigint>().as('total')).executeTakeFirstOrThrow();
  return Number(total);
};

type Ids = { readonly ids: readonly string[]; readonly total: number | null };

/** The ids of a page and the one after it; `counts`: with how many rows there are in all, in the same look. */
async function idsOf(rows: Listed, { column, direction }: Order, limit: number, counts: boolean): Promise<Ids> {
  const found = await rows
    .select('c.id')
    .$if(counts, (query) => query.select(sql<bigint>`count(*) over ()`.as('total')))
    .orderBy(column, direction)
    .orderBy('c.id', direction)
    .limit(limit)
    .execute();
  const total = found[0]?.total;
  return { ids: found.map(({ id }) => id), total: total === undefined ? null : Number(total) };
}

async function rowsOf(tx: Tx, tenantId: string, ids: readonly string[]): Promise<readonly CustomerRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', ids)
    .selectAll()
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export type ListedCustomers = {
  readonly rows: readonly CustomerRow[];
  readonly total: number;
  readonly nextCursor: string | null;
};

async function firstIds(tx: Tx, sight: Sight, filter: CustomerFilter, order: Order) {
  const all = matching(tx, sight, filter);
  const page = all.offset((filter.page - 1) * filter.page_size);
  if (isTallied(sight, filter)) {
    const total = await tallyOf(tx, sight, filter.status);
    return { ids: (await idsOf(page, order, filter.page_size + 1, false)).ids, total };
  }
  const { ids, total } = await idsOf(page, order, filter.page_size + 1, true);
  // A page beyond the last one has no row that could tell how many there are.
  return { ids, total: total ?? (filter.page === 1 ? 0 : await counted(all)) };
}

async function idsAfter(tx: Tx, sight: Sight, filter: CustomerFilter, order: Order, cursor: Cursor) {
  const rows = await after(tx, sight, matching(tx, sight, filter), order, cursor);
  return { ids: (await idsOf(rows, order, filter.page_size + 1, false)).ids, total: cursor.total };
}

/** One page, by number or by cursor. By cursor each costs the same, however far down it is. */
export async function listCustomers(tx: Tx, sight: Sight, filter: CustomerFilter): Promise<ListedCustomers> {
  const { column, direction } = orderOf(filter.sort);
  const order: Order = { column: sortColumns[column], direction };
  const { ids, total } =
    filter.cursor === undefined
      ? await firstIds(tx, sight, filter, order)
      : await idsAfter(tx, sight, filter, order, readCursor(filter.cursor, filter.sort));
  const page = ids.slice(0, filter.page_size);
  const last = ids.length > page.length ? page.at(-1) : undefined;
  return {
    rows: await rowsOf(tx, sight.tenantId, page),
    total,
    nextCursor: last === undefined ? null : writeCursor({ after: last, sort: filter.sort, total }),
  };
}
