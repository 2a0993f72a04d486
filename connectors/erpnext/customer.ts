import type { LedgerCustomer } from '#domain/facts.ts';
import { ok, type Result } from '#domain/result.ts';
import { documentHead, flag, optionalText, readFields, text } from './field-shapes.ts';
import type { Versioned } from './invoice.ts';

export const customerDoctype = 'Customer';

const shape = documentHead.extend({
  customer_name: text,
  mobile_no: optionalText,
  email_id: optionalText,
  primary_address: optionalText,
  disabled: flag,
});

export function readCustomer(value: unknown): Result<Versioned<LedgerCustomer>, string> {
  const read = readFields(customerDoctype, shape, value);
  if (!read.ok) return read;
  const fields = read.value;
  return ok({
    version: { doctype: customerDoctype, name: fields.name, modified: fields.modified },
    fact: {
      kind: 'customer',
      name: fields.name,
      customerName: fields.customer_name,
      phone: fields.mobile_no,
      email: fields.email_id,
      address: fields.primary_address === null ? null : lines(fields.primary_address),
      disabled: fields.disabled,
    },
  });
}

/** ERPNext keeps the address as it shows it, with `<br>` between its lines. */
function lines(html: string): string | null {
  const parts = html.split(/<br\s*\/?>|\n/i).map((line) => line.replace(/<[^>]*>/g, '').trim());
  return parts.filter((line) => line !== '').join(', ') || null;
}
