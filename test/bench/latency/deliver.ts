import { frappeSignature } from '#sandbox/erpnext/webhooks/signature.ts';
import type { Installation } from './installation.ts';
import { post } from './post.ts';

/**
 * Sends the webhook of a document's event as ERPNext would, and answers when it was sent, milliseconds since 1970; rejects
 * when it is not taken in. What the sender takes to write and sign it is before that moment.
 */
export async function deliver(at: Installation, event: string, doctype: string, name: string): Promise<number> {
  const body = JSON.stringify({ event, doctype, doc: at.erpnext.get(doctype, name) });
  const headers = { 'X-Frappe-Webhook-Signature': frappeSignature(at.webhookSecret, body) };
  const sent = await post(`${at.url}/webhooks/erpnext/${at.subdomain}`, headers, body);
  if (sent.status !== 202) throw new Error(`the webhook of ${doctype} ${name} was answered ${sent.status}`);
  return sent.at;
}
