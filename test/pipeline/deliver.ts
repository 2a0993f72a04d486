import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** What the webhook door said; `status` 0: the connection was closed without an answer. */
export type Told = { readonly status: number; readonly text: string };

/** A fresh connection for each delivery, as ERPNext opens one. */
const agent = new Agent({ keepAlive: false, maxSockets: 8 });

/** What Frappe puts beside a body: base64 of HMAC-SHA256 over its bytes. */
export const signatureOf = (body: Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('base64');

/** Sends a delivery as it is, byte for byte; no Content-Type, as Frappe sends none. */
export const deliver = (
  url: string,
  body: Buffer,
  signature: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const signed = signature === null ? {} : { 'X-Frappe-Webhook-Signature': signature };
    const length = { 'Content-Length': String(body.length) };
    const call = request(url, { method: 'POST', agent, headers: { ...length, ...signed, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });

const waitMs = 2_000;

/**
 * Writes raw bytes to the door, with header lines of its own making, and answers the first status line's number: 0 when
 * the connection closed, or stayed silent, without one.
 */
export const deliverRaw = (url: string, lines: readonly string[], body: Buffer): Promise<number> =>
  new Promise((resolve) => {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    let heard = '';
    const end = (): void => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0));
    };
    socket.setTimeout(waitMs, end);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.includes('\r\n\r\n') && !heard.startsWith('HTTP/1.1 100')) end();
    });
    socket.on('close', end);
    // A reset is an end without an answer, or after one.
    socket.on('error', end);
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(body);
  });
