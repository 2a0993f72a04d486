import { z } from '@hono/zod-openapi';
import { chargeMethods, chargeStates, gatewayNames } from '#domain/charge.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const Method = z.enum(chargeMethods);
const Gateway = z.enum(gatewayNames);

/** The hub's own id of a bill, or its name in ERPNext. */
export const BillParam = z.object({
  id: filledText(140).openapi({
    description: 'The id of the invoice; where ERPNext is the ledger, its name there',
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
  }),
});

export const NewCharge = z
  .strictObject({
    method: Method,
    gateway: Gateway.optional().openapi({ description: 'Left out: the first that is connected and takes the method' }),
  })
  .openapi('NewCharge', { example: { method: 'qris' } });
export type NewCharge = z.infer<typeof NewCharge>;

export const RefundWish = z
  .strictObject({ reason: filledText(200) })
  .openapi('ChargeRefund', { example: { reason: 'Paid twice' } });
export type RefundWish = z.infer<typeof RefundWish>;

export const Charge = z
  .object({
    id: z.uuid().openapi({ description: 'The order id at the gateway' }),
    gateway: Gateway,
    method: Method,
    customer: z
      .object({ id: z.uuid(), code: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: 'Null: it tops up a reseller’s deposit' }),
    invoice_id: z.uuid().nullable(),
    erp_invoice: z.string().nullable(),
    top_up_id: z.uuid().nullable(),
    amount: z.int(),
    state: z.enum(chargeStates).openapi({
      description: '`held`: another amount came than was asked for; accept it, or pay it back',
    }),
    qr_string: z.string().nullable().openapi({ description: 'What the QR picture says' }),
    virtual_account: z.string().nullable(),
    bank: z.string().nullable(),
    url: z.string().nullable().openapi({ description: 'Where the payer is sent, or an app is opened' }),
    expires_at: at,
    gateway_ref: z.string().nullable(),
    paid_amount: z.int().nullable(),
    paid_at: at.nullable(),
    payment_id: z.uuid().nullable(),
    problem: z.string().nullable(),
    created_at: at,
  })
  .openapi('Charge', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      gateway: 'midtrans',
      method: 'qris',
      customer: { id: '0f8fad5b-d9cb-469f-a165-70867728950e', code: 'KCB-CKP010225-001', name: 'Budi' },
      invoice_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      erp_invoice: null,
      top_up_id: null,
      amount: 150_000,
      state: 'open',
      qr_string: '00020101021226620014COM.GO-JEK.WWW',
      virtual_account: null,
      bank: null,
      url: null,
      expires_at: '2026-11-21T04:00:00.000Z',
      gateway_ref: '9aed5972-5b6a-401e-894b-a32c91ed1a3a',
      paid_amount: null,
      paid_at: null,
      payment_id: null,
      problem: null,
      created_at: '2026-11-21T03:00:00.000Z',
    },
  });
export type Charge = z.infer<typeof Charge>;

export const ChargePage = pageOf(Charge).openapi('ChargePage');
export const ChargeQuery = PageQuery.omit({ search: true }).extend({
  state: z.enum(chargeStates).optional(),
  gateway: Gateway.optional(),
  customer_id: z.uuid().optional(),
  invoice_id: z.uuid().optional(),
});
export type ChargeQuery = z.infer<typeof ChargeQuery>;
