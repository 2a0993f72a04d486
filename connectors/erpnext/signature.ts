import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const signatureHeader = 'X-Frappe-Webhook-Signature';

/** What Frappe sends: base64 of HMAC-SHA256 over the body's raw bytes. Re-serialised JSON never matches it. */
export const sign = (body: Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('base64');

/**
 * Which of the secrets signed the body; null when none did. The text of the signature is compared, not the bytes behind
 * it: base64 has several spellings of the same bytes, and Frappe sends only one. An empty secret signs nothing.
 */
export function signer(body: Uint8Array, signature: string | null, secrets: readonly string[]): number | null {
  if (signature === null) return null;
  const given = Buffer.from(signature, 'utf8');
  let found: number | null = null;
  for (const [index, secret] of secrets.entries()) {
    if (secret === '') continue;
    const expected = Buffer.from(sign(body, secret), 'utf8');
    const same = expected.length === given.length && timingSafeEqual(expected, given);
    if (same && found === null) found = index;
  }
  return found;
}

/**
 * One key per delivery's bytes, 64 hex digits: Frappe numbers nothing, but a repeated delivery is the same body byte for
 * byte, and two different ones differ at least in the event or in `modified`.
 */
export const deliveryKey = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
