import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Log } from '#platform/log.ts';
import { type Account, serverAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { clusterMajor, freePort, makeCluster, reachableSocket, startServer, stopServer } from './cluster.ts';
import { type Home, makeFolders, placeHome, recordedHome, recordHome } from './home.ts';
import { withLock } from './lock.ts';
import { ensureLogins } from './logins.ts';
import { setOrphanAside } from './orphan.ts';
import { hasKeptSettings, type KeptSettings, keepSettings, readKeptSettings } from './passwords.ts';
import { readyPackage } from './platform-package.ts';
import { livingPostmaster } from './postmaster.ts';
import { registerUser, unregisterUser } from './users.ts';

/** What a FreeRADIUS needs to reach its tables. */
export type RadiusLogin = {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
};

export type EmbeddedPostgres = {
  /** `postgres://…` of the login `hub`, which owns both databases and is no superuser; through the server's socket where it can. */
  readonly hubUrl: string;
  readonly radiusUrl: string;
  /** The superuser, for set-up and backup only: it passes by row-level security. */
  readonly adminUrl: string;
  readonly radiusLogin: RadiusLogin;
  /** A server was running already: left alive by a killed hub, or in use by another process of this hub. */
  readonly adopted: boolean;
  /** The folder that the cluster lies in, and the PostgreSQL that serves it, in words for the operator. */
  readonly where: string;
  /** Stops the server, unless another living process of this hub still uses it. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  readonly log: Pick<Log, 'info'>;
  /** Where the cluster goes when the server's account cannot enter `dataDir`. */
  readonly outsideRoot?: string;
  readonly environment?: { readonly HUB_PG_BIN?: string | undefined; readonly PATH?: string | undefined };
};

type Standing = { readonly home: Home; readonly binaries: Binaries; readonly account: Account | null };

/** The folders and the PostgreSQL of a cluster, made or found. */
async function stand(options: EmbeddedPostgresOptions, dataDir: string): Promise<Standing> {
  const recorded = await recordedHome(dataDir);
  const account = await serverAccount(recorded?.clusterFolder ?? null);
  const major = recorded === null ? null : await clusterMajor(recorded.clusterFolder);
  const found = await findBinaries(major, options.environment ?? process.env);
  const home = recorded ?? (await newHome(options, dataDir, account));
  return { home, account, binaries: await readyPackage(found, home.home, account) };
}

async function newHome(options: EmbeddedPostgresOptions, dataDir: string, account: Account | null): Promise<Home> {
  const home = placeHome(dataDir, options.outsideRoot ?? '/var/lib/jembatan', account);
  if (home.elsewhere && !hasKeptSettings(dataDir)) {
    const where = await setOrphanAside(home);
    if (where !== null)
      options.log.info('a database whose data folder was deleted lay there; it was set aside', { where });
  }
  await makeFolders(home, account);
  return home;
}

async function makeWhereMissing({ home, binaries, account }: Standing, dataDir: string): Promise<KeptSettings> {
  const exists = (await clusterMajor(home.clusterFolder)) !== null;
  const kept = await readKeptSettings(dataDir, exists);
  await keepSettings(dataDir, kept);
  if (!exists) await makeCluster(binaries, home, kept.passwords.postgres, account);
  await recordHome(dataDir, home);
  return kept;
}

async function serve(standing: Standing, kept: KeptSettings): Promise<{ port: number; adopted: boolean }> {
  const living = await livingPostmaster(standing.home.clusterFolder, kept.passwords.postgres);
  if (living) return { port: living.port, adopted: true };
  const port = await freePort(kept.port);
  await startServer(standing.binaries, standing.home, port, standing.account);
  return { port, adopted: false };
}

const urlOf = (user: string, password: string, port: number, database: string): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

function addresses({ passwords }: KeptSettings, port: number, socket: string | null) {
  const bySocket = socket === null ? '' : `?host=${encodeURIComponent(socket)}`;
  return {
    hubUrl: `${urlOf('hub', passwords.hub, port, 'hub')}${bySocket}`,
    radiusUrl: urlOf('hub', passwords.hub, port, 'radius'),
    adminUrl: urlOf('postgres', passwords.postgres, port, 'postgres'),
    radiusLogin: { user: 'freeradius', password: passwords.freeradius, host: '127.0.0.1', port, database: 'radius' },
  };
}

function inWords({ home, binaries, account }: Standing): string {
  const reason = home.elsewhere ? ' (the data folder is closed to the account that PostgreSQL runs under)' : '';
  const under = account === null ? '' : `, as ${account.name}`;
  return `${home.home}${reason}, PostgreSQL ${binaries.major} from ${binaries.bin}${under}`;
}

/** Brings the server up under the lock; where a later step fails, a server that was started for it is stopped again. */
async function bringUp(options: EmbeddedPostgresOptions, dataDir: string): Promise<EmbeddedPostgres> {
  const standing = await stand(options, dataDir);
  const kept = await makeWhereMissing(standing, dataDir);
  const { port, adopted } = await serve(standing, kept);
  const note = await registerUser(dataDir);
  const leave = async (): Promise<void> => {
    const others = await unregisterUser(dataDir, note);
    if (others === 0) await stopServer(standing.binaries, standing.home, standing.account);
  };
  try {
    await keepSettings(dataDir, { ...kept, port });
    await ensureLogins(port, kept);
  } catch (error) {
    await leave();
    throw error;
  }
  const where = inWords(standing);
  options.log.info(adopted ? 'embedded PostgreSQL was running, and is used' : 'embedded PostgreSQL runs', {
    where,
    port,
  });
  const socket = await reachableSocket(standing.home, port);
  return { ...addresses(kept, port, socket), adopted, where, stop: () => withLock(dataDir, leave) };
}

/**
 * A private PostgreSQL for the bridge and the RADIUS tables, on loopback with passwords: made where there is none,
 * adopted where one runs. Everything about it is kept in the data folder.
 *
 * @throws EmbeddedPostgresError whose message says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(resolve(options.dataDir), { recursive: true });
  const dataDir = await realpath(options.dataDir);
  return withLock(dataDir, () => bringUp(options, dataDir));
}
