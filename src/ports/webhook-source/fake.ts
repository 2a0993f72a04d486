import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok } from '#domain/result.ts';
import type { Delivery, WebhookSource } from './port.ts';

const fakeSignatureHeader = 'X-Fake-Signature';

const sign = (body: Uint8Array, secret: string): Buffer => createHmac('sha256', secret).update(body).digest();

/** A delivery as the fake system sends it: a JSON array of doctype, name, event and modified, signed in hex. */
export function fakeDelivery(
  document: { event: string; doctype: string; name: string; modified: string },
  secret: string,
): { body: Uint8Array; headers: Headers } {
  const body = new TextEncoder().encode(
    JSON.stringify([document.doctype, document.name, document.event, document.modified]),
  );
  return { body, headers: new Headers({ [fakeSignatureHeader]: sign(body, secret).toString('hex') }) };
}

/** A webhook source for tests of the intake; `known` are the doctypes that the hub has a use for. */
export const createFakeWebhookSource = (known: readonly string[]): WebhookSource => ({
  verify(body, headers, secrets) {
    const given = Buffer.from(headers.get(fakeSignatureHeader) ?? '', 'hex');
    const index = secrets.findIndex(
      (secret) => secret !== '' && given.length === 32 && timingSafeEqual(given, sign(body, secret)),
    );
    return index < 0 ? null : index;
  },

  parse(body) {
    const parts = readStrings(body);
    const [doctype, name, event, modified] = parts ?? [];
    if (!doctype || !name || !event || !modified) return err('the body is no fake delivery');
    return ok<Delivery>({ doctype, name, event, modified, known: known.includes(doctype) });
  },
});

function readStrings(body: Uint8Array): string[] | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null;
  } catch {
    // Not JSON: the caller says so.
    return null;
  }
}
