import { z } from 'zod';
import type { DocumentVersion, Invoice } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import {
  amount,
  type Counting,
  date,
  flag,
  foreignCurrency,
  optionalDate,
  optionalText,
  readFields,
  submittable,
  text,
} from './field-shapes.ts';

export const invoiceDoctype = 'Sales Invoice';

/** What a list of invoices is asked for: all that decides, but for terms and items, which only the document has. */
export const invoiceFields = [
  'name',
  'modified',
  'docstatus',
  'customer',
  'subscription',
  'is_return',
  'return_against',
  'due_date',
  'posting_date',
  'grand_total',
  'rounded_total',
  'outstanding_amount',
  'is_pos',
  'paid_amount',
  'change_amount',
  'write_off_amount',
  'currency',
  'party_account_currency',
] as const;

/** An invoice without what only its document tells. */
export type InvoiceRow = Omit<Invoice, 'terms' | 'items'>;
export type Versioned<T> = { readonly version: DocumentVersion; readonly fact: T };

/**
 * Amounts are rounded down, here and in each term: rounding never makes debt, and parts of a paid invoice never look
 * unpaid, for the sum of floors is at most the floor of the sum.
 */
function shapes({ currency }: Counting) {
  const money = amount(currency, 'floor');
  const row = submittable.extend({
    customer: text,
    subscription: optionalText,
    is_return: flag.nullish(),
    return_against: optionalText,
    due_date: optionalDate,
    posting_date: optionalDate,
    grand_total: money,
    rounded_total: money.nullish(),
    outstanding_amount: money,
    is_pos: flag.nullish(),
    paid_amount: money.nullish(),
    change_amount: money.nullish(),
    write_off_amount: money.nullish(),
    currency: optionalText,
    party_account_currency: optionalText,
  });
  const document = row.extend({
    items: z.array(z.object({ item_code: optionalText })).nullish(),
    payment_schedule: z.array(z.object({ due_date: date, payment_amount: money })).nullish(),
  });
  return { row, document };
}

type RowFields = z.infer<ReturnType<typeof shapes>['row']>;

export type InvoiceReader = {
  row(value: unknown): Result<Versioned<InvoiceRow>, string>;
  document(value: unknown): Result<Versioned<Invoice>, string>;
};

/** Reads ERPNext's Sales Invoice; an invoice in another currency than the tenant's is an error, never an amount. */
export function invoiceReader(counting: Counting): InvoiceReader {
  const { row, document } = shapes(counting);
  return {
    row(value) {
      const fields = readFields(invoiceDoctype, row, value);
      return fields.ok ? rowFact(fields.value, counting) : fields;
    },
    document(value) {
      const fields = readFields(invoiceDoctype, document, value);
      if (!fields.ok) return fields;
      const base = rowFact(fields.value, counting);
      if (!base.ok) return base;
      const { version, fact } = base.value;
      const schedule = (fields.value.payment_schedule ?? []).map((term) => ({
        dueDate: term.due_date,
        amount: term.payment_amount,
      }));
      const items = (fields.value.items ?? []).flatMap(({ item_code }) => (item_code === null ? [] : [item_code]));
      return ok({ version, fact: { ...fact, terms: termsOf(fact, schedule), items: [...new Set(items)] } });
    },
  };
}

function rowFact(fields: RowFields, counting: Counting): Result<Versioned<InvoiceRow>, string> {
  const foreign = foreignCurrency(counting, fields.currency, fields.party_account_currency);
  if (foreign !== null)
    return err(`${invoiceDoctype} ${fields.name} is in ${foreign}, but this tenant counts in ${counting.currency}`);
  const dueDate = fields.due_date ?? fields.posting_date;
  if (dueDate === null) return err(`${invoiceDoctype} ${fields.name} has neither a due date nor a posting date`);
  return ok({
    version: { doctype: invoiceDoctype, name: fields.name, modified: fields.modified },
    fact: {
      kind: 'invoice',
      name: fields.name,
      customer: fields.customer,
      subscription: fields.subscription,
      submitted: fields.docstatus === '1',
      isReturn: fields.is_return ?? false,
      returnAgainst: fields.return_against,
      ...(fields.posting_date === null ? {} : { issuedOn: fields.posting_date }),
      // Only invoices paid at the counter have none; they were due when they were written.
      dueDate,
      // Rounding may be switched off; ERPNext then leaves the rounded total at 0 and asks for the other.
      total: fields.rounded_total || fields.grand_total,
      outstanding: fields.outstanding_amount,
      ...notZero('paidAtOnce', fields.is_pos === true ? (fields.paid_amount ?? 0n) - (fields.change_amount ?? 0n) : 0n),
      ...notZero('writtenOff', fields.write_off_amount ?? 0n),
    },
  });
}

const notZero = (field: 'paidAtOnce' | 'writtenOff', amount: bigint) => (amount === 0n ? {} : { [field]: amount });

type Term = Invoice['terms'][number];

/** Sums to the total: the last term takes what rounding left. A schedule that cannot is one term at the last due date. */
function termsOf({ dueDate, total }: InvoiceRow, schedule: readonly Term[]): readonly Term[] {
  const terms = [...schedule].sort((a, b) => (a.dueDate < b.dueDate ? -1 : a.dueDate > b.dueDate ? 1 : 0));
  const last = terms.pop();
  const rest = terms.reduce((left, term) => left - term.amount, total);
  if (!last || rest < 0n || terms.some((term) => term.amount < 0n)) return [{ dueDate, amount: total }];
  return [...terms, { dueDate: last.dueDate, amount: rest }];
}
