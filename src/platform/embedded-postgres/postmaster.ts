import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** What a running server writes into its cluster folder's `postmaster.pid`, line by line. */
export type Postmaster = { readonly pid: number; readonly port: number };

const pidFile = (clusterFolder: string): string => join(clusterFolder, 'postmaster.pid');

export async function readPidFile(clusterFolder: string): Promise<Postmaster | null> {
  const [read] = await Promise.allSettled([readFile(pidFile(clusterFolder), 'utf8')]);
  if (read?.status !== 'fulfilled') {
    if (read?.reason?.code === 'ENOENT') return null;
    throw read?.reason;
  }
  const [pid, , , port] = read.value.split('\n').map(Number);
  return pid ? { pid, port: port || 0 } : null;
}

type Holder = 'nobody' | 'a PostgreSQL' | 'something else';

/** Who has the recorded pid now. A dead process that nobody collected has an empty command line. */
export async function holderOf(pid: number): Promise<Holder> {
  const [read] = await Promise.allSettled([readFile(`/proc/${pid}/cmdline`, 'utf8')]);
  if (read?.status !== 'fulfilled') return 'nobody';
  return basename(read.value.split('\0')[0] ?? '') === 'postgres' ? 'a PostgreSQL' : 'something else';
}

const connection = (port: number, user: string, password: string, database: string): pg.ClientConfig => ({
  host: '127.0.0.1',
  port,
  user,
  password,
  database,
  connectionTimeoutMillis: 2_000,
});

/** Runs `work` on one connection of the superuser's. */
export async function asSuperuser<T>(
  port: number,
  password: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connection(port, 'postgres', password, database));
  // A server that goes away while the connection idles is told by the next query; without a listener it kills Node.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function sameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  return a.dev === b.dev && a.ino === b.ino;
}

/** Whether the server on that port lets us in and serves this very cluster. */
async function answers(postmaster: Postmaster, clusterFolder: string, password: string): Promise<boolean> {
  if (postmaster.port === 0) return false;
  const [asked] = await Promise.allSettled([
    asSuperuser(postmaster.port, password, 'postgres', (client) => client.query('show data_directory')),
  ]);
  return asked?.status === 'fulfilled' && sameFolder(String(asked.value.rows[0]?.data_directory), clusterFolder);
}

const patienceMs = 30_000;
const pollMs = 100;

/**
 * The server that runs on the cluster already, left alive by a hub that was killed, or serving another process of this
 * hub. Waits while one is starting, recovering or stopping. Null: none runs, and nothing stands in the way of a start.
 *
 * In a container pids begin anew, and PostgreSQL takes any process under its old pid for itself and refuses to start;
 * so a pid file whose pid belongs to something else is removed. One whose pid is free is left to PostgreSQL.
 */
export async function livingPostmaster(clusterFolder: string, password: string): Promise<Postmaster | null> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const recorded = await readPidFile(clusterFolder);
    if (recorded === null) return null;
    const holder = await holderOf(recorded.pid);
    if (holder === 'something else') await rm(pidFile(clusterFolder), { force: true });
    if (holder !== 'a PostgreSQL') return null;
    if (await answers(recorded, clusterFolder, password)) return recorded;
    if (Date.now() > until) throw deaf(recorded, clusterFolder);
    await sleep(pollMs);
  }
}

const deaf = ({ pid }: Postmaster, clusterFolder: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'not_started',
    `PostgreSQL runs on ${clusterFolder} as process ${pid} and lets nobody in for ${patienceMs / 1000} s. ` +
      'Its log lies beside that folder. Stop that process, then start again.',
  );
