import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type OpenBill, openBills } from '#db/open-bills.ts';
import type { Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { type Counter, idsOfCustomers, openCounter } from './desk.ts';
import type { Bill, BillQuery } from './schema.ts';

type Row = OpenBill & { readonly customer_code: string; readonly name: string };
type Counted = Row & { readonly bills: bigint; readonly open: bigint };

const billView = (row: Row, today: string): Bill => ({
  invoice_id: row.invoice_id,
  erp_invoice: row.erp_invoice,
  number: row.number,
  customer: { id: row.customer_id, customer_code: row.customer_code, name: row.name },
  issued_on: row.issued_on,
  due_date: row.due_date,
  is_overdue: row.due_date < today,
  total: Number(row.total),
  outstanding: Number(row.outstanding),
});

async function checkCustomer(tx: Tx, { tenantId, resellerId }: Counter, id: string): Promise<void> {
  const found = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select('id')
    .executeTakeFirst();
  if (!found) throw notFound('customer');
}

/** What a reseller's customers have to pay, in whichever ledger, the oldest first. `now` in ms since 1970. */
export async function listBills(tx: Tx, who: Who, { customer_id, page, page_size }: BillQuery, now: number) {
  const counter = await openCounter(tx, who, now);
  const { tenantId, kind, today } = counter;
  if (customer_id !== undefined) await checkCustomer(tx, counter, customer_id);
  const whose = customer_id === undefined ? idsOfCustomers(counter) : sql`select ${customer_id}::uuid`;
  const all = sql`with o as materialized (${openBills(tenantId, kind, whose)})`;
  const { rows } = await sql<Counted>`${all}
    select o.*, c.customer_code, c.name, count(*) over () as bills, (sum(o.outstanding) over ())::bigint as open
    from o join customers c on c.tenant_id = ${tenantId} and c.id = o.customer_id
    order by o.due_date, o.number, o.customer_id limit ${page_size} offset ${(page - 1) * page_size}`.execute(tx);
  // A page beyond the last one has no row that could tell.
  const [first] = rows.length > 0 || page === 1 ? rows : (await wholeOf(tx, all)).rows;
  const [total, open] = [Number(first?.bills ?? 0), Number(first?.open ?? 0)];
  return { data: rows.map((row) => billView(row, today)), page, page_size, total, open };
}

const wholeOf = (tx: Tx, all: ReturnType<typeof sql>) =>
  sql<Pick<Counted, 'bills' | 'open'>>`${all}
    select count(*) as bills, coalesce(sum(outstanding), 0)::bigint as open from o`.execute(tx);

/** What is open of each of these customers, and since when it is due; who owes nothing is left out. */
export async function openOf(tx: Tx, { tenantId, kind }: Counter, ids: readonly string[]) {
  const { rows } = await sql<{ customer_id: string; open: bigint; due: string }>`
    select customer_id, sum(outstanding)::bigint as open, min(due_date) as due
    from (${openBills(tenantId, kind, sql`select unnest(${[...ids]}::uuid[])`)}) o group by customer_id`.execute(tx);
  return new Map(rows.map((row) => [row.customer_id, { open: row.open, due: row.due }]));
}
