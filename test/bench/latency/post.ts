import { Agent, request } from 'node:http';
import { nowMs } from '../figures.ts';

/** One kept connection, as a reverse proxy in front of the hub has. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** When it was sent, milliseconds since 1970, and what it was answered. */
export type Posted = { readonly at: number; readonly status: number; readonly text: string };

/**
 * POSTs `body`; what its sender takes to write it is before the moment that is told. A kept connection that the hub closed just
 * then (it stood idle for seconds, as when the machine stands still) is replaced, as any proxy does: the hub takes it once.
 */
export function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let at = Number.NaN;
    const sending = request(url, { method: 'POST', headers, agent }, (response) => {
      const chunks: string[] = [];
      response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
      response.once('end', () => resolve({ at, status: response.statusCode ?? 0, text: chunks.join('') }));
    });
    sending.once('error', (error: NodeJS.ErrnoException) => {
      const isOld = sending.reusedSocket && error.code === 'ECONNRESET';
      if (isOld) resolve(post(url, headers, body));
      else reject(error);
    });
    at = nowMs();
    sending.end(body);
  });
}
