import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { isShownPayment } from '#db/shown-payment.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';

type Row = {
  readonly customer: string;
  readonly kind: 'invoice' | 'credit_note' | 'payment' | 'unshown';
  readonly name: string;
  readonly subscription: string | null;
  readonly against: string | null;
  readonly due: string;
  readonly issued: string;
  readonly total: bigint;
  readonly outstanding: bigint;
};

/** What the hub itself keeps of a customer's money. */
export type OwnLedger = {
  readonly invoices: Invoice[];
  readonly receipts: Receipt[];
  /** It has bills or money in the hub's own books: not only payments that are on their way to another ledger. */
  isKept: boolean;
};

/** Bills with something open, money with something left; paid bills only of lines that wait for a first payment. */
const kept = (tenantId: string, ids: readonly string[], customers: RawBuilder<unknown>) => sql<Row>`
  select i.customer_id as customer, i.kind, i.number as name, coalesce(s.erp_subscription, s.id::text) as subscription,
    a.number as against, i.issued_on as issued, i.due_date as due, i.total, i.outstanding
  from invoices i
  left join subscriptions s on s.tenant_id = i.tenant_id and s.id = i.subscription_id
  left join invoices a on a.tenant_id = i.tenant_id and a.id = i.against
  where i.tenant_id = ${tenantId} and i.customer_id in (${customers}) and i.cancelled_at is null and i.settled < i.total
  union all
  select i.customer_id, i.kind, i.number, coalesce(s.erp_subscription, s.id::text), null, i.issued_on, i.due_date, i.total, 0
  from subscriptions s
  join invoices i on i.tenant_id = s.tenant_id and i.customer_id = s.customer_id and i.subscription_id = s.id
  where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[]) and s.billing_mode = 'prepaid'
    and s.activated_at is null and i.kind = 'invoice' and i.cancelled_at is null and i.settled = i.total
  union all
  select p.customer_id, case when p.posting_id is null then 'unshown' else 'payment' end, p.id::text, null, null,
    p.due_date, p.due_date, p.amount, p.unallocated
  from payments p
  where p.tenant_id = ${tenantId} and p.customer_id in (${customers}) and p.status = 'paid' and p.unallocated > 0
    and (p.posting_id is not null or not (${isShownPayment}))`;

function addTo(own: OwnLedger, row: Row): void {
  const { kind, name, customer, outstanding, total } = row;
  if (kind === 'payment' || kind === 'unshown') {
    own.receipts.push({ kind: 'receipt', name, customer, submitted: true, unallocated: outstanding, pays: [] });
    return;
  }
  const isReturn = kind === 'credit_note';
  own.invoices.push({
    kind: 'invoice',
    name,
    customer,
    subscription: row.subscription,
    submitted: true,
    isReturn,
    returnAgainst: row.against,
    issuedOn: row.issued,
    dueDate: row.due,
    total: isReturn ? -total : total,
    outstanding: isReturn ? -outstanding : outstanding,
    terms: [{ dueDate: row.due, amount: isReturn ? -total : total }],
    items: [],
  });
}

/**
 * What the hub's own ledger says of the customers of the lines `ids`, by customer: read in the decision's transaction, so
 * it is as fresh as evidence can be. And payments that the hub took for a ledger elsewhere which does not show them yet:
 * they count once, here, and nobody is cut who has paid.
 */
export async function loadOwnLedger(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  customers: RawBuilder<unknown>,
): Promise<ReadonlyMap<string, OwnLedger>> {
  const { rows } = await kept(tenantId, ids, customers).execute(tx);
  const found = new Map<string, OwnLedger>();
  for (const row of rows) {
    const own = found.get(row.customer) ?? { invoices: [], receipts: [], isKept: false };
    if (row.kind !== 'unshown') own.isKept = true;
    found.set(row.customer, own);
    addTo(own, row);
  }
  return found;
}
