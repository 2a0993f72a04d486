import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import { type ErpnextClient, type Fields, type Filter, sameName } from './client.ts';
import { type InvoiceReader, type InvoiceRow, invoiceDoctype, invoiceFields, type Versioned } from './invoice.ts';
import { type ReceiptReader, type ReceiptRow, receiptDoctype, receiptFields } from './receipt.ts';
import { sweep } from './sweep.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;
type InvoiceRows = ReadonlyMap<string, Versioned<InvoiceRow>>;
type ReceiptRows = ReadonlyMap<string, Versioned<ReceiptRow>>;

export type ListParts = {
  readonly client: ErpnextClient;
  readonly invoices: InvoiceReader;
  readonly receipts: ReceiptReader;
  readonly pageLength: number;
};

/** What the lists say. `pages`: of the longest list of invoices. */
export type OpenRows = { readonly invoices: InvoiceRows; readonly receipts: ReceiptRows; readonly pages: number };

/**
 * Credits (receipts, negative invoices) are listed, then debts, then credits again; of two amounts the one that is
 * better for the customer counts. A credit that is set against an invoice meanwhile is so seen at least once at its
 * full amount, and never makes debt by vanishing. One customer's invoices and credit notes nearly always fit one page;
 * they are then true of one moment, and only the receipts are listed twice.
 */
export async function listOpen(parts: ListParts, customer: string | null): Answer<OpenRows> {
  const quick = customer === null ? null : await betweenCredits(parts, customer, listReceiptsOnly, '!=');
  if (quick !== null && (!quick.ok || quick.value.pages === 1)) return quick;
  return betweenCredits(parts, customer, listCredits, '>');
}

async function betweenCredits(
  parts: ListParts,
  customer: string | null,
  listHad: (parts: ListParts, customer: string | null) => Answer<OpenRows>,
  sign: Sign,
): Answer<OpenRows> {
  const before = await listHad(parts, customer);
  if (!before.ok) return before;
  const debts = await listInvoices(parts, customer, sign);
  if (!debts.ok) return debts;
  const after = await listHad(parts, customer);
  if (!after.ok) return after;
  return ok({
    invoices: merge(lessOutstanding, before.value.invoices, debts.value.invoices, after.value.invoices),
    receipts: merge(moreUnallocated, before.value.receipts, after.value.receipts),
    pages: debts.value.pages,
  });
}

async function listReceiptsOnly(parts: ListParts, customer: string | null): Answer<OpenRows> {
  const receipts = await listReceipts(parts, customer);
  return receipts.ok ? ok({ invoices: new Map(), receipts: receipts.value, pages: 0 }) : receipts;
}

async function listCredits(parts: ListParts, customer: string | null): Answer<OpenRows> {
  const [invoices, receipts] = await Promise.all([listInvoices(parts, customer, '<'), listReceipts(parts, customer)]);
  if (!invoices.ok) return invoices;
  return receipts.ok ? ok({ ...invoices.value, receipts: receipts.value }) : receipts;
}

/** Of what is outstanding, against zero. */
type Sign = '<' | '>' | '!=';

const fits: Readonly<Record<Sign, (outstanding: bigint) => boolean>> = {
  '<': (outstanding) => outstanding < 0n,
  '>': (outstanding) => outstanding > 0n,
  '!=': (outstanding) => outstanding !== 0n,
};

async function listInvoices(parts: ListParts, customer: string | null, sign: Sign): Answer<Omit<OpenRows, 'receipts'>> {
  const { client, pageLength } = parts;
  const filters: Filter[] = [['docstatus', '=', 1], ['outstanding_amount', sign, 0], ...only('customer', customer)];
  const swept = await sweep(client, invoiceDoctype, { fields: invoiceFields, filters, pageLength });
  if (!swept.ok) return swept;
  const invoices = collect(
    swept.value.rows,
    parts.invoices.row,
    (fact) => fits[sign](fact.outstanding) && fact.submitted && ofCustomer(fact.customer, customer),
  );
  return invoices.ok ? ok({ invoices: invoices.value, pages: swept.value.pages }) : invoices;
}

async function listReceipts(parts: ListParts, customer: string | null): Answer<ReceiptRows> {
  const { client, pageLength } = parts;
  const filters: Filter[] = [
    ['docstatus', '=', 1],
    ['payment_type', '=', 'Receive'],
    ['party_type', '=', 'Customer'],
    ['unallocated_amount', '>', 0],
    ...only('party', customer),
  ];
  const swept = await sweep(client, receiptDoctype, { fields: receiptFields, filters, pageLength });
  if (!swept.ok) return swept;
  return collect(
    swept.value.rows,
    parts.receipts.row,
    (fact) => fact.unallocated > 0n && fact.submitted && ofCustomer(fact.customer, customer),
  );
}

export const only = (field: string, customer: string | null): Filter[] =>
  customer === null ? [] : [[field, '=', customer]];

const ofCustomer = (name: string, customer: string | null): boolean => customer === null || sameName(name, customer);

/** Rows that ERPNext should not have sent are dropped: a server that overlooks a filter must do no harm. */
function collect<T extends { readonly name: string }>(
  rows: readonly Fields[],
  read: (row: Fields) => Result<Versioned<T> | null, string>,
  wanted: (fact: T) => boolean,
): Result<ReadonlyMap<string, Versioned<T>>, LedgerFailure> {
  const found = new Map<string, Versioned<T>>();
  for (const row of rows) {
    const fact = read(row);
    if (!fact.ok) return err({ reason: 'nonsense', detail: fact.error });
    if (fact.value !== null && wanted(fact.value.fact)) found.set(fact.value.fact.name, fact.value);
  }
  return ok(found);
}

/** One entry a name; where lists differ, `better` chooses. */
function merge<T>(better: (a: T, b: T) => T, ...lists: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const [name, entry] of lists.flatMap((list) => [...list])) {
    const other = merged.get(name);
    merged.set(name, other === undefined ? entry : better(other, entry));
  }
  return merged;
}

export const lessOutstanding = (a: Versioned<InvoiceRow>, b: Versioned<InvoiceRow>): Versioned<InvoiceRow> =>
  b.fact.outstanding <= a.fact.outstanding ? b : a;

const moreUnallocated = (a: Versioned<ReceiptRow>, b: Versioned<ReceiptRow>): Versioned<ReceiptRow> =>
  b.fact.unallocated >= a.fact.unallocated ? b : a;
