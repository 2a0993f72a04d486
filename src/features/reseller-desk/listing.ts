import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, readPage } from '#db/page.ts';
import { groupBy } from '#domain/group-by.ts';
import { dotOf } from '#domain/shop-status.ts';
import type { Who } from '#platform/caller.ts';
import { openOf } from './bills.ts';
import { type Counter, type Desk, openCounter } from './desk.ts';
import { type LineRow, linesOf, stateOf } from './lines.ts';
import type { ResellerLook } from './modem-looks.ts';
import type { SubCustomer, SubCustomerPage, SubCustomerQuery } from './schema.ts';

const customersOf = (tx: Tx, { tenantId, resellerId }: Counter) =>
  tx
    .selectFrom('customers as c')
    .where('c.tenant_id', '=', tenantId)
    .where('c.reseller_id', '=', resellerId)
    .where('c.deleted_at', 'is', null);
type Rows = ReturnType<typeof customersOf>;

/** Whose dot it is, by what `dotOf` says; nobody is seen to be online where modems cannot be looked at. */
function withDot(rows: Rows, dot: SubCustomerQuery['dot'], look: ResellerLook | null): Rows {
  const online = sql<boolean>`c.id = any(${[...(look?.customers ?? [])]}::uuid[])`;
  const served = sql<boolean>`c.status = 'active'`;
  const idle = sql<boolean>`c.status in ('pending', 'terminated')`;
  const off = sql<boolean>`c.status in ('isolated', 'suspended')`;
  if (dot === 'green') return rows.where(sql<boolean>`${served} and ${online}`);
  if (dot === 'red') return rows.where(look ? sql<boolean>`${off} or (${served} and not ${online})` : off);
  if (dot === 'grey') return rows.where(look ? idle : sql<boolean>`${idle} or ${served}`);
  return rows;
}

function matching(tx: Tx, counter: Counter, query: SubCustomerQuery, look: ResellerLook | null): Rows {
  const all = customersOf(tx, counter);
  const rows = query.state === undefined ? all : all.where('c.status', '=', query.state);
  if (!query.search) return withDot(rows, query.dot, look);
  const like = likePattern(query.search);
  const digits = query.search.replace(/[^0-9]/g, '');
  const byPhone = sql<boolean>`${digits.length >= 3} and
    strpos(regexp_replace(c.phone, '[^0-9]', '', 'g'), ${digits}::text) > 0`;
  const found = rows.where((eb) =>
    eb.or([eb('c.name', 'ilike', like), eb('c.customer_code', 'ilike', like), eb('c.phone', 'ilike', like), byPhone]),
  );
  return withDot(found, query.dot, look);
}

const columns = ['c.id', 'c.customer_code', 'c.name', 'c.phone', 'c.address', 'c.status', 'c.created_at'] as const;
type CustomerRow = {
  readonly id: string;
  readonly customer_code: string;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly status: string;
  readonly created_at: Date;
};
type Owing = Awaited<ReturnType<typeof openOf>>;

/** `isOnline` null: it cannot be told. */
function rowView(row: CustomerRow, line: LineRow | undefined, owing: Owing, isOnline: boolean | null): SubCustomer {
  const state = stateOf(row.status);
  const { id, customer_code, name, phone, address } = row;
  const owes = owing.get(id);
  return {
    ...{ id, customer_code, name, phone, address, state },
    plan: line ? { id: line.plan_id, name: line.plan_name, price: Number(line.monthly_fee) } : null,
    username: line?.username ?? null,
    dot: dotOf(state, isOnline),
    open: Number(owes?.open ?? 0n),
    next_due_date: owes?.due ?? null,
    created_at: row.created_at.toISOString(),
  };
}

async function readRows(tx: Tx, counter: Counter, query: SubCustomerQuery, look: ResellerLook | null) {
  const { column, direction } = orderOf(query.sort);
  const rows = matching(tx, counter, query, look).select(columns).orderBy(`c.${column}`, direction);
  const page = await readPage(rows.orderBy('c.id', direction), query);
  const ids = page.data.map(({ id }) => id);
  const [lines, owing] = await Promise.all([linesOf(tx, counter.tenantId, ids), openOf(tx, counter, ids)]);
  return { page, linesOf: groupBy(lines, (line) => line.customer_id), owing };
}

/** A page of a reseller's customers, each with its dot: the modems of a page are looked at in one look (spec S1). */
export async function listCustomers(desk: Desk, who: Who, query: SubCustomerQuery): Promise<SubCustomerPage> {
  const { db, clock, looks } = desk;
  const { tenantId } = who;
  const { resellerId } = await db.tenant(tenantId, (tx) => openCounter(tx, who, clock()));
  const look = query.dot === undefined ? null : await looks.ofReseller(tenantId, resellerId);
  const {
    page,
    linesOf: found,
    owing,
  } = await db.tenant(tenantId, async (tx) => readRows(tx, await openCounter(tx, who, clock()), query, look));
  // Who was picked by its dot is shown with the dot that it was picked by.
  const isKept = query.dot !== undefined;
  const names = [...found.values()].flatMap((lines) => lines.map((line) => line.canonical_username));
  const online = isKept ? null : names.length === 0 ? new Set<string>() : await looks.online(tenantId, names);
  const isOnline = (id: string): boolean | null => {
    if (isKept) return look?.customers.has(id) ?? null;
    return online && (found.get(id) ?? []).some((line) => online.has(line.canonical_username));
  };
  const data = page.data.map((row) => rowView(row, found.get(row.id)?.[0], owing, isOnline(row.id)));
  return { ...page, data, sees_modems: isKept ? look !== null : online !== null };
}
