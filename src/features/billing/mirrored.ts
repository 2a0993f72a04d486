import { type RawBuilder, type Selectable, sql } from 'kysely';
import { isTakenBackThere } from '#db/customer-account/mirrored.ts';
import type { InvoicesTable, PaymentsTable } from '#db/tables/billing.ts';

const amount = (field: 'total' | 'outstanding') => sql`abs((d.fact ->> ${sql.lit(field)})::bigint)`;
const isCredit = sql`(d.fact ->> 'isReturn')::boolean`;

/**
 * ERPNext's bills and credit notes in force, as the hub last saw them, in the form of its own (spec L1): `number` is their
 * name there, `created_at` when the hub read them. What it does not mirror is empty: lines, taxes apart, periods. A bill of
 * the hub's own making says what it is of.
 */
export const mirroredBills = (tenantId: string): RawBuilder<Selectable<InvoicesTable>> => sql<
  Selectable<InvoicesTable>
>`(
  select d.tenant_id, d.id, case when ${isCredit} then 'credit_note' else 'invoice' end as kind, 0::smallint as year,
    0 as serial, d.name as number, c.id as customer_id, coalesce(s.id, m.subscription_id) as subscription_id,
    case when ${isCredit} then 'credit' when m.ref like 'first:%' then 'first' when m.id is not null then 'change'
      else 'period' end as reason,
    a.id as against, m.period_from, m.period_to, coalesce(d.fact ->> 'issuedOn', d.fact ->> 'dueDate') as issued_on,
    d.fact ->> 'dueDate' as due_date, ${amount('total')} as net, 0::bigint as tax, ${amount('total')} as total,
    ${amount('total')} - ${amount('outstanding')} as settled, ${amount('outstanding')} as outstanding,
    coalesce(m.notes, '') as notes, null::timestamptz as cancelled_at, null::text as cancel_reason,
    null::uuid as posting_id, d.fetched_at as created_at, d.fetched_at as updated_at
  from ledger_documents d
  join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer and c.deleted_at is null
  left join subscriptions s on s.tenant_id = d.tenant_id and s.erp_subscription = d.fact ->> 'subscription'
  left join ledger_invoices m on m.tenant_id = d.tenant_id and m.erp_invoice = d.name
  left join ledger_documents a on a.tenant_id = d.tenant_id and a.doctype = d.doctype
    and a.name = d.fact ->> 'returnAgainst'
  where d.tenant_id = ${tenantId} and d.doctype = 'Sales Invoice' and not d.gone and (d.fact ->> 'submitted')::boolean)`;

/**
 * Money that ERPNext has of a tenant's customers, in the form of the hub's own: what the hub took and pushed is there once, as
 * the hub's (`reversed` where it was cancelled or deleted in ERPNext); of the rest `payment_method` is not mirrored (`other`), and the day is that of the entry in the tenant's `zone`.
 */
export const mirroredMoney = (tenantId: string, zone: string): RawBuilder<Selectable<PaymentsTable>> =>
  sql<Selectable<PaymentsTable>>`(
  select p.tenant_id, p.id, p.customer_id, p.amount, p.method,
    case when p.status = 'paid' and ${isTakenBackThere} then 'reversed' else p.status end,
    p.invoice_id, p.erp_invoice, p.due_date, p.payment_date, p.notes, p.reference, p.idem_key, p.reseller_id, p.allocated, p.refunded,
    p.unallocated, p.posting_id, p.erp_payment, p.erp_error, p.taken_by, p.reversed_at, p.reverse_reason, p.created_at,
    p.updated_at
  from payments p where p.tenant_id = ${tenantId}
  union all
  select d.tenant_id, d.id, c.id, (d.fact ->> 'amount')::bigint, 'other', 'paid', null, d.fact -> 'pays' ->> 0,
    d.fact ->> 'paidOn', (d.fact ->> 'paidOn')::timestamp at time zone ${zone}, '', null, d.name, null,
    (d.fact ->> 'amount')::bigint - (d.fact ->> 'unallocated')::bigint, 0, (d.fact ->> 'unallocated')::bigint, null, d.name,
    null, null, null, null, d.fetched_at, d.fetched_at
  from ledger_documents d
  join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer and c.deleted_at is null
  where d.tenant_id = ${tenantId} and d.doctype = 'Payment Entry' and not d.gone and (d.fact ->> 'submitted')::boolean
    and d.fact ->> 'kind' = 'receipt' and d.fact ? 'amount' and d.fact ? 'paidOn'
    and not exists (select from payments p where p.tenant_id = d.tenant_id and p.erp_payment = d.name)
    and not exists (select from payments p where p.tenant_id = d.tenant_id and p.customer_id = c.id
      and p.id::text = d.fact ->> 'ref'))`;
