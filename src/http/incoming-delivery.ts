import { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { type Body, readBody, readIncoming } from '#http/read-body.ts';
import type { DeliveryHeaders } from '#inbox/receive.ts';

/** A delivery as it comes over the wire: its headers, and its bytes once they are read. */
export type IncomingDelivery = { readonly headers: DeliveryHeaders; read(): Promise<Body> };

/** Node's own message behind the request, where there is one. */
function incomingOf(c: Context): IncomingMessage | null {
  const env: unknown = c.env;
  const incoming = typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : null;
  return incoming instanceof IncomingMessage ? incoming : null;
}

const headersOf = ({ headers }: IncomingMessage): DeliveryHeaders => ({
  get(name) {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' ? value : (value?.join(', ') ?? null);
  },
});

/** Read from Node's own message: a web stream and a Headers object of each delivery would cost more than storing it. */
export function deliveryOf(c: Context): IncomingDelivery {
  const incoming = incomingOf(c);
  if (!incoming) return { headers: c.req.raw.headers, read: () => readBody(c.req.raw) };
  return { headers: headersOf(incoming), read: () => readIncoming(incoming) };
}
