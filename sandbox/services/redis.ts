import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ownFolder, serverAccount } from './account.ts';
import { startChild } from './child.ts';
import { findBinary } from './find-binary.ts';
import { startOnFreePort, startOnPort } from './free-port.ts';

export type Redis = {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
};

async function answers(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer]: unknown[] = await once(socket, 'data');
    if (!String(answer).startsWith('+PONG')) throw new Error(`redis: ${String(answer)}`);
  } finally {
    socket.destroy();
  }
}

export type RedisOptions = {
  readonly dir: string;
  /** Where an earlier server listened, so that its clients find it again; a free one by default. */
  readonly port?: number;
};

/** A private Redis on loopback that keeps nothing on disk. */
export async function startRedis({ dir, port: wanted }: RedisOptions): Promise<Redis> {
  const account = await serverAccount('redis');
  await ownFolder(dir, account);
  const binary = findBinary({ name: 'redis-server', debianPackage: 'redis-server' });
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--daemonize', 'no'];
  const start = async (port: number): Promise<Redis> => {
    const { pid, stop, kill } = await startChild({
      command: [binary, '--bind', '127.0.0.1', '--port', String(port), '--dir', dir, ...memoryOnly],
      account,
      logFile: join(dir, 'redis.log'),
      ready: () => answers(port),
    });
    return { url: `redis://127.0.0.1:${port}`, port, pid, stop, kill };
  };
  return wanted ? startOnPort(wanted, start) : startOnFreePort(1, 'tcp', ([port = 0]) => start(port));
}
