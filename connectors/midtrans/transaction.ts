import { z } from 'zod';
import { instant, rupiah } from '#connectors/kit/gateway-calls.ts';
import type { ChargeStatus } from '#domain/charge.ts';

const statuses: Readonly<Record<string, ChargeStatus>> = {
  settlement: 'paid',
  pending: 'pending',
  authorize: 'pending',
  // Part of it was given back: the rest is paid all the same.
  partial_refund: 'paid',
  refund: 'refunded',
  chargeback: 'refunded',
  expire: 'expired',
  deny: 'failed',
  cancel: 'failed',
  failure: 'failed',
};

/** What a transaction's words amount to; null: a word that is not known. `capture` counts once fraud was ruled out. */
export function statusOf(transactionStatus: string, fraudStatus: string | undefined): ChargeStatus | null {
  if (transactionStatus === 'capture') return fraudStatus === 'accept' ? 'paid' : 'pending';
  return statuses[transactionStatus] ?? null;
}

/** Midtrans writes local time of Jakarta, without saying so: `2026-11-21 10:00:00`. */
const jakartaTime = z.preprocess(
  (text) => (typeof text === 'string' ? `${text.replace(' ', 'T')}+07:00` : null),
  instant,
);

/** A transaction, as `charge` and `status` answer it. */
export const transaction = z.object({
  order_id: z.string().min(1),
  transaction_id: z.string().min(1),
  transaction_status: z.string(),
  fraud_status: z.string().optional(),
  gross_amount: rupiah,
  settlement_time: jakartaTime,
});

const action = z.object({ name: z.string(), url: z.string() });
/** What a new transaction holds for the payer. */
export const forPayer = z.object({
  transaction_id: z.string().min(1),
  qr_string: z.string().min(1).optional(),
  va_numbers: z.array(z.object({ bank: z.string(), va_number: z.string().min(1) })).optional(),
  permata_va_number: z.string().min(1).optional(),
  actions: z.array(action).optional(),
});
