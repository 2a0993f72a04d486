import { lesser } from '#domain/money.ts';
import { ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import { type Fields, sameName } from '../client.ts';
import { type InvoiceRow, invoiceDoctype } from '../invoice.ts';
import { type ListParts, listOpen } from '../open-rows.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const byDueDate = (a: InvoiceRow, b: InvoiceRow): number =>
  a.dueDate === b.dueDate ? (a.name < b.name ? -1 : 1) : a.dueDate < b.dueDate ? -1 : 1;

/**
 * Which open bills of a customer an amount pays now, as rows of a Payment Entry: the named one first, then those that fell
 * due first, never more than is owed or there. `toNumber` writes minor units as ERPNext's amount.
 */
export async function settleOldest(
  parts: ListParts,
  money: { readonly customer: string; readonly amount: bigint; readonly invoice: string | null },
  toNumber: (minor: bigint) => number,
): Answer<readonly Fields[]> {
  const { customer, amount, invoice } = money;
  const open = await listOpen(parts, customer);
  if (!open.ok) return open;
  const isNamed = (row: InvoiceRow): boolean => invoice !== null && sameName(row.name, invoice);
  const owed = [...open.value.invoices.values()].map(({ fact }) => fact).filter((row) => row.outstanding > 0n);
  const ordered = [...owed.filter(isNamed), ...owed.filter((row) => !isNamed(row)).sort(byDueDate)];
  const rows: Fields[] = [];
  let left = amount;
  for (const { name, outstanding } of ordered) {
    if (left === 0n) break;
    const paid = lesser(outstanding, left);
    left -= paid;
    rows.push({ reference_doctype: invoiceDoctype, reference_name: name, allocated_amount: toNumber(paid) });
  }
  return ok(rows);
}
