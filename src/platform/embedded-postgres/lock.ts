import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const waitMs = 90_000;
const pollMs = 50;

/** A socket in Linux's abstract namespace: a name without a file, which the kernel frees when its process dies. */
function listen(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ path: `\0${name}` }, () => resolve(server));
  });
}

async function take(dataDir: string): Promise<Server> {
  const name = `jembatan-postgres-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  const until = Date.now() + waitMs;
  for (;;) {
    const held = await listen(name);
    if (held) return held;
    if (Date.now() > until) break;
    await sleep(pollMs);
  }
  throw new EmbeddedPostgresError(
    'not_started',
    `Another process has been starting or stopping the database in ${dataDir} for ${waitMs / 1000} s.`,
  );
}

/** One process at a time starts or stops the cluster of a data folder (absolute path); a killed holder holds nothing. */
export async function withLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const held = await take(dataDir);
  try {
    return await work();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}
