import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Outgoing, Try } from './delivery.ts';

const redirectsAtMost = 30;
const redirects = new Set([301, 302, 303, 307, 308]);

/** What Python's `requests` sends by itself. No Content-Type: Frappe hands it bytes. */
const requestsHeaders = {
  'User-Agent': 'python-requests/2.28.1',
  'Accept-Encoding': 'gzip, deflate',
  Accept: '*/*',
  Connection: 'keep-alive',
};

export type SendOptions = { readonly timeoutMs: number; readonly signal: AbortSignal };

type Answer = { readonly status: number; readonly location: string | null };
type Fault = 'timeout' | 'refused';

/**
 * One try as `requests` makes it: redirects are followed, and 301, 302 and 303 turn the POST into a GET without a body,
 * so that a receiver behind a redirect never sees the event.
 */
export async function sendOnce(outgoing: Outgoing, at: Date, options: SendOptions): Promise<Try> {
  let url = outgoing.url;
  let method = outgoing.method;
  let body: string | null = outgoing.body;
  for (let hop = 0; hop < redirectsAtMost; hop += 1) {
    const answer = await exchange(url, method, body, outgoing, options);
    if (typeof answer === 'string') return { at, status: null, error: answer };
    if (!redirects.has(answer.status) || answer.location === null) return { at, status: answer.status, error: null };
    url = new URL(answer.location, url).href;
    if (answer.status < 307) [method, body] = ['GET', null];
  }
  return { at, status: null, error: 'too_many_redirects' };
}

function exchange(
  url: string,
  method: string,
  body: string | null,
  outgoing: Outgoing,
  options: SendOptions,
): Promise<Answer | Fault> {
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const headers = { ...requestsHeaders, ...signatureHeader(outgoing), ...outgoing.headers, ...length };
    // A fresh connection for each try, as `requests.request` opens one.
    const request: ClientRequest = send(url, { method, headers, agent: false, signal: options.signal }, (response) =>
      resolve(answerOf(response)),
    );
    request.setTimeout(options.timeoutMs, () => {
      resolve('timeout');
      request.destroy();
    });
    request.on('error', () => resolve('refused'));
    request.end(body ?? undefined);
  });
}

const signatureHeader = (outgoing: Outgoing): Readonly<Record<string, string>> =>
  outgoing.signature === null ? {} : { 'X-Frappe-Webhook-Signature': outgoing.signature };

function answerOf(response: IncomingMessage): Answer {
  response.resume();
  return { status: response.statusCode ?? 0, location: response.headers.location ?? null };
}
