import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { taxLines, taxTermsOn } from '#domain/tax.ts';
import { taxRulesOf } from '#platform/tax-settings.ts';
import { creditedOf, lockBill, taxIn, writeCredit } from './credit-note.ts';
import { lockCustomers, settingsOf } from './money-store.ts';
import { settleCustomers } from './settle.ts';

export type LineCredit = {
  readonly customerId: string;
  readonly lineId: string;
  /** By the price of the plan, as it is billed; minor units, above zero. */
  readonly price: bigint;
  readonly day: LocalDate;
  readonly reason: string;
};
type By = { readonly tenantId: string; readonly issuedBy: string | null };
export type WrittenCredit = { readonly id: string; readonly number: string; readonly total: bigint };

/**
 * Gives back so much of what a line was billed, the newest bill first and none beyond what it came to: with the tax that
 * is in it. What was not billed is not given back. Under the customer's lock.
 */
export async function creditLine(tx: Tx, by: By, credit: LineCredit): Promise<readonly WrittenCredit[]> {
  const { tenantId } = by;
  const [settings, customers] = await Promise.all([
    settingsOf(tx, tenantId),
    lockCustomers(tx, tenantId, [credit.customerId]),
  ]);
  const isTaxable = customers.get(credit.customerId)?.is_taxable ?? false;
  const [taxed] = taxLines([credit.price], taxTermsOn(taxRulesOf(settings.tax), credit.day, isTaxable));
  let value = (taxed?.net ?? 0n) + (taxed?.tax ?? 0n);
  const { rows } = await sql<{ id: string }>`
    select id from invoices
    where tenant_id = ${tenantId} and subscription_id = ${credit.lineId} and kind = 'invoice' and cancelled_at is null
      and reason in ('first', 'period', 'change') order by created_at desc, serial desc`.execute(tx);
  const written: WrittenCredit[] = [];
  for (const { id } of rows) {
    if (value <= 0n) break;
    const bill = await lockBill(tx, tenantId, id);
    const before = await creditedOf(tx, tenantId, id);
    const left = bill.total - before.total;
    const total = left < value ? left : value;
    if (total <= 0n) continue;
    const tax = taxIn(before.total + total, bill) - before.tax;
    const { day, reason } = credit;
    written.push({ ...(await writeCredit(tx, by, bill, { total, tax, reason, day })), total });
    value -= total;
  }
  await settleCustomers(tx, tenantId, [credit.customerId]);
  return written;
}
