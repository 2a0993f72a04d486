import type { TestBridge } from '#test/setup/bridge.ts';

/** Each asks for what must never be: every row that comes back is a violation. */
const questions: Readonly<Record<string, string>> = {
  'a posting that does not balance': `
    select posting_id::text as what from entries where tenant_id = $1 group by posting_id having sum(amount) <> 0`,
  'a posting without entries': `
    select id::text as what from postings p where tenant_id = $1
      and not exists (select from entries e where e.tenant_id = p.tenant_id and e.posting_id = p.id)`,
  'a bill that is settled by something else than its allocations': `
    select number as what from invoices i where tenant_id = $1 and settled <> coalesce((select sum(amount)
      from allocations a where a.tenant_id = i.tenant_id and (a.invoice_id = i.id or a.credit_note_id = i.id)), 0)`,
  'a payment that is allocated to something else than its allocations': `
    select id::text as what from payments p where tenant_id = $1 and allocated <> coalesce((select sum(amount)
      from allocations a where a.tenant_id = p.tenant_id and a.payment_id = p.id), 0)`,
  'a payment of which more or less was paid back than its refunds say': `
    select id::text as what from payments p where tenant_id = $1 and refunded <> coalesce((select sum(amount)
      from refunds r where r.tenant_id = p.tenant_id and r.payment_id = p.id), 0)`,
  'a customer who owes something else in the books than by the documents': `
    select c.id::text as what from customers c where tenant_id = $1
      and coalesce((select sum(amount) from entries e
        where e.tenant_id = c.tenant_id and e.customer_id = c.id and e.account = 'receivable'), 0)
      <> coalesce((select sum(case kind when 'invoice' then total else -total end) from invoices i
        where i.tenant_id = c.tenant_id and i.customer_id = c.id and cancelled_at is null), 0)
      - coalesce((select sum(amount - refunded) from payments p
        where p.tenant_id = c.tenant_id and p.customer_id = c.id and status = 'paid'), 0)`,
  'money that is free beside an open bill': `
    select p.id::text as what from payments p join invoices i on i.tenant_id = p.tenant_id
      and i.customer_id = p.customer_id and i.kind = 'invoice' and i.cancelled_at is null and i.settled < i.total
      where p.tenant_id = $1 and p.unallocated > 0`,
  'a number that is missing or stands twice': `
    select kind || ' ' || year as what from invoices where tenant_id = $1
      group by kind, year having count(*) <> max(serial) or count(distinct serial) <> count(*) or min(serial) <> 1`,
};

/** What is wrong with a tenant's books; nothing, if they are what documents and allocations say. */
export async function booksFindings(look: TestBridge['look'], tenantId: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, question] of Object.entries(questions)) {
    for (const { what } of await look<{ what: string }>(question, [tenantId])) found.push(`${name}: ${what}`);
  }
  return found;
}
