import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Account, exists, ownFolder, serverAccount, underAccount } from './account.ts';
import { type Child, startChild } from './child.ts';
import { findBinary, postgresFolders } from './find-binary.ts';
import { startOnFreePort, startOnPort } from './free-port.ts';

const run = promisify(execFile);

export type PostgresOptions = {
  /** Made if missing; must be reachable by the account `postgres` when root starts it. An earlier cluster is reused. */
  readonly dir: string;
  /** Whether a commit survives a crash of the machine; off by default, because tests are faster so. */
  readonly durable?: boolean;
  /** Whether it is reached through a socket in `dir`, as a hub reaches the server that it starts for itself. */
  readonly bySocket?: boolean;
  /** Where an earlier server listened, so that its clients find it again; a free one by default. */
  readonly port?: number;
};

export type Postgres = {
  /** `postgres://postgres@127.0.0.1:PORT/postgres`, superuser, no password; of a socket with `?host=` behind it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
};

const binary = (name: string): string => findBinary({ name, debianPackage: 'postgresql', folders: postgresFolders() });

async function makeCluster(data: string, account: Account | null): Promise<void> {
  const flags = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'];
  const [file = '', ...args] = underAccount(account, 'TERM', [binary('initdb'), '-D', data, ...flags]);
  await run(file, args, { cwd: '/' });
}

async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  // Lost connections are told by the promise below.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}

function startServer(options: PostgresOptions, account: Account | null, port: number): Promise<Child> {
  const fast = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  const sizes = ['-c', 'max_connections=300', '-c', 'shared_buffers=64MB'];
  const socket = `unix_socket_directories=${options.bySocket ? options.dir : ''}`;
  const place = ['-c', 'listen_addresses=127.0.0.1', '-c', socket, '-c', `port=${port}`];
  const data = join(options.dir, 'data');
  return startChild({
    command: [binary('postgres'), '-D', data, ...place, ...sizes, ...(options.durable ? [] : fast)],
    account,
    logFile: join(options.dir, 'postgres.log'),
    // "Fast" shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'INT',
    ready: () => answers(`postgres://postgres@127.0.0.1:${port}/postgres`),
  });
}

/** A private PostgreSQL on loopback: trust authentication, superuser `postgres`. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const account = await serverAccount('postgres');
  const data = join(options.dir, 'data');
  await ownFolder(options.dir, account);
  if (!(await exists(join(data, 'PG_VERSION')))) await makeCluster(data, account);
  const start = async (port: number): Promise<Postgres> => {
    const { pid, stop, kill } = await startServer(options, account, port);
    const bySocket = options.bySocket ? `?host=${encodeURIComponent(options.dir)}` : '';
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres${bySocket}`, port, pid, stop, kill };
  };
  return options.port ? startOnPort(options.port, start) : startOnFreePort(1, 'tcp', ([port = 0]) => start(port));
}
