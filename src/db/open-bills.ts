import { type RawBuilder, sql } from 'kysely';
import type { LedgerKind } from '#db/ledger-kind.ts';
import { isShownPayment } from '#db/shown-payment.ts';

/** A bill with something left to pay, of whichever ledger; amounts in minor units. */
export type OpenBill = {
  readonly customer_id: string;
  /** In the hub's own ledger. */
  readonly invoice_id: string | null;
  /** In ERPNext. */
  readonly erp_invoice: string | null;
  readonly number: string;
  readonly issued_on: string | null;
  readonly due_date: string;
  readonly total: bigint;
  readonly outstanding: bigint;
};

const own = (tenantId: string, customers: RawBuilder<unknown>) => sql<OpenBill>`
  select i.customer_id, i.id as invoice_id, null::text as erp_invoice, i.number, i.issued_on, i.due_date, i.total,
    i.outstanding
  from invoices i
  where i.tenant_id = ${tenantId} and i.customer_id in (${customers}) and i.kind = 'invoice' and i.cancelled_at is null
    and i.settled < i.total`;

/** Less what the hub took for the bill and ERPNext does not show yet: nobody is asked to pay it twice. */
const mirrored = (tenantId: string, customers: RawBuilder<unknown>) => sql<OpenBill>`
  select * from (
    select k.id as customer_id, null::uuid as invoice_id, b.name as erp_invoice, b.name as number,
      b.fact ->> 'issuedOn' as issued_on, b.fact ->> 'dueDate' as due_date, (b.fact ->> 'total')::bigint as total,
      (b.fact ->> 'outstanding')::bigint - coalesce((
        select sum(p.amount) from payments p
        where p.tenant_id = k.tenant_id and p.customer_id = k.id and p.erp_invoice = b.name and p.status = 'paid'
          and p.posting_id is null and not (${isShownPayment})), 0)::bigint as outstanding
    from customers k
    join ledger_documents b on b.tenant_id = k.tenant_id and b.customer = k.erp_customer
    where k.tenant_id = ${tenantId} and k.id in (${customers}) and b.doctype = 'Sales Invoice' and not b.gone
      and (b.fact ->> 'submitted')::boolean and not (b.fact ->> 'isReturn')::boolean
      and (b.fact ->> 'outstanding')::bigint > 0) m
  where m.outstanding > 0`;

/** The open bills of the customers whose ids `customers` selects, in the ledger that counts, as a query. */
export const openBills = (tenantId: string, kind: LedgerKind, customers: RawBuilder<unknown>): RawBuilder<OpenBill> =>
  kind === 'erpnext' ? mirrored(tenantId, customers) : own(tenantId, customers);
