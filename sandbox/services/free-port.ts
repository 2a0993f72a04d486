import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const loopback = '127.0.0.1';

/** Below those that Linux gives to whoever connects to somebody: nobody is handed one between the look and its use. */
const ports = { from: 12_000, below: 32_000 };

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  const isOurs = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, loopback);
  if (!(await isOurs)) return false;
  await new Promise((closed) => server.close(closed));
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const isOurs = once(socket, 'listening').then(
    () => true,
    () => false,
  );
  socket.bind(port, loopback);
  const free = await isOurs;
  await new Promise<void>((closed) => socket.close(closed));
  return free;
}

/**
 * A port that nobody holds on loopback at this moment. Another test may draw the same one before its server stands: starts
 * are therefore tried again (see `startOnFreePort`).
 */
export async function freePort(kind: 'tcp' | 'udp' = 'tcp'): Promise<number> {
  const isFree = kind === 'tcp' ? isFreeForTcp : isFreeForUdp;
  for (;;) {
    const port = randomInt(ports.from, ports.below);
    if (await isFree(port)) return port;
  }
}

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
