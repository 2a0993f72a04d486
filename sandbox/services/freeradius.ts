import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Account, ownFolder, serverAccount } from './account.ts';
import { type Child, startChild } from './child.ts';
import { findBinary } from './find-binary.ts';
import { startOnFreePort } from './free-port.ts';
import { radiusEnvironment } from './freeradius-environment.ts';
import { askStatus } from './status-server.ts';

const run = promisify(execFile);

export type FreeradiusOptions = {
  /** Made if missing; holds the copied configuration, the log and the pid file. */
  readonly dir: string;
  /** The RADIUS database, with the login of `radius-config/grants`: `mysql://…` or `postgres://…`. */
  readonly database: string;
  readonly secretOfStatus?: string;
  /** Seconds before a refusal goes out; 0 by default, so that tests do not wait. */
  readonly rejectDelay?: number;
  /** Acct-Interim-Interval of groups that name none; 300 by default. */
  readonly interimSeconds?: number;
  /** Whether requests must carry a Message-Authenticator; yes by default. */
  readonly requireSigned?: boolean;
  /** Compares a modem's address as the router sends it, as a configuration does that is not ours; no by default. */
  readonly macsAsSent?: boolean;
  /** With a secret: FreeRADIUS also plays a router that takes Disconnect and CoA on `coaPort` (freeradius-coa.conf). */
  readonly coa?: { readonly secret: string };
};

export type Freeradius = {
  readonly authPort: number;
  readonly acctPort: number;
  /** Null unless `coa` was asked for. */
  readonly coaPort: number | null;
  readonly pid: number;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
  log(): string;
};

const configuration = fileURLToPath(new URL('../../radius-config', import.meta.url));
const standIn = fileURLToPath(new URL('./freeradius-coa.conf', import.meta.url));

/** FreeRADIUS refuses a configuration that others may write, and reads it as the account that it runs under. */
async function copyConfiguration(
  target: string,
  { coa, macsAsSent }: FreeradiusOptions,
  account: Account | null,
): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(configuration, target, { recursive: true });
  if (coa) await cp(standIn, join(target, 'sites-enabled', 'coa-stand-in'));
  if (macsAsSent) {
    const site = join(target, 'sites-enabled', 'default');
    await writeFile(site, (await readFile(site, 'utf8')).replace(/^\s*canonical_mac$/gm, ''));
  }
  await run('chmod', ['-R', 'u=rwX,go=', target]);
  if (account) await run('chown', ['-R', `${account.uid}:${account.gid}`, target]);
}

function startServer(
  options: FreeradiusOptions,
  account: Account | null,
  [authPort = 0, acctPort = 0, statusPort = 0, coaPort = 0]: readonly number[],
): Promise<Child> {
  const configDir = join(options.dir, 'raddb');
  const statusSecret = options.secretOfStatus ?? randomBytes(16).toString('hex');
  const settings = radiusEnvironment({
    configDir,
    runDir: options.dir,
    database: options.database,
    authPort,
    acctPort,
    statusPort,
    statusSecret,
    rejectDelaySeconds: options.rejectDelay ?? 0,
    interimSeconds: options.interimSeconds ?? 300,
    requireSigned: options.requireSigned ?? true,
  });
  const coa = { SANDBOX_COA_PORT: String(coaPort), SANDBOX_COA_SECRET: options.coa?.secret ?? '' };
  return startChild({
    command: [findBinary({ name: 'freeradius', debianPackage: 'freeradius' }), '-f', '-d', configDir],
    account,
    logFile: join(options.dir, 'start.log'),
    env: { ...settings, ...coa },
    ready: () => askStatus(statusPort, statusSecret),
  });
}

/** What FreeRADIUS wrote into its own log, which it opens after its start. */
function serverLog(dir: string): string {
  const file = join(dir, 'radius.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** A FreeRADIUS of our own on loopback, with `radius-config/` as it is. It starts also when the database is down. */
export async function startFreeradius(options: FreeradiusOptions): Promise<Freeradius> {
  const account = await serverAccount('freerad');
  await ownFolder(options.dir, account);
  await copyConfiguration(join(options.dir, 'raddb'), options, account);
  return startOnFreePort(4, 'udp', async (ports) => {
    const { pid, stop, kill, log } = await startServer(options, account, ports);
    const [authPort = 0, acctPort = 0, , coaPort = 0] = ports;
    return {
      authPort,
      acctPort,
      coaPort: options.coa ? coaPort : null,
      pid,
      stop,
      kill,
      log: () => log() + serverLog(options.dir),
    };
  });
}
