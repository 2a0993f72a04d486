import { z } from '@hono/zod-openapi';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const money = z.number().int();
const CustomerShown = z.object({ id: z.uuid(), code: z.string(), name: z.string() });
const invoiceStates = ['open', 'overdue', 'paid', 'cancelled'] as const;

const NewLine = z.strictObject({
  description: filledText(500),
  quantity: z.int().min(1).max(100_000).default(1),
  unit_price: z
    .int()
    .min(-1_000_000_000_000)
    .max(1_000_000_000_000)
    .openapi({ description: 'Minor units; below zero it is something given back', example: 150_000 }),
});

export const NewInvoice = z
  .strictObject({
    customer_id: z.uuid(),
    subscription_id: z.uuid().nullable().default(null).openapi({
      description: 'Whose line is cut if it stays unpaid; null: the only line of the customer, if it has one',
    }),
    reason: z.enum(['manual', 'fee']).default('manual'),
    lines: z.array(NewLine).min(1).max(100),
    due_date: z.iso.date().optional().openapi({ description: 'Left out: the next due day of the line' }),
    notes: storedText(2_000).default(''),
  })
  .openapi('NewInvoice', {
    example: {
      customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      lines: [{ description: 'Installation', quantity: 1, unit_price: 250_000 }],
    },
  });
export type NewInvoice = z.infer<typeof NewInvoice>;

const invoiceFields = {
  id: z.uuid(),
  kind: z.enum(['invoice', 'credit_note']),
  number: z.string().openapi({ example: 'INV-2026-000001' }),
  customer_id: z.uuid(),
  customer: CustomerShown,
  subscription_id: z.uuid().nullable(),
  reason: z.enum(['period', 'first', 'change', 'termination', 'fee', 'manual', 'credit']),
  against: z.uuid().nullable().openapi({ description: 'The invoice that a credit note is of' }),
  period_from: z.iso.date().nullable(),
  period_to: z.iso.date().nullable(),
  issued_on: z.iso.date(),
  due_date: z.iso.date(),
  net: money,
  tax: money,
  total: money,
  settled: money,
  outstanding: money.openapi({ description: 'Of a credit note: what of it is not used yet' }),
  status: z.enum(invoiceStates).openapi({ description: '`paid`: nothing is outstanding' }),
  notes: z.string(),
  cancelled_at: at.nullable(),
  cancel_reason: z.string().nullable(),
  created_at: at,
};
const invoiceExample = {
  id: '3f1a6f0a-7a43-4f1e-9f43-9f4d6f1c7a11',
  kind: 'invoice',
  number: 'INV-2026-000001',
  customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi' },
  subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  reason: 'period',
  against: null,
  period_from: '2026-11-01',
  period_to: '2026-11-30',
  issued_on: '2026-11-01',
  due_date: '2026-11-20',
  net: 150_000,
  tax: 0,
  total: 150_000,
  settled: 0,
  outstanding: 150_000,
  status: 'open',
  notes: '',
  cancelled_at: null,
  cancel_reason: null,
  created_at: '2026-11-01T00:01:00.000Z',
} as const;

export const Invoice = z.object(invoiceFields).openapi('Invoice', { example: invoiceExample });
export type Invoice = z.infer<typeof Invoice>;
export const InvoicePage = pageOf(Invoice).openapi('InvoicePage');

export const InvoiceDetail = z
  .object({
    ...invoiceFields,
    lines: z.array(
      z.object({
        no: z.number().int(),
        description: z.string(),
        quantity: z.number().int(),
        unit_price: money,
        net: money,
        tax: money,
        tax_rate_bp: z.number().int().nullable().openapi({ description: 'Hundredths of a percent of `tax_base`' }),
        tax_base: money.nullable(),
      }),
    ),
    settled_by: z.array(
      z.object({
        payment_id: z.uuid().nullable(),
        credit_note_id: z.uuid().nullable(),
        amount: money,
        at,
      }),
    ),
  })
  .openapi('InvoiceDetail', {
    example: {
      ...invoiceExample,
      lines: [
        {
          no: 1,
          description: 'Home 10, November 2026',
          quantity: 1,
          unit_price: 150_000,
          net: 150_000,
          tax: 0,
          tax_rate_bp: null,
          tax_base: null,
        },
      ],
      settled_by: [],
    },
  });
export type InvoiceDetail = z.infer<typeof InvoiceDetail>;

export const InvoiceQuery = PageQuery.extend({
  customer_id: z.uuid().optional(),
  status: z.enum(invoiceStates).optional(),
  kind: z.enum(['invoice', 'credit_note']).optional(),
  from: z.iso.date().optional().openapi({ description: 'Issued on this day or later' }),
  to: z.iso.date().optional().openapi({ description: 'Issued on this day or before' }),
  sort: z.enum(['created_at', '-created_at', 'due_date', '-due_date', 'number', '-number']).default('-created_at'),
});
export type InvoiceQuery = z.infer<typeof InvoiceQuery>;

export const Why = z
  .strictObject({ reason: filledText(500) })
  .openapi('MoneyReason', { example: { reason: 'Billed twice' } });
export type Why = z.infer<typeof Why>;

export const NewCredit = z
  .strictObject({
    amount: Amount.optional().openapi({ description: 'Left out: all that is not credited yet' }),
    reason: filledText(500),
  })
  .openapi('NewCreditNote', { example: { amount: 50_000, reason: 'Ten days without service' } });
export type NewCredit = z.infer<typeof NewCredit>;
