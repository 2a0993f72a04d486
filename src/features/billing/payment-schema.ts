import { z } from '@hono/zod-openapi';
import { paymentMethods } from '#domain/accounts.ts';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const money = z.number().int();
const paymentStates = ['pending', 'overdue', 'paid', 'cancelled', 'reversed'] as const;

const method = z.enum(paymentMethods);
/** What a clerk takes: a deposit pays by itself (`reseller/payments`). */
const takenBy = method.exclude(['deposit']);
const paidAt = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .openapi({ description: 'A day of the tenant’s calendar, or an instant; not in the future', example: '2026-11-20' });

export const NewPaymentForm = z
  .strictObject({
    customer_id: z.uuid(),
    amount: Amount.openapi({ example: 150_000 }),
    payment_method: takenBy,
    invoice_id: z
      .uuid()
      .nullable()
      .default(null)
      .openapi({ description: 'The bill that it is for; left out: the oldest that is open' }),
    erp_invoice: filledText(140)
      .nullable()
      .default(null)
      .openapi({ description: 'The same by its name in ERPNext, where ERPNext is the ledger' }),
    payment_date: paidAt.nullable().default(null),
    reference: filledText(200).nullable().default(null).openapi({ description: 'Number of the transfer or receipt' }),
    notes: storedText(2_000).default(''),
  })
  .openapi('NewPayment', {
    example: {
      customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      amount: 150_000,
      payment_method: 'cash',
      payment_date: '2026-11-20',
    },
  });
export type NewPaymentForm = z.infer<typeof NewPaymentForm>;

export const PaymentChange = z
  .strictObject({
    status: z.enum(['paid', 'cancelled']).openapi({ description: '`cancelled`: nothing is demanded any more' }),
    payment_date: paidAt.optional().openapi({ description: 'Left out: now' }),
    payment_method: takenBy.optional(),
    reference: filledText(200).optional(),
    notes: storedText(2_000).optional(),
  })
  .openapi('PaymentChange', { example: { status: 'paid' } });
export type PaymentChange = z.infer<typeof PaymentChange>;

export const Payment = z
  .object({
    id: z.uuid(),
    customer_id: z.uuid(),
    customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
    amount: money,
    payment_method: method,
    status: z.enum(paymentStates).openapi({ description: '`pending` and `overdue`: demanded, not received' }),
    invoice_id: z.uuid().nullable(),
    erp_invoice: z.string().nullable(),
    due_date: z.iso.date(),
    payment_date: at.nullable(),
    notes: z.string(),
    reference: z.string().nullable(),
    allocated: money.openapi({ description: 'What of it settles bills' }),
    refunded: money,
    unallocated: money.openapi({ description: 'What is left: the customer’s credit, which settles its next bill' }),
    erp_payment: z.string().nullable().openapi({ description: 'Its name in ERPNext, once it is there' }),
    erp_error: z.string().nullable(),
    taken_by: z.uuid().nullable(),
    reversed_at: at.nullable(),
    reverse_reason: z.string().nullable(),
    created_at: at,
    settles: z
      .array(z.object({ invoice_id: z.uuid(), number: z.string(), amount: money }))
      .optional()
      .openapi({ description: 'The bills that it settles; not in lists' }),
  })
  .openapi('Payment', {
    example: {
      id: 'b5a5f1d6-7a07-4b8a-9a59-2f0a0c5b6f21',
      customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi' },
      amount: 200_000,
      payment_method: 'cash',
      status: 'paid',
      invoice_id: null,
      erp_invoice: null,
      due_date: '2026-11-20',
      payment_date: '2026-11-20T03:10:00.000Z',
      notes: '',
      reference: null,
      allocated: 150_000,
      refunded: 0,
      unallocated: 50_000,
      erp_payment: null,
      erp_error: null,
      taken_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      reversed_at: null,
      reverse_reason: null,
      created_at: '2026-11-20T03:10:00.000Z',
    },
  });
export type Payment = z.infer<typeof Payment>;
export const PaymentPage = pageOf(Payment).openapi('PaymentPage');

export const PaymentQuery = PageQuery.extend({
  customer_id: z.uuid().optional(),
  status: z.enum(paymentStates).optional(),
  payment_method: method.optional(),
  from: z.iso.date().optional().openapi({ description: 'Paid on this day or later; of a demand its due date counts' }),
  to: z.iso.date().optional().openapi({ description: 'Paid on this day or before; of a demand its due date counts' }),
  sort: z.enum(['created_at', '-created_at', 'due_date', '-due_date', 'amount', '-amount']).default('-created_at'),
});
export type PaymentQuery = z.infer<typeof PaymentQuery>;

export const NewRefund = z
  .strictObject({
    amount: Amount,
    payment_method: method.openapi({ description: '`deposit`: what was paid from a deposit goes back into it' }),
    reason: filledText(500),
  })
  .openapi('NewRefund', { example: { amount: 50_000, payment_method: 'cash', reason: 'Paid twice' } });
export type NewRefund = z.infer<typeof NewRefund>;

export const StatementQuery = z.object({
  from: z.iso.date().optional().openapi({ description: 'Left out: from the beginning' }),
  to: z.iso.date().optional(),
});
export type StatementQuery = z.infer<typeof StatementQuery>;

export const Statement = z
  .object({
    customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
    from: z.iso.date().nullable(),
    to: z.iso.date().nullable(),
    opening: money.openapi({ description: 'What was owed before; below zero it is credit' }),
    entries: z.array(
      z.object({
        on: z.iso.date(),
        kind: z.string().openapi({ example: 'invoice' }),
        document: z.string().nullable().openapi({ example: 'INV-2026-000001' }),
        source_id: z.uuid().nullable(),
        amount: money.openapi({ description: 'Above zero: more is owed' }),
        balance: money,
        on_its_way: z.boolean().openapi({
          description:
            'Money that the hub took, and that ERPNext was not yet seen to have; false in the hub’s own ledger',
        }),
      }),
    ),
    closing: money,
  })
  .openapi('Statement', {
    example: {
      customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi' },
      from: '2026-11-01',
      to: null,
      opening: 0,
      entries: [
        {
          on: '2026-11-01',
          kind: 'invoice',
          document: 'INV-2026-000001',
          source_id: '3f1a6f0a-7a43-4f1e-9f43-9f4d6f1c7a11',
          amount: 150_000,
          balance: 150_000,
          on_its_way: false,
        },
      ],
      closing: 150_000,
    },
  });
export type Statement = z.infer<typeof Statement>;

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month such as 2026-11');
export const RevenueQuery = z.object({ month: month.optional().openapi({ description: 'Left out: this month' }) });
export const Revenue = z
  .object({
    month,
    this_month: money.openapi({ description: 'The sum of what was paid in it' }),
    last_month: money,
    growth_percent: z
      .number()
      .nullable()
      .openapi({ description: 'Against the month before, to a hundredth; null: nothing was paid in that' }),
  })
  .openapi('Revenue', {
    example: { month: '2026-11', this_month: 165_000_000, last_month: 150_000_000, growth_percent: 10 },
  });
export type Revenue = z.infer<typeof Revenue>;
