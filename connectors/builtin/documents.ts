import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { DocumentVersion, Invoice, LedgerSubscription, Receipt } from '#domain/facts.ts';

export type Kept<F> = { readonly version: DocumentVersion; readonly fact: F };

type MoneyRow = {
  readonly kind: 'invoice' | 'credit_note' | 'payment';
  readonly name: string;
  readonly customer: string;
  readonly subscription: string | null;
  readonly against: string | null;
  readonly due: string;
  readonly total: bigint;
  readonly outstanding: bigint;
  readonly submitted: boolean;
  readonly modified: string;
  /** What a bill's lines say, or the bills that a payment settles. */
  readonly names: readonly string[];
};

/** Which bills (`i`) and payments (`p`). */
export type Which = { readonly bills: RawBuilder<unknown>; readonly payments: RawBuilder<unknown> };

export const isOpen: Which = {
  bills: sql`i.cancelled_at is null and i.settled < i.total`,
  payments: sql`p.status = 'paid' and p.unallocated > 0`,
};
export const openOf = (customer: string): Which => ({
  bills: sql`i.customer_id::text = ${customer} and ${isOpen.bills}`,
  payments: sql`p.customer_id::text = ${customer} and ${isOpen.payments}`,
});
export const named = (name: string): Which => ({ bills: sql`i.number = ${name}`, payments: sql`p.id::text = ${name}` });

const version = (doctype: string, { name, modified }: MoneyRow): DocumentVersion => ({ doctype, name, modified });

/** A credit note is below zero, as ERPNext has it. */
function invoiceOf(row: MoneyRow): Kept<Invoice> {
  const isReturn = row.kind === 'credit_note';
  const signed = (amount: bigint): bigint => (isReturn ? -amount : amount);
  return {
    version: version('Sales Invoice', row),
    fact: {
      kind: 'invoice',
      name: row.name,
      customer: row.customer,
      subscription: row.subscription,
      submitted: row.submitted,
      isReturn,
      returnAgainst: row.against,
      dueDate: row.due,
      total: signed(row.total),
      outstanding: row.submitted ? signed(row.outstanding) : 0n,
      terms: [{ dueDate: row.due, amount: signed(row.total) }],
      items: row.names,
    },
  };
}

const receiptOf = (row: MoneyRow): Kept<Receipt> => ({
  version: version('Payment Entry', row),
  fact: {
    kind: 'receipt',
    name: row.name,
    customer: row.customer,
    submitted: row.submitted,
    unallocated: row.outstanding,
    pays: row.names,
  },
});

/** Bills and payments in one statement: money that moves between them meanwhile never looks like debt. */
export async function readMoney(tx: Tx, tenantId: string, { bills, payments }: Which) {
  const { rows } = await sql<MoneyRow>`
    select i.kind, i.number as name, i.customer_id::text as customer, i.subscription_id::text as subscription,
      a.number as against, i.due_date as due, i.total, i.outstanding, i.cancelled_at is null as submitted,
      i.updated_at::text as modified, array(select distinct description from invoice_lines l
        where l.tenant_id = i.tenant_id and l.invoice_id = i.id order by description) as names
    from invoices i left join invoices a on a.tenant_id = i.tenant_id and a.id = i.against
    where i.tenant_id = ${tenantId} and ${bills}
    union all
    select 'payment', p.id::text, p.customer_id::text, null, null, p.due_date, p.amount, p.unallocated,
      p.status = 'paid', p.updated_at::text, array(select b.number from allocations s
        join invoices b on b.tenant_id = s.tenant_id and b.id = s.invoice_id
        where s.tenant_id = p.tenant_id and s.payment_id = p.id order by b.number)
    from payments p where p.tenant_id = ${tenantId} and p.posting_id is not null and ${payments}`.execute(tx);
  return {
    invoices: rows.filter(({ kind }) => kind !== 'payment').map(invoiceOf),
    receipts: rows.filter(({ kind }) => kind === 'payment').map(receiptOf),
  };
}

/** Lines as subscriptions: all that have not ended, or the one of this id. */
export async function readLines(tx: Tx, tenantId: string, id: string | null): Promise<Kept<LedgerSubscription>[]> {
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .$if(id === null, (query) => query.where('terminated_at', 'is', null))
    .$if(id !== null, (query) => query.where(sql<boolean>`id::text = ${id}`))
    .selectAll()
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    version: { doctype: 'Subscription', name: row.id, modified: row.updated_at.toISOString() },
    fact: {
      kind: 'subscription',
      name: row.id,
      customer: row.customer_id,
      cancelled: row.terminated_at !== null,
      plans: [row.service_plan_id],
      billingMode: row.billing_mode,
      dueDay: row.due_day,
      username: row.username,
    },
  }));
}
