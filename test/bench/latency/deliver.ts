import { Agent, request } from 'node:http';
import { frappeSignature } from '#sandbox/erpnext/webhooks/signature.ts';
import { nowMs } from '../figures.ts';
import type { Installation } from './installation.ts';

/** One kept connection, as a reverse proxy in front of the hub has. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

type Sent = { readonly at: number; readonly status: number };

function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let at = Number.NaN;
    const sending = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume().once('end', () => resolve({ at, status: response.statusCode ?? 0 }));
    });
    sending.once('error', reject);
    at = nowMs();
    sending.end(body);
  });
}

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
