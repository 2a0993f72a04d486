import { sql } from 'kysely';
import { type AccountEntry, accountOf, inOrder } from '#db/customer-account/customer-account.ts';
import type { Tx } from '#db/database.ts';
import { depositMovesOf } from '#db/deposit-moves.ts';

/** Whose papers somebody may print: a tenant's, of a reseller its own customers' only (spec I3). */
export type Sight = { readonly tenantId: string; readonly resellerId: string | null };

export const resellerOfId = (tx: Tx, tenantId: string, id: string) =>
  tx.selectFrom('resellers').where('tenant_id', '=', tenantId).where('id', '=', id).select('name').executeTakeFirst();

/** What a deposit held before a moment. */
export async function depositBefore(tx: Tx, tenantId: string, resellerId: string, at: Date): Promise<bigint> {
  const row = await tx
    .selectFrom('deposit_moves')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('moved_at', '<', at)
    .orderBy('no', 'desc')
    .select('balance')
    .executeTakeFirst();
  return row?.balance ?? 0n;
}

/** A deposit's moves from one moment until before another, in order; one more than may be printed. */
export const depositMoves = (tx: Tx, tenantId: string, resellerId: string, from: Date, until: Date) =>
  depositMovesOf(tx, tenantId, resellerId)
    .where('m.moved_at', '>=', from)
    .where('m.moved_at', '<', until)
    .select(['m.kind', 'm.amount', 'm.balance', 'm.moved_at'])
    .orderBy('m.no')
    .limit(mostRows + 1)
    .execute();

export const tenantOf = (tx: Tx, tenantId: string) =>
  tx.selectFrom('tenants').where('id', '=', tenantId).select(['name', 'settings']).executeTakeFirstOrThrow();

export const customerOf = (tx: Tx, { tenantId, resellerId }: Sight, id: string) =>
  tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .$if(resellerId !== null, (query) => query.where('reseller_id', '=', resellerId))
    .select(['id', 'name', 'customer_code', 'address'])
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
    select sum(amount)::bigint as sum from ${await accountOf(tx, tenantId)} a
    where customer_id = ${customerId} and "on" < ${day}`.execute(tx);
  return rows[0]?.sum ?? 0n;
}

type AccountRow = Pick<AccountEntry, 'on' | 'what' | 'is_back' | 'number' | 'payment_id' | 'amount' | 'on_its_way'>;

/** What was posted to a customer's own account from one day to another, in order; one more than may be printed. */
export async function accountRows(tx: Tx, tenantId: string, customerId: string, from: string, to: string) {
  const { rows } = await sql<AccountRow>`
    select "on", what, is_back, number, payment_id, amount, on_its_way from ${await accountOf(tx, tenantId)} a
    where customer_id = ${customerId} and "on" between ${from} and ${to}
    order by ${inOrder} limit ${mostRows + 1}`.execute(tx);
  return rows;
}
