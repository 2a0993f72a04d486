import { type Selectable, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type LedgerKind, ledgerKind } from '#db/ledger-kind.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { InvoicesTable, PaymentsTable } from '#db/tables/billing.ts';
import type { CustomersTable } from '#db/tables.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { mirroredBills, mirroredMoney } from './mirrored.ts';
import { dayOf, settingsOf } from './money-store.ts';
import {
  allocationsOf,
  billView,
  type InvoiceRow,
  linesOf,
  type PaymentRow,
  paymentView,
  settledWith,
} from './money-views.ts';
import type { Payment, PaymentQuery } from './payment-schema.ts';
import type { Invoice, InvoiceDetail, InvoiceQuery } from './schema.ts';

// Where lists are asked whose ledger it is: what ERPNext keeps is listed from the hub's mirror of it.

/** Refuses what the hub does in its own ledger alone; `told` says what to do instead. */
export async function demandOwnLedger(tx: Tx, tenantId: string, told: string): Promise<void> {
  if ((await ledgerKind(tx, tenantId)) === 'erpnext') throw new Refusal('CONFLICT', told, { ledger: 'erpnext' });
}

const invoiceStatus = (today: string) => sql<Invoice['status']>`case when i.cancelled_at is not null then 'cancelled'
  when i.settled = i.total then 'paid' when i.kind = 'invoice' and i.due_date < ${today} then 'overdue' else 'open' end`;

/** A demand falls overdue by itself (P20): its due date is over in the tenant's calendar. */
const paymentStatus = (today: string) => sql<Payment['status']>`case
  when p.status = 'pending' and p.due_date < ${today} then 'overdue' else p.status end`;

/** The tenant's bills, wherever they are kept, in one form. */
const invoices = (tx: Tx, tenantId: string, today: string, kind: LedgerKind) =>
  tx
    .selectFrom((kind === 'erpnext' ? mirroredBills(tenantId) : sql<Selectable<InvoicesTable>>`invoices`).as('i'))
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'i.tenant_id').onRef('c.id', '=', 'i.customer_id'),
    )
    .where('i.tenant_id', '=', tenantId)
    .selectAll('i')
    .select(['c.customer_code', 'c.name as customer_name', invoiceStatus(today).as('status')]);

/** The tenant's money, wherever it is kept. `zone`: the tenant's. */
const payments = (tx: Tx, tenantId: string, today: string, { kind, zone }: { kind: LedgerKind; zone: string }) =>
  tx
    .selectFrom((kind === 'erpnext' ? mirroredMoney(tenantId, zone) : sql<Selectable<PaymentsTable>>`payments`).as('p'))
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'p.tenant_id').onRef('c.id', '=', 'p.customer_id'),
    )
    .where('p.tenant_id', '=', tenantId)
    .selectAll('p')
    .select(['c.customer_code', 'c.name as customer_name', paymentStatus(today).as('shown_status')]);

