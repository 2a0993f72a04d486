import { createHmac } from 'node:crypto';

export const signatureHeader = 'X-Callback-Signature';
export const eventHeader = 'X-Callback-Event';

/** Hex HMAC-SHA256 over the raw bytes: JSON that was read and written again has another one. */
export const callbackSignature = (raw: Uint8Array, privateKey: string): string =>
  createHmac('sha256', privateKey).update(raw).digest('hex');

/** What a new order is signed with: merchant code, reference and amount, one after the other. */
export const orderSignature = (merchantCode: string, merchantRef: string, amount: bigint, privateKey: string): string =>
  createHmac('sha256', privateKey).update(`${merchantCode}${merchantRef}${amount}`).digest('hex');
