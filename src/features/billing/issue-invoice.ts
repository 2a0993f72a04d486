import { randomUUID } from 'node:crypto';
import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { InvoiceReason } from '#db/tables/billing.ts';
import type { LocalDate } from '#domain/facts.ts';
import { type TaxRules, taxTermsOn } from '#domain/tax.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import { taxRulesOf } from '#platform/tax-settings.ts';
import type { TenantSettings } from '#platform/tenant-settings.ts';
import { type LockedCustomer, livingLines, lockCustomers, settingsOf } from './money-store.ts';
import { takeBillNumbers } from './number.ts';
import { type Posting, post } from './posting.ts';
import { type BillLine, type Priced, priceLines } from './priced-lines.ts';
import { settleCustomers } from './settle.ts';

/** A bill that is to be. `subscriptionId` null: it is of no single line. */
export type NewBill = {
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly reason: Exclude<InvoiceReason, 'credit'>;
  readonly lines: readonly BillLine[];
  readonly periodFrom?: LocalDate;
  readonly periodTo?: LocalDate;
  readonly issuedOn: LocalDate;
  readonly dueDate: LocalDate;
  readonly notes?: string;
};

/** Who bills; left out: the hub itself. */
export type Issuer = { readonly tenantId: string; readonly correlationId: string; readonly issuedBy?: string | null };
export type IssuedBill = { readonly invoiceId: string; readonly number: string; readonly total: bigint };

/** Late fees are an income of their own. */
const postingOf = (bill: NewBill, { net, tax }: Priced, id: string, by: string | null): Posting => ({
  kind: 'invoice',
  idemKey: `invoice ${id}`,
  postedOn: bill.issuedOn,
  sourceId: id,
  postedBy: by,
  entries: [
    { account: 'receivable', customerId: bill.customerId, amount: net + tax },
    { account: bill.reason === 'fee' ? 'fees' : 'revenue', amount: -net },
    { account: 'tax_payable', amount: -tax },
  ],
});

type Draft = { readonly id: string; readonly bill: NewBill; readonly priced: Priced };

/** By the rate of the day of issue; a late fee is no supply, and bears no tax. */
function draftOf(bill: NewBill, rules: TaxRules, isTaxable: boolean): Draft {
  const priced = priceLines(bill.lines, taxTermsOn(rules, bill.issuedOn, isTaxable && bill.reason !== 'fee'));
  if (priced.net < 0n || priced.net + priced.tax <= 0n) throw invalid('lines', 'must come to more than nothing');
  return { id: randomUUID(), bill, priced };
}

async function write(tx: Tx, issuer: Issuer, drafts: readonly Draft[]): Promise<readonly IssuedBill[]> {
  const { tenantId, issuedBy = null } = issuer;
  const numbers = await takeBillNumbers(
    tx,
    tenantId,
    'invoice',
    drafts.map(({ bill }) => bill.issuedOn),
  );
  const postings = await post(
    tx,
    tenantId,
    drafts.map(({ id, bill, priced }) => postingOf(bill, priced, id, issuedBy)),
  );
  const rows = drafts.map(({ id, bill, priced: { net, tax } }, i) => {
    const numbered = numbers[i];
    const posting = postings[i];
    if (!numbered || !posting) throw new Error('Fewer numbers or postings came back than bills were written.');
    return {
      tenant_id: tenantId,
      id,
      ...numbered,
      customer_id: bill.customerId,
      subscription_id: bill.subscriptionId,
      reason: bill.reason,
      period_from: bill.periodFrom ?? null,
      period_to: bill.periodTo ?? null,
      issued_on: bill.issuedOn,
      due_date: bill.dueDate,
      net,
      tax,
      total: net + tax,
      notes: bill.notes ?? '',
      posting_id: posting,
    };
  });
  const lines = drafts.flatMap(({ id, priced }) =>
    priced.lines.map((line, i) => ({
      tenant_id: tenantId,
      invoice_id: id,
      no: i + 1,
      description: line.description,
      quantity: line.quantity,
      unit_price: line.unitPrice,
      net: line.net,
      tax: line.tax,
      tax_rate_bp: line.taxRateBp,
      tax_base: line.taxBase,
    })),
  );
  await Promise.all([insertRows(tx, 'invoices', rows), insertRows(tx, 'invoice_lines', lines)]);
  return rows.map(({ id, number, total }) => ({ invoiceId: id, number, total }));
}

/** Whose bills they are, locked by the caller, and the tenant's settings. */
type Billed = { readonly customers: ReadonlyMap<string, LockedCustomer>; readonly settings: TenantSettings };

/**
 * Writes bills of the hub's own ledger in the caller's transaction: numbers, lines, postings; what credit their
 * customers have settles them at once, and the customers' lines are marked. At most a few hundred at a time. Throws a
 * Refusal where a customer is not there, or a bill comes to nothing.
 */
export async function issueInvoices(
  tx: Tx,
  issuer: Issuer,
  bills: readonly NewBill[],
  { customers, settings }: Billed,
): Promise<readonly IssuedBill[]> {
  if (bills.length === 0) return [];
  const { tenantId, correlationId } = issuer;
  const customerIds = bills.map(({ customerId }) => customerId);
  const rules = taxRulesOf(settings.tax);
  if (bills.some(({ customerId }) => customers.get(customerId)?.deleted_at !== null)) throw notFound('customer');
  const drafts = bills.map((bill) => draftOf(bill, rules, customers.get(bill.customerId)?.is_taxable ?? true));
  const issued = await write(tx, issuer, drafts);
  await settleCustomers(tx, tenantId, customerIds);
  const lines = await livingLines(tx, tenantId, customerIds);
  await markLines(
    tx,
    { tenantId, correlationId, cause: 'a bill' },
    lines.map(({ id }) => id),
  );
  return issued;
}

/** One bill; see `issueInvoices`. */
export async function issueInvoice(tx: Tx, issuer: Issuer, bill: NewBill): Promise<IssuedBill> {
  const { tenantId } = issuer;
  const [customers, settings] = await Promise.all([
    lockCustomers(tx, tenantId, [bill.customerId]),
    settingsOf(tx, tenantId),
  ]);
  const [issued] = await issueInvoices(tx, issuer, [bill], { customers, settings });
  if (!issued) throw new Error('A bill was written and none came back.');
  return issued;
}
