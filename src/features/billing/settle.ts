import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
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
 * everything that bills or pays, under the customers' locks.
 */
export async function settleCustomers(tx: Tx, tenantId: string, customerIds: readonly string[]): Promise<void> {
  const ids = [...new Set(customerIds)];
  const money = await freeMoney(tx, tenantId, ids);
  if (money.rows.length === 0) return;
  await appendCommission(
    tx,
    tenantId,
    money.rows.filter(({ kind }) => kind === 'payment').map(({ id }) => id),
  );
  const bills = await openBills(tx, tenantId, [...new Set(money.rows.map(({ customer }) => customer))]);
  const billsOf = groupBy(bills.rows, ({ customer }) => customer);
  const moneyOf = groupBy(money.rows, ({ customer }) => customer);
  const made = ids.flatMap((id) => allocate(billsOf.get(id) ?? [], moneyOf.get(id) ?? []));
  if (made.length === 0) return;
  const isPayment = ({ money: from }: Allocation): boolean => from.kind === 'payment';
  const notes = made.filter((one) => !isPayment(one));
  const rows = made.map(({ bill, money: from, amount }) => ({
    tenant_id: tenantId,
    invoice_id: bill,
    amount,
    ...(from.kind === 'payment' ? { payment_id: from.id } : { credit_note_id: from.id }),
  }));
  const billIds = [...new Set(made.map(({ bill }) => bill))];
  await tx.insertInto('allocations').values(rows).execute();
  await addToInvoices(
    tx,
    tenantId,
    sums(made, ({ bill }) => bill),
  );
  await addToInvoices(
    tx,
    tenantId,
    sums(notes, ({ money: from }) => from.id),
  );
  await addToPayments(
    tx,
    tenantId,
    sums(made.filter(isPayment), ({ money: from }) => from.id),
  );
  await endDemands(tx, tenantId, billIds);
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
