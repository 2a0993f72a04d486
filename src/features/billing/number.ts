import type { Tx } from '#db/database.ts';
import { takeNumbers } from '#db/take-number.ts';
import type { LocalDate } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';

export type BillKind = 'invoice' | 'credit_note';
export type BillNumber = { readonly year: number; readonly serial: number; readonly number: string };

const letters: Readonly<Record<BillKind, string>> = { invoice: 'INV', credit_note: 'CN' };

/** `INV-2026-000001`. */
const billNumber = (kind: BillKind, year: number, serial: number): string =>
  `${letters[kind]}-${year}-${String(serial).padStart(6, '0')}`;

/** The series that bills of a kind and year are numbered in (table `counters`). */
const billSeries = (kind: BillKind, year: number): string => `${kind} ${year}`;

/**
 * The next numbers, one per date of issue and in their order, without gaps per tenant, kind and year (spec L2). The
 * counter is locked until the transaction ends, so numbers are taken as late as may be.
 */
export async function takeBillNumbers(
  tx: Tx,
  tenantId: string,
  kind: BillKind,
  issuedOn: readonly LocalDate[],
): Promise<readonly BillNumber[]> {
  const numbers: BillNumber[] = [];
  const indices = issuedOn.map((day, i) => ({ year: Number(day.slice(0, 4)), i }));
  const years = [...groupBy(indices, ({ year }) => year)].sort(([a], [b]) => a - b);
  for (const [year, some] of years) {
    const first = Number(await takeNumbers(tx, tenantId, billSeries(kind, year), some.length));
    for (const [n, { i }] of some.entries()) {
      numbers[i] = { year, serial: first + n, number: billNumber(kind, year, first + n) };
    }
  }
  return numbers;
}
