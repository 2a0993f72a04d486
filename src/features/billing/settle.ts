import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import { type Allocation, allocate } from '#domain/allocation.ts';
import { groupBy } from '#domain/group-by.ts';
import { appendCommission } from '#outbox/append-commission.ts';
import { freeMoney, openBills } from './open-money.ts';

const settledBy = (made: readonly Allocation[]): bigint => made.reduce((sum, { amount }) => sum + amount, 0n);

const sums = (made: readonly Allocation[], idOf: (one: Allocation) => string): string =>
  JSON.stringify(
    [...groupBy(made, idOf)].map(([id, some]) => ({
      id,
      amount: settledBy(some).toString(),
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
  const money = await freeMoney(tx, tenantId, [...new Set(customerIds)]);
  if (money.size === 0) return;
  const paid = [...money.values()].flat().filter(({ kind }) => kind === 'payment');
  const [bills] = await Promise.all([
    openBills(tx, tenantId, [...money.keys()]),
    appendCommission(
      tx,
      tenantId,
      paid.map(({ id }) => id),
    ),
  ]);
  const made = [...money].flatMap(([id, free]) => allocate(bills.get(id) ?? [], free));
  await saveAllocations(tx, tenantId, made);
}

/**
 * Writes what was put against what. Begun together, these run in this order: what is settled is known before demands for
 * it end. `isCounted`: of a payment that is written with what it settles.
 */
export async function saveAllocations(
  tx: Tx,
  tenantId: string,
  made: readonly Allocation[],
  isCounted: (paymentId: string) => boolean = () => false,
): Promise<void> {
  if (made.length === 0) return;
  const paid = made.filter(({ money }) => money.kind === 'payment' && !isCounted(money.id));
  const noted = made.filter(({ money }) => money.kind !== 'payment');
  const rows = made.map(({ bill, money, amount }) => ({
    tenant_id: tenantId,
    invoice_id: bill.id,
    amount,
    payment_id: money.kind === 'payment' ? money.id : null,
    credit_note_id: money.kind === 'payment' ? null : money.id,
  }));
  const billOf = ({ bill }: Allocation): string => bill.id;
  const moneyOf = ({ money }: Allocation): string => money.id;
  const whole = [...groupBy(made, billOf)].filter(([, some]) => settledBy(some) === some[0]?.bill.outstanding);
  await Promise.all([
    insertRows(tx, 'allocations', rows),
    addToInvoices(tx, tenantId, sums(made, billOf)),
    noted.length > 0 ? addToInvoices(tx, tenantId, sums(noted, moneyOf)) : null,
    paid.length > 0 ? addToPayments(tx, tenantId, sums(paid, moneyOf)) : null,
    whole.length > 0
      ? endDemands(
          tx,
          tenantId,
          whole.map(([id]) => id),
        )
      : null,
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
