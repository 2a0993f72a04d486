import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { acceptFirst } from '#http/accept-first.ts';
import type { RouteEnv } from '#platform/routing.ts';

export type Listening = {
  readonly port: number;
  /** Takes no new connection, lets what is under way end (10 s at most), then closes the rest. */
  close(): Promise<void>;
};

/** Node's own limits let hundreds of slow connections live for minutes (REL-25). */
const limits = {
  headersTimeout: 3_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
};
const drainMs = 10_000;

function closing(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // A kept-alive connection becomes idle only after its last answer, and would hold the server open until then.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close((error) => {
      clearInterval(idle);
      clearTimeout(late);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
  });
}

/** Listens on `host:port` (port 0: a free one); fails where the address is taken. */
export async function listen(
  app: Pick<Hono<RouteEnv>, 'fetch'>,
  at: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const { accepted, serve } = acceptFirst(getRequestListener(app.fetch));
  const server = createServer(limits, serve).on('connection', accepted);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return { port, close: () => closing(server) };
}
