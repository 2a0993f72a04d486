import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from './home.ts';
import { holderOf, readPidFile } from './postmaster.ts';

const patienceMs = 20_000;
const pollMs = 50;

/** SIGINT is PostgreSQL's "fast" shutdown. It is no child of ours and we have no password for it. */
async function endServer(clusterFolder: string): Promise<void> {
  const until = Date.now() + patienceMs;
  const running = await readPidFile(clusterFolder);
  if (running === null || (await holderOf(running.pid)) !== 'a PostgreSQL') return;
  process.kill(running.pid, 'SIGINT');
  while ((await readPidFile(clusterFolder)) !== null && Date.now() < until) await sleep(pollMs);
}

/**
 * A cluster elsewhere outlives its data folder: whoever deletes a clone and makes it anew finds it at the same place,
 * without the passwords. It is renamed, never deleted; answers its new name, or null where none lay there.
 */
export async function setOrphanAside({ home, clusterFolder }: Home): Promise<string | null> {
  if (!existsSync(home)) return null;
  await endServer(clusterFolder);
  const aside = `${home}.left-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(home, aside);
  return aside;
}
