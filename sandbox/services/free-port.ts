import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const loopback = '127.0.0.1';

function tcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, loopback, () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function udpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, loopback, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/**
 * A port that nobody holds on loopback at this moment. Somebody may take it before its server does: starts are
 * therefore tried again (see `startOnFreePort`).
 */
export const freePort = (kind: 'tcp' | 'udp' = 'tcp'): Promise<number> => (kind === 'tcp' ? tcpPort() : udpPort());

/** Calls `start` with the one port; again for two seconds, because what is left of a killed server may hold on to it. */
export async function startOnPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  for (const waitMs of [100, 200, 400, 600, 700]) {
    try {
      return await start(port);
    } catch {
      // The last attempt below tells its failure.
      await sleep(waitMs);
    }
  }
  return start(port);
}

/** Calls `start` with fresh ports, up to three times; the last failure is thrown. */
export async function startOnFreePort<T>(
  count: number,
  kind: 'tcp' | 'udp',
  start: (ports: readonly number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ports = await Promise.all(Array.from({ length: count }, () => freePort(kind)));
    try {
      return await start(ports);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}
