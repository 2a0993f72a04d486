import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import { type Allocation, allocate, type FreeMoney, type OpenBill } from '#domain/allocation.ts';
import { groupBy } from '#domain/group-by.ts';
import { appendCommission } from '#outbox/append-commission.ts';

type BillRow = OpenBill & { readonly customer: string };
type MoneyRow = FreeMoney & { readonly customer: string };

const openBills = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  sql<BillRow>`
    select customer_id as customer, id, number, due_date as "dueDate", outstanding from invoices
    where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and kind = 'invoice' and cancelled_at is null
      and settled < total`.execute(tx);

/** The oldest first. */
const freeMoney = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  sql<MoneyRow>`
    select customer_id as customer, id, 'credit_note' as kind, outstanding as free, against, created_at as at
    from invoices where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and kind = 'credit_note'
      and cancelled_at is null and settled < total
    union all
    select customer_id, id, 'payment', unallocated, invoice_id, payment_date from payments
    where tenant_id = ${tenantId} and customer_id = any(${ids}::uuid[]) and status = 'paid' and unallocated > 0
      and posting_id is not null
    order by at, id`.execute(tx);

const sums = (made: readonly Allocation[], idOf: (one: Allocation) => string): string =>
  JSON.stringify(
    [...groupBy(made, idOf)].map(([id, some]) => ({
      id,
      amount: some.reduce((sum, one) => sum + one.amount, 0n).toString(),
    })),
  );

/** What was allocated to bills, and of credit notes; they share a table. */
const addToInvoices = (tx: Tx, tenantId: string, added: string) =>
  sql`
    update invoices i set settled = i.settled + d.amount, updated_at = now()
    from jsonb_to_recordset(${added}::jsonb) as d (id uuid, amount bigint)
    where i.tenant_id = ${tenantId} and i.id = d.id`.execute(tx);

const addToPayments = (tx: Tx, tenantId: string, added: string) =>
  sql`
    update payments p set allocated = p.allocated + d.amount, updated_at = now()
    from jsonb_to_recordset(${added}::jsonb) as d (id uuid, amount bigint)
    where p.tenant_id = ${tenantId} and p.id = d.id`.execute(tx);

/** A demand whose bill was paid otherwise demands nothing any more. */
export const endDemands = (tx: Tx, tenantId: string, billIds: readonly string[]) =>
  sql`
    update payments p set status = 'cancelled', updated_at = now() from invoices i
    where p.tenant_id = ${tenantId} and p.status = 'pending' and p.invoice_id = any(${billIds}::uuid[])
      and i.tenant_id = p.tenant_id and i.id = p.invoice_id and i.settled = i.total`.execute(tx);

/**
 * Puts whatever money and credit of these customers is free against their open bills, as `allocate` says; called after
 * everything that bills or pays, under the customers' locks. `correlationOf`: of a customer, where each has its own.
 */
export async function settleCustomers(
  tx: Tx,
  tenantId: string,
  customerIds: readonly string[],
  correlationOf?: (customerId: string) => string,
): Promise<void> {
  const ids = [...new Set(customerIds)];
  const money = await freeMoney(tx, tenantId, ids);
  if (money.rows.length === 0) return;
  const paid = money.rows.filter(({ kind }) => kind === 'payment').map(({ id }) => id);
  const [bills] = await Promise.all([
    openBills(tx, tenantId, [...new Set(money.rows.map(({ customer }) => customer))]),
    appendCommission(tx, tenantId, paid, correlationOf),
  ]);
  const billsOf = groupBy(bills.rows, ({ customer }) => customer);
  const moneyOf = groupBy(money.rows, ({ customer }) => customer);
  const made = ids.flatMap((id) => allocate(billsOf.get(id) ?? [], moneyOf.get(id) ?? []));
  if (made.length > 0) await saveAllocations(tx, tenantId, made);
}

/** Begun together, these run in this order: what is settled is known before demands for it end. */
async function saveAllocations(tx: Tx, tenantId: string, made: readonly Allocation[]): Promise<void> {
  const paid = made.filter(({ money }) => money.kind === 'payment');
  const noted = made.filter(({ money }) => money.kind !== 'payment');
  const rows = made.map(({ bill, money, amount }) => ({
    tenant_id: tenantId,
    invoice_id: bill,
    amount,
    payment_id: money.kind === 'payment' ? money.id : null,
    credit_note_id: money.kind === 'payment' ? null : money.id,
  }));
  const billOf = ({ bill }: Allocation): string => bill;
  const moneyOf = ({ money }: Allocation): string => money.id;
  await Promise.all([
    insertRows(tx, 'allocations', rows),
    addToInvoices(tx, tenantId, sums(made, billOf)),
    noted.length > 0 ? addToInvoices(tx, tenantId, sums(noted, moneyOf)) : null,
    paid.length > 0 ? addToPayments(tx, tenantId, sums(paid, moneyOf)) : null,
    endDemands(tx, tenantId, [...new Set(made.map(billOf))]),
  ]);
}

type TakenBack = 'payment_id' | 'credit_note_id' | 'invoice_id';

/** Takes back all that one payment, credit note or bill has to do with others: both sides are as if it never was. */
export async function unsettle(tx: Tx, tenantId: string, side: TakenBack, id: string): Promise<void> {
  const { rows } = await sql<{
    readonly invoice_id: string;
    readonly payment_id: string | null;
    readonly credit_note_id: string | null;
    readonly amount: bigint;
  }>`
    delete from allocations where tenant_id = ${tenantId} and ${sql.ref(side)} = ${id}
    returning invoice_id, payment_id, credit_note_id, amount`.execute(tx);
  const lowered = (idOf: (row: (typeof rows)[number]) => string | null): string =>
    JSON.stringify(
      [...groupBy(rows, idOf)]
        .filter(([of]) => of !== null)
        .map(([of, some]) => ({ id: of, amount: (-some.reduce((sum, row) => sum + row.amount, 0n)).toString() })),
    );
  if (rows.length === 0) return;
  await appendCommission(
    tx,
    tenantId,
    rows.flatMap(({ payment_id }) => payment_id ?? []),
  );
  await addToInvoices(
    tx,
    tenantId,
    lowered((row) => row.invoice_id),
  );
  await addToInvoices(
    tx,
    tenantId,
    lowered((row) => row.credit_note_id),
  );
  await addToPayments(
    tx,
    tenantId,
    lowered((row) => row.payment_id),
  );
}
