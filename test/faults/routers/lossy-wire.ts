import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A number in [0, 1) each time, the same again from the same seed (xorshift32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

export const closeSocket = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

export type Wire = { readonly port: number; close(): Promise<void> };

/** A UDP proxy to `nasPort` that loses a share of what passes, each way. */
export async function openLossyWire(nasPort: number, share: number, random: () => number): Promise<Wire> {
  const front = await openSocket();
  const backs = new Map<string, Promise<Socket>>();
  async function backFor(address: string, port: number): Promise<Socket> {
    const back = await openSocket();
    back.on('message', (bytes) => {
      if (random() >= share) front.send(bytes, port, address);
    });
    return back;
  }
  front.on('message', (bytes, { address, port }) => {
    if (random() < share) return;
    const key = `${address}:${port}`;
    const back = backs.get(key) ?? backFor(address, port);
    backs.set(key, back);
    void back.then((socket) => socket.send(bytes, nasPort, '127.0.0.1'));
  });
  return {
    port: front.address().port,
    async close() {
      for (const back of backs.values()) await closeSocket(await back);
      await closeSocket(front);
    },
  };
}
