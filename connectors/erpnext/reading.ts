import type { DocumentVersion, Invoice, Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Known, LedgerFailure, Reading } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, Filter } from './client.ts';
import { forEach } from './each.ts';
import { type InvoiceRow, invoiceDoctype, type Versioned } from './invoice.ts';
import { type ListParts, lessOutstanding, listOpen, only } from './open-rows.ts';
import type { ReceiptRow } from './receipt.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

export type ReadingParts = ListParts & { readonly now: () => Date };

/** Reads what is open of one customer, or of everybody (`customer` null), each document whole. */
export async function readOpen(parts: ReadingParts, customer: string | null, known: Known): Answer<Reading> {
  const startedAt = parts.now();
  const rows = await listOpen(parts, customer);
  if (!rows.ok) return rows;
  const empty = rows.value.invoices.size + rows.value.receipts.size === 0;
  const trusted = empty ? await confirmEmpty(parts.client, customer) : ok(true);
  if (!trusted.ok) return trusted;
  const invoices = await forEach([...rows.value.invoices.values()], (row) => wholeInvoice(parts, row, known));
  if (!invoices.ok) return invoices;
  const receipts = await forEach([...rows.value.receipts.values()], (row) => wholeReceipt(parts, row, known));
  if (!receipts.ok) return receipts;
  return ok({ startedAt, invoices: invoices.value, receipts: receipts.value });
}

/**
 * Nothing open is good news for every debtor, so it is not believed of a peer that answers `{"data": []}` to whatever
 * it is asked: here the true answer is a number.
 */
export async function confirmEmpty(client: ErpnextClient, customer: string | null): Answer<true> {
  const filters: Filter[] = [['docstatus', '=', 1], ...only('customer', customer)];
  const query = { doctype: invoiceDoctype, filters: JSON.stringify(filters) };
  const count = await client.call('frappe.client.get_count', query);
  if (!count.ok) return count;
  if (typeof count.value === 'string' && /^\d+$/.test(count.value)) return ok(true);
  return err({ reason: 'nonsense', detail: 'lists are empty, and the count of invoices is no number' });
}

/** Adds terms and items, from what the caller knows of this version or from the document. */
async function wholeInvoice(parts: ReadingParts, row: Versioned<InvoiceRow>, known: Known): Answer<Versioned<Invoice>> {
  const held = known(row.version);
  // Terms sum to the total and end at the due date, so held ones fit only where those are still the same.
  if (held?.kind === 'invoice' && held.total === row.fact.total && held.dueDate === row.fact.dueDate) {
    return ok({ version: row.version, fact: { ...row.fact, terms: held.terms, items: held.items } });
  }
  const read = await readDocument(parts.client, row.version, parts.invoices.document);
  if (!read.ok) return read;
  const { outstanding } = lessOutstanding(row, read.value).fact;
  return ok({ version: read.value.version, fact: { ...read.value.fact, outstanding } });
}

const onlyInDocument = ({ pays, ref }: Receipt) => ({ pays, ...(ref === undefined ? {} : { ref }) });

/** Adds the invoices that it pays, and the hub's reference. */
async function wholeReceipt(parts: ReadingParts, row: Versioned<ReceiptRow>, known: Known): Answer<Versioned<Receipt>> {
  const { allocated: _, ...fact } = row.fact;
  const held = known(row.version);
  if (held?.kind === 'receipt') return ok({ version: row.version, fact: { ...fact, ...onlyInDocument(held) } });
  const read = await readDocument(parts.client, row.version, parts.receipts.document);
  return read.ok ? ok({ version: row.version, fact: { ...fact, ...onlyInDocument(read.value.fact) } }) : read;
}

/** What was listed a moment ago and is gone now could be a credit: the reading is not to be trusted, and is made anew. */
async function readDocument<T>(
  client: ErpnextClient,
  { doctype, name }: DocumentVersion,
  reader: (document: Fields) => Result<Versioned<T> | null, string>,
): Answer<Versioned<T>> {
  const document = await client.document(doctype, name);
  if (!document.ok) return document;
  const read = document.value === null ? ok(null) : reader(document.value);
  if (!read.ok) return err({ reason: 'nonsense', detail: read.error });
  if (read.value === null)
    return err({ reason: 'unreachable', detail: `${doctype} ${name} went away while it was read` });
  return ok(read.value);
}
