import { Agent, request } from 'node:http';
import { frappeSignature } from '#sandbox/erpnext/webhooks/signature.ts';
import { nowMs } from '../figures.ts';
import type { Installation } from './installation.ts';

/** One kept connection, as a reverse proxy in front of the hub has. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Answers the status. */
function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sending.once('error', reject).end(body);
  });
}

/**
 * Sends the webhook of a document's event as ERPNext would, and answers when it was sent, milliseconds since 1970; rejects
 * when it is not taken in. What the sender takes to write and sign it is before that moment.
 */
export async function deliver(at: Installation, event: string, doctype: string, name: string): Promise<number> {
  const body = JSON.stringify({ event, doctype, doc: at.erpnext.get(doctype, name) });
  const headers = { 'X-Frappe-Webhook-Signature': frappeSignature(at.webhookSecret, body) };
  const sentAt = nowMs();
  const status = await post(`${at.url}/webhooks/erpnext/${at.subdomain}`, headers, body);
  if (status !== 202) throw new Error(`the webhook of ${doctype} ${name} was answered ${status}`);
  return sentAt;
}
