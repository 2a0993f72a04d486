import { z } from '@hono/zod-openapi';
import { Amount } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

export const DepositPaymentForm = z
  .strictObject({
    customer_id: z.uuid(),
    amount: Amount.optional().openapi({ description: 'Left out: all that is open' }),
    invoice_id: z.uuid().optional().openapi({ description: 'This bill first; without `amount`: this one alone' }),
    erp_invoice: filledText(140)
      .optional()
      .openapi({ description: 'The same by its name in ERPNext, where ERPNext is the ledger' }),
  })
  .openapi('NewDepositPayment', { example: { customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e' } });
export type DepositPaymentForm = z.infer<typeof DepositPaymentForm>;

export const DepositPayment = z
  .object({
    id: z.uuid(),
    customer_id: z.uuid(),
    amount: z.number().int(),
    balance: z.number().int().openapi({ description: 'What the deposit held after it' }),
    paid_at: z.iso.datetime(),
    lines: z
      .array(z.object({ subscription_id: z.uuid(), username: z.string(), state: z.string().nullable() }))
      .openapi({ description: 'The customer’s lines as they are decided about now; null: not yet' }),
  })
  .openapi('DepositPayment', {
    example: {
      id: 'b5a5f1d6-7a07-4b8a-9a59-2f0a0c5b6f21',
      customer_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      amount: 150_000,
      balance: 1_250_000,
      paid_at: '2026-11-20T03:10:00.000Z',
      lines: [{ subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', username: 'CKP123', state: 'active' }],
    },
  });
export type DepositPayment = z.infer<typeof DepositPayment>;
