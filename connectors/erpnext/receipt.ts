import { z } from 'zod';
import type { Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import {
  amount,
  type Counting,
  foreignCurrency,
  optionalDate,
  optionalText,
  readFields,
  submittable,
} from './field-shapes.ts';
import { invoiceDoctype, type Versioned } from './invoice.ts';

export const receiptDoctype = 'Payment Entry';

export const receiptFields = [
  'name',
  'modified',
  'docstatus',
  'payment_type',
  'party_type',
  'party',
  'unallocated_amount',
  'total_allocated_amount',
  'paid_amount',
  'posting_date',
  'paid_from_account_currency',
] as const;

/** A receipt without the invoices that it pays; `allocated` tells whether there are any. */
export type ReceiptRow = Omit<Receipt, 'pays'> & { readonly allocated: boolean };

/** A customer's money is rounded up: rounding never makes debt. */
function shapes({ currency }: Counting) {
  const money = amount(currency, 'ceiling');
  const row = submittable.extend({
    payment_type: optionalText,
    party_type: optionalText,
    party: optionalText,
    unallocated_amount: money,
    total_allocated_amount: money.nullish(),
    paid_amount: money.nullish(),
    posting_date: optionalDate.optional(),
    paid_from_account_currency: optionalText,
  });
  const document = row.extend({
    references: z.array(z.object({ reference_doctype: optionalText, reference_name: optionalText })).nullish(),
  });
  return { row, document };
}

const anyField = z.record(z.string(), z.unknown());

type RowFields = z.infer<ReturnType<typeof shapes>['row']>;

/** Null: the payment is no money of a customer (a supplier's bill, a transfer between accounts, a refund). */
export type ReceiptReader = {
  row(value: unknown): Result<Versioned<ReceiptRow> | null, string>;
  document(value: unknown): Result<Versioned<Receipt> | null, string>;
};

/** `reference`: the custom field that holds the hub's id of a payment. */
export function receiptReader(counting: Counting, reference: string): ReceiptReader {
  const { row, document } = shapes(counting);
  return {
    row(value) {
      const fields = readFields(receiptDoctype, row, value);
      return fields.ok ? rowFact(fields.value, counting) : fields;
    },
    document(value) {
      const fields = readFields(receiptDoctype, document, value);
      if (!fields.ok) return fields;
      const base = rowFact(fields.value, counting);
      if (!base.ok || base.value === null) return base.ok ? ok(null) : base;
      const { allocated: _, ...fact } = base.value.fact;
      const pays = (fields.value.references ?? []).flatMap(({ reference_doctype, reference_name }) =>
        reference_doctype === invoiceDoctype && reference_name !== null ? [reference_name] : [],
      );
      const ref = anyField.safeParse(value).data?.[reference];
      const named = typeof ref === 'string' && ref !== '' ? { ref } : {};
      return ok({ version: base.value.version, fact: { ...fact, ...named, pays: [...new Set(pays)] } });
    },
  };
}

function rowFact(fields: RowFields, counting: Counting): Result<Versioned<ReceiptRow> | null, string> {
  if (fields.payment_type !== 'Receive' || fields.party_type !== 'Customer' || fields.party === null) return ok(null);
  const foreign = foreignCurrency(counting, fields.paid_from_account_currency);
  if (foreign !== null)
    return err(`${receiptDoctype} ${fields.name} is in ${foreign}, but this tenant counts in ${counting.currency}`);
  const allocated = fields.total_allocated_amount ?? 0n;
  const credited = allocated + fields.unallocated_amount;
  return ok({
    version: { doctype: receiptDoctype, name: fields.name, modified: fields.modified },
    fact: {
      kind: 'receipt',
      name: fields.name,
      customer: fields.party,
      submitted: fields.docstatus === '1',
      ...(fields.docstatus === '2' ? { cancelled: true } : {}),
      unallocated: fields.unallocated_amount,
      ...(typeof fields.paid_amount === 'bigint' ? { amount: fields.paid_amount } : {}),
      ...(typeof fields.posting_date === 'string' ? { paidOn: fields.posting_date } : {}),
      ...(fields.docstatus === '1' && credited !== fields.paid_amount ? { credited } : {}),
      allocated: allocated !== 0n,
    },
  });
}
