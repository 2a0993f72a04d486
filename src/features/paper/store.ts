import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';

/** Whose papers somebody may print: a tenant's, of a reseller its own customers' only (spec I3). */
export type Sight = { readonly tenantId: string; readonly resellerId: string | null };

export const tenantOf = (tx: Tx, tenantId: string) =>
  tx.selectFrom('tenants').where('id', '=', tenantId).select(['name', 'settings']).executeTakeFirstOrThrow();

export const customerOf = (tx: Tx, { tenantId, resellerId }: Sight, id: string) =>
  tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .$if(resellerId !== null, (query) => query.where('reseller_id', '=', resellerId))
    .select(['id', 'name', 'customer_code', 'address', 'erp_customer'])
    .executeTakeFirst();

const ofCustomer = ['c.name', 'c.customer_code', 'c.address'] as const;

export const invoiceOf = (tx: Tx, { tenantId, resellerId }: Sight, id: string) =>
  tx
    .selectFrom('invoices as i')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'i.tenant_id').onRef('c.id', '=', 'i.customer_id'),
    )
    .leftJoin('invoices as a', (join) => join.onRef('a.tenant_id', '=', 'i.tenant_id').onRef('a.id', '=', 'i.against'))
    .where('i.tenant_id', '=', tenantId)
    .where('i.id', '=', id)
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .select([
      'i.kind',
      'i.number',
      'a.number as against',
      'i.issued_on',
      'i.due_date',
      'i.period_from',
      'i.period_to',
      'i.net',
      'i.total',
      'i.settled',
      'i.cancelled_at',
      'i.notes',
      ...ofCustomer,
    ])
    .executeTakeFirst();
export type InvoiceRow = NonNullable<Awaited<ReturnType<typeof invoiceOf>>>;

export const linesOf = (tx: Tx, tenantId: string, invoiceId: string) =>
  tx
    .selectFrom('invoice_lines')
    .where('tenant_id', '=', tenantId)
    .where('invoice_id', '=', invoiceId)
    .select(['description', 'quantity', 'unit_price', 'net', 'tax', 'tax_rate_bp', 'tax_base'])
    .orderBy('no')
    .execute();
export type LineRow = Awaited<ReturnType<typeof linesOf>>[number];

export const paymentOf = (tx: Tx, { tenantId, resellerId }: Sight, id: string) =>
  tx
    .selectFrom('payments as p')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'p.tenant_id').onRef('c.id', '=', 'p.customer_id'),
    )
    .where('p.tenant_id', '=', tenantId)
    .where('p.id', '=', id)
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .select([
      'p.id',
      'p.amount',
      'p.method',
      'p.status',
      'p.payment_date',
      'p.reference',
      'p.refunded',
      'p.unallocated',
      'p.erp_invoice',
      'p.notes',
      ...ofCustomer,
    ])
    .executeTakeFirst();

/** Which bills a payment settles, and how much of each. */
export const settledBy = (tx: Tx, tenantId: string, paymentId: string) =>
  tx
    .selectFrom('allocations as a')
    .innerJoin('invoices as i', (join) =>
      join.onRef('i.tenant_id', '=', 'a.tenant_id').onRef('i.id', '=', 'a.invoice_id'),
    )
    .where('a.tenant_id', '=', tenantId)
    .where('a.payment_id', '=', paymentId)
    .select(['i.number', 'a.amount'])
    .orderBy('i.issued_on')
    .orderBy('i.number')
    .execute();

/** More rows than these are for an export, not for paper. */
export const mostRows = 2_000;

/** What is owed before a day: the sum of the customer's own account until then. */
export async function balanceBefore(tx: Tx, tenantId: string, customerId: string, day: string): Promise<bigint> {
  const { rows } = await sql<{ sum: bigint | null }>`
    select sum(e.amount)::bigint as sum from entries e
    join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    where e.tenant_id = ${tenantId} and e.customer_id = ${customerId} and e.account = 'receivable'
      and p.posted_on < ${day}`.execute(tx);
  return rows[0]?.sum ?? 0n;
}

export type AccountRow = {
  readonly on: string;
  readonly what: string;
  readonly is_back: boolean;
  readonly number: string | null;
  readonly payment_id: string | null;
  readonly amount: bigint;
};

/** What was posted to a customer's own account from one day to another, in order; one more than may be printed. */
export async function accountRows(tx: Tx, tenantId: string, customerId: string, from: string, to: string) {
  const { rows } = await sql<AccountRow>`
    select p.posted_on as on, coalesce(r.kind, p.kind) as what, p.reverses is not null as is_back,
      i.number, m.id as payment_id, e.amount
    from entries e join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    left join postings r on r.tenant_id = p.tenant_id and r.id = p.reverses
    left join invoices i on i.tenant_id = p.tenant_id and i.id = p.source_id
    left join payments m on m.tenant_id = p.tenant_id and m.id = p.source_id
    where e.tenant_id = ${tenantId} and e.customer_id = ${customerId} and e.account = 'receivable'
      and p.posted_on between ${from} and ${to}
    order by p.posted_on, p.posted_at, p.id, e.no limit ${mostRows + 1}`.execute(tx);
  return rows;
}

/** What ERPNext said of a customer's open bills and of money that settles none yet. */
export async function openElsewhere(tx: Tx, tenantId: string, erpCustomer: string) {
  const rows = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('customer', '=', erpCustomer)
    .where('gone', '=', false)
    .where('fact', 'is not', null)
    .select('fact')
    .execute();
  const facts = rows.map(({ fact }) => decodeFact(fact));
  return {
    bills: facts.filter((fact): fact is Invoice => fact.kind === 'invoice' && fact.submitted),
    receipts: facts.filter((fact): fact is Receipt => fact.kind === 'receipt' && fact.submitted),
  };
}
