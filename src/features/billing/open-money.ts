import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { FreeMoney, OpenBill } from '#domain/allocation.ts';
import { groupBy } from '#domain/group-by.ts';

type Of<T> = T & { readonly customer: string };
type ByCustomer<T> = ReadonlyMap<string, readonly T[]>;

const byCustomer = <T extends { readonly customer: string }>(rows: readonly T[]): ByCustomer<T> =>
  groupBy(rows, ({ customer }) => customer);

/** Bills of these customers with something open, by customer; under their locks it stays so until the commit. */
export async function openBills(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ByCustomer<OpenBill>> {
  const { rows } = await sql<Of<OpenBill>>`
    select customer_id as customer, id, number, due_date as "dueDate", outstanding from invoices
    where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and kind = 'invoice' and cancelled_at is null
      and settled < total`.execute(tx);
  return byCustomer(rows);
}

/** What could settle bills of these customers, by customer, the oldest first. */
export async function freeMoney(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ByCustomer<FreeMoney>> {
  const { rows } = await sql<Of<FreeMoney>>`
    select customer_id as customer, id, 'credit_note' as kind, outstanding as free, against, created_at as at
    from invoices where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and kind = 'credit_note'
      and cancelled_at is null and settled < total
    union all
    select customer_id, id, 'payment', unallocated, invoice_id, payment_date from payments
    where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and status = 'paid' and unallocated > 0
      and posting_id is not null
    order by at, id`.execute(tx);
  return byCustomer(rows);
}
