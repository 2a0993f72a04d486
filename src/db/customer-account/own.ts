import { type RawBuilder, sql } from 'kysely';
import type { AccountEntry } from './customer-account.ts';

/** What the hub's own books say of customers' accounts (law 11). */
export const ownAccount = (tenantId: string): RawBuilder<AccountEntry> => sql<AccountEntry>`(
  select e.customer_id, p.posted_on as "on", p.kind, coalesce(o.kind, p.kind) as what, p.reverses is not null as is_back,
    i.number, m.reference, m.id as payment_id, p.source_id, e.amount, coalesce(i.due_date, p.posted_on) as due,
    coalesce(o.posted_on, r.posted_on) as paired_on, false as on_its_way, 0 as rank, p.posted_at as at, p.id::text as id, e.no
  from entries e
  join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
  left join postings o on o.tenant_id = p.tenant_id and o.id = p.reverses
  left join postings r on r.tenant_id = p.tenant_id and r.reverses = p.id
  left join invoices i on i.tenant_id = p.tenant_id and i.id = p.source_id
  left join payments m on m.tenant_id = p.tenant_id and m.id = p.source_id
  where e.tenant_id = ${tenantId} and e.account = 'receivable')`;
