import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { type Account, exists, ownFolder, serverAccount, underAccount } from './account.ts';
import { type Child, startChild } from './child.ts';
import { findBinary } from './find-binary.ts';
import { startOnFreePort, startOnPort } from './free-port.ts';

const run = promisify(execFile);

export type MariadbOptions = {
  /** Made if missing and reused if it holds data; keep it short, a socket lies in it. */
  readonly dir: string;
  /** Whether a commit survives a crash of the machine (that of the server it always does); off by default. */
  readonly durable?: boolean;
  /** Where an earlier server listened, so that its clients find it again; a free one by default. */
  readonly port?: number;
};

export type Mariadb = {
  /** `mysql://root@127.0.0.1:PORT/`, all rights, no password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
};

const binary = (name: string): string => findBinary({ name, debianPackage: 'mariadb-server' });

/** `--no-defaults` stands first: nothing of /etc/mysql applies here. */
const folders = (dir: string): readonly string[] => [
  '--no-defaults',
  `--datadir=${join(dir, 'data')}`,
  `--tmpdir=${join(dir, 'tmp')}`,
];

const logSize = '--innodb-log-file-size=48M';

async function makeData(dir: string, account: Account | null): Promise<void> {
  // "normal" = root without a password over TCP too; the default (socket account) would lock us out.
  const flags = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', logSize];
  const install = [binary('mariadb-install-db'), ...folders(dir), ...flags, '--innodb-buffer-pool-size=32M'];
  const [file = '', ...args] = underAccount(account, 'TERM', install);
  await run(file, args, { cwd: '/' });
}

async function answers(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 1_000 });
  await connection.end();
}

function startServer({ dir, durable }: MariadbOptions, account: Account | null, port: number): Promise<Child> {
  const place = ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${join(dir, 'my.sock')}`];
  const text = ['--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci'];
  const size = [logSize, '--innodb-buffer-pool-size=128M', '--max-connections=300'];
  // "nosync" hands every write to the operating system and never waits for the disk.
  const writes = durable
    ? ['--innodb-flush-log-at-trx-commit=1']
    : ['--innodb-flush-log-at-trx-commit=2', '--innodb-flush-method=nosync', '--debug-no-sync'];
  return startChild({
    command: [
      binary('mariadbd'),
      ...folders(dir),
      ...place,
      `--pid-file=${join(dir, 'my.pid')}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      ...text,
      ...size,
      ...writes,
    ],
    account,
    logFile: join(dir, 'mariadb.log'),
    ready: () => answers(`mysql://root@127.0.0.1:${port}/`),
  });
}

/** A private MariaDB on loopback: user `root` without a password, nothing of /etc/mysql. */
export async function startMariadb(options: MariadbOptions): Promise<Mariadb> {
  const { dir } = options;
  const account = await serverAccount('mysql');
  await ownFolder(dir, account);
  await ownFolder(join(dir, 'tmp'), account);
  if (!(await exists(join(dir, 'data', 'mysql')))) await makeData(dir, account);
  const start = async (port: number): Promise<Mariadb> => {
    const { pid, stop, kill } = await startServer(options, account, port);
    return { url: `mysql://root@127.0.0.1:${port}/`, port, pid, stop, kill };
  };
  return options.port ? startOnPort(options.port, start) : startOnFreePort(1, 'tcp', ([port = 0]) => start(port));
}