function checkDays({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): void {
  if (from !== undefined && to !== undefined && from > to) throw invalid('to', 'must not be before `from`');
}

type Bills = SelectQueryBuilder<{ i: InvoicesTable; c: CustomersTable }, 'i' | 'c', InvoiceRow>;
type Money = SelectQueryBuilder<{ p: PaymentsTable; c: CustomersTable }, 'p' | 'c', PaymentRow>;

function filteredBills(rows: Bills, query: InvoiceQuery, today: string): Bills {
  let left = rows;
  if (query.customer_id !== undefined) left = left.where('i.customer_id', '=', query.customer_id);
  if (query.kind !== undefined) left = left.where('i.kind', '=', query.kind);
  if (query.from !== undefined) left = left.where('i.issued_on', '>=', query.from);
  if (query.to !== undefined) left = left.where('i.issued_on', '<=', query.to);
  if (query.status !== undefined) left = left.where(sql<SqlBool>`${invoiceStatus(today)} = ${query.status}`);
  if (query.search) {
    const like = likePattern(query.search);
    left = left.where((eb) => eb.or([eb('i.number', 'ilike', like), eb('c.name', 'ilike', like)]));
  }
  return left;
}

/** The bills and credit notes of the tenant's ledger, page by page: its own, or as ERPNext was last seen to have them. */
export async function listInvoices(tx: Tx, who: Who, query: InvoiceQuery, now: number): Promise<Page<Invoice>> {
  demand(who.caller, 'invoices:read');
  checkDays(query);
  const today = await dayOf(tx, who.tenantId, now);
  const { column, direction } = orderOf(query.sort);
  const kind = await ledgerKind(tx, who.tenantId);
  const rows = filteredBills(invoices(tx, who.tenantId, today, kind) as Bills, query, today)
    .orderBy(`i.${column}`, direction)
    .orderBy('i.id', direction);
  const page = await readPage(rows, query);
  return { ...page, data: page.data.map(billView) };
}

/** One bill or credit note, with its lines and what settles it; of one in ERPNext neither is mirrored. */
export async function showInvoice(tx: Tx, tenantId: string, id: string, now: number): Promise<InvoiceDetail> {
  const today = await dayOf(tx, tenantId, now);
  const kind = await ledgerKind(tx, tenantId);
  const row = await invoices(tx, tenantId, today, kind).where('i.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('invoice');
  const [lines, settled_by] = await Promise.all([linesOf(tx, tenantId, id), allocationsOf(tx, tenantId, id)]);
  return { ...billView(row), lines, settled_by };
}

export async function getInvoice(tx: Tx, who: Who, id: string, now: number): Promise<InvoiceDetail> {
  demand(who.caller, 'invoices:read');
  return showInvoice(tx, who.tenantId, id, now);
}

const paidDay = (zone: string) =>
  sql<string>`coalesce(to_char(p.payment_date at time zone ${zone}, 'YYYY-MM-DD'), p.due_date)`;

function filteredMoney(rows: Money, query: PaymentQuery, { today, zone }: { today: string; zone: string }): Money {
  let left = rows;
  if (query.customer_id !== undefined) left = left.where('p.customer_id', '=', query.customer_id);
  if (query.payment_method !== undefined) left = left.where('p.method', '=', query.payment_method);
  if (query.from !== undefined) left = left.where(paidDay(zone), '>=', query.from);
  if (query.to !== undefined) left = left.where(paidDay(zone), '<=', query.to);
  if (query.status !== undefined) left = left.where(sql<SqlBool>`${paymentStatus(today)} = ${query.status}`);
  if (query.search) {
    const like = likePattern(query.search);
    left = left.where((eb) => eb.or([eb('p.reference', 'ilike', like), eb('c.name', 'ilike', like)]));
  }
  return left;
}

/** Money received and demanded, page by page; where ERPNext is the ledger, what was entered there too. */
export async function listPayments(tx: Tx, who: Who, query: PaymentQuery, now: number): Promise<Page<Payment>> {
  demand(who.caller, 'payments:read');
  checkDays(query);
  const { time_zone: zone } = await settingsOf(tx, who.tenantId);
  const today = localDate(now, zone);
  const { column, direction } = orderOf(query.sort);
  const kind = await ledgerKind(tx, who.tenantId);
  const rows = filteredMoney(payments(tx, who.tenantId, today, { kind, zone }) as Money, query, { today, zone })
    .orderBy(`p.${column}`, direction)
    .orderBy('p.id', direction);
  const page = await readPage(rows, query);
  return { ...page, data: page.data.map(paymentView) };
}

/** One payment, with the bills that it settles. */
export async function showPayment(tx: Tx, tenantId: string, id: string, now: number): Promise<Payment> {
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const kind = await ledgerKind(tx, tenantId);
  const asked = payments(tx, tenantId, localDate(now, zone), { kind, zone });
  const row = await asked.where('p.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('payment');
  return { ...paymentView(row), settles: await settledWith(tx, tenantId, id) };
}

export async function getPayment(tx: Tx, who: Who, id: string, now: number): Promise<Payment> {
  demand(who.caller, 'payments:read');
  return showPayment(tx, who.tenantId, id, now);
}
