import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** The key that a secret stands for: base64 after `whsec_`, as Standard Webhooks writes it. */
const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(prefix, ''), 'base64');

/**
 * The header `webhook-signature` (Standard Webhooks 1.0): `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, once
 * for each secret, so that a receiver may change its own in peace. `timestamp` in seconds since 1970.
 */
export const signatureOf = (id: string, timestamp: number, body: string, secrets: readonly string[]): string =>
  secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
