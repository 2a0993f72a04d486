import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startChild } from './child.ts';
import { findBinary, postgresFolders } from './find-binary.ts';
import { freePort, startOnFreePort } from './free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'jbc-'));
afterAll(() => rmSync(folder, { recursive: true }));
const logFile = (): string => join(folder, 'log');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a child server', () => {
  it('that ends at its start is reported with what it wrote', async () => {
    const ready = (): Promise<void> => Promise.reject(new Error('not yet'));
    const start = startChild({
      command: ['sh', '-c', 'echo port is taken; exit 3'],
      account: null,
      logFile: logFile(),
      ready,
    });
    await expect(start).rejects.toThrow(/ended at its start[\s\S]*port is taken/);
  });

  it('is gone when `stop` resolves, also when it was paused, and stopping twice is harmless', async () => {
    const ready = (): Promise<void> => Promise.resolve();
    const child = await startChild({ command: ['sleep', '60'], account: null, logFile: logFile(), ready });
    expect(isAlive(child.pid)).toBe(true);
    expect(child.kill('SIGSTOP')).toBe(true);
    await child.stop();
    expect(isAlive(child.pid)).toBe(false);
    await child.stop();
    expect(child.kill('SIGTERM')).toBe(false);
  });
});

describe('what a server needs', () => {
  it('a missing program is told with the Debian package that brings it', () => {
    expect(() => findBinary({ name: 'no-such-server', debianPackage: 'some-package' })).toThrow(
      "'no-such-server' is not installed: apt-get install --no-install-recommends some-package",
    );
    expect(findBinary({ name: 'sh', debianPackage: 'dash' })).toMatch(/\/sh$/);
    expect(postgresFolders('/no/such/folder')).toEqual([]);
  });

  it('a free port can be listened on', async () => {
    const server = createServer().listen(await freePort('tcp'), '127.0.0.1');
    await once(server, 'listening');
    server.close();
    const socket = createSocket('udp4').bind(await freePort('udp'), '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
  });

  it('a start whose port was taken meanwhile is tried again with another, and the third failure is told', async () => {
    const tried: number[] = [];
    const start = (failures: number): Promise<number> =>
      startOnFreePort(1, 'tcp', async ([port = 0]) => {
        tried.push(port);
        if (tried.length <= failures) throw new Error(`failure ${tried.length}`);
        return port;
      });
    expect(await start(2)).toBe(tried[2]);
    tried.length = 0;
    await expect(start(9)).rejects.toThrow('failure 3');
  });
});
