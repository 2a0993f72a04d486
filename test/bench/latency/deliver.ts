import { frappeSignature } from '#sandbox/erpnext/webhooks/signature.ts';
import type { Installation } from './installation.ts';

/** Sends the webhook of a document's event as ERPNext would; rejects when it is not taken in. */
export async function deliver(at: Installation, event: string, doctype: string, name: string): Promise<void> {
  const body = JSON.stringify({ event, doctype, doc: at.erpnext.get(doctype, name) });
  const response = await fetch(`${at.url}/webhooks/erpnext/${at.subdomain}`, {
    method: 'POST',
    headers: { 'X-Frappe-Webhook-Signature': frappeSignature(at.webhookSecret, body) },
    body,
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`the webhook of ${doctype} ${name} was answered ${response.status}`);
}
