import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type StallingProxy = {
  /** The given URL with this proxy in the server's place. */
  readonly url: string;
  /** From now on nothing passes and nothing is closed: a database that is stopped, or a cable that is cut. */
  stall(): void;
  /** Those that were stalled stay so; new connections pass. */
  flow(): void;
  close(): Promise<void>;
};

/** Stands between a client and its database on loopback. */
export async function startStallingProxy(target: string): Promise<StallingProxy> {
  const there = new URL(target);
  const sockets = new Set<Socket>();
  let stalled = false;
  const server = createServer((client) => {
    const upstream = connect(Number(there.port), there.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      let dead = stalled;
      from.on('data', (bytes) => {
        dead ||= stalled;
        if (!dead) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall: () => {
      stalled = true;
    },
    flow: () => {
      stalled = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
