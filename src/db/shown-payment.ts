import { sql } from 'kysely';

/**
 * Whether ERPNext has the payment `p`, and shows it: the hub has looked at it there since, or has read the customer after it
 * was pushed. From then on ERPNext's word counts, whatever it says; a draft that was seen before it was submitted says
 * nothing.
 */
export const isShownPayment = sql<boolean>`p.erp_payment is not null and (
  exists (select from ledger_documents d
    where d.tenant_id = p.tenant_id and d.doctype = 'Payment Entry' and d.name = p.erp_payment
      and (d.gone or (d.fact ->> 'submitted')::boolean or d.fetched_at > p.updated_at))
  or exists (select from ledger_readings r, customers c
    where c.tenant_id = p.tenant_id and c.id = p.customer_id and r.tenant_id = p.tenant_id
      and r.customer in ('', c.erp_customer) and r.started_at > p.updated_at))`;
