import { createHash } from 'node:crypto';

/** The fields that Midtrans signs, as they came: an amount is the text `150000.00`, never a number made of it. */
export type Signed = { readonly order_id: string; readonly status_code: string; readonly gross_amount: string };

/** `signature_key`: hex SHA-512 over order id, status code, gross amount and server key, without separators. */
export const signatureKey = ({ order_id, status_code, gross_amount }: Signed, serverKey: string): string =>
  createHash('sha512')
    .update(order_id + status_code + gross_amount + serverKey)
    .digest('hex');
