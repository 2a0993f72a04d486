import { createHmac } from 'node:crypto';

/** `X-Frappe-Webhook-Signature`: base64 of HMAC-SHA256 over the raw bytes of the body. */
export const frappeSignature = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body, 'utf8').digest('base64');
