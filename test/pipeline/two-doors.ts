import { connect, createServer, type Socket } from 'node:net';

/** One address before several hubs, as a balancer is: a hub that takes no connection is passed over. */
export type TwoDoors = { readonly port: number; close(): Promise<void> };

const reach = (port: number): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });

function join(client: Socket, hub: Socket): void {
  client.pipe(hub).pipe(client);
  // Whoever breaks off takes the other along; who asked sees it as it is.
  client.on('error', () => hub.destroy());
  hub.on('error', () => client.resetAndDestroy());
}

/** `ports`: where the hubs listen; they are tried in turn, each connection beginning with the next. */
export function openTwoDoors(ports: readonly number[]): Promise<TwoDoors> {
  let turn = 0;
  const server = createServer({ allowHalfOpen: false }, async (client) => {
    // Of this connection: others move the turn on while it waits.
    const first = turn++;
    for (let i = 0; i < ports.length; i++) {
      const hub = await reach(ports[(first + i) % ports.length] ?? 0);
      if (hub) return join(client, hub);
    }
    client.resetAndDestroy();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: Number(Object(server.address()).port),
        close: () => new Promise((done) => server.close(() => done())),
      }),
    );
  });
}
