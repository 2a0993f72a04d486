// Runs before anything is installed: plain JavaScript and Node's own modules only.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** What an operator must do before this can go on; the doors print it and end with exit code 2. */
export class Unready extends Error {}

/** Runs a program and answers its exit code. Its output goes to stderr: stdout belongs to the command's own answer. */
export function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal === null ? code : 1));
  });
}

function demandNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Unready(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** npm notes in `node_modules` what it installed; packages for other platforms are rightly missing there. */
export function packagesAreStale(folder = root) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return true;
  const { packages: present } = readJson(installed);
  const { packages: wanted } = readJson(join(folder, 'package-lock.json'));
  return Object.entries(wanted).some(
    ([path, { version, optional }]) =>
      path !== '' && present[path]?.version !== version && !(optional && !present[path]),
  );
}

/**
 * Whether the lock file knows every optional package of every platform. One that was written against a registry that
 * lacks some does not, and `npm ci` refuses it.
 */
export function lockIsWhole(folder = root) {
  const { packages } = readJson(join(folder, 'package-lock.json'));
  const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
  return wanted.every((name) => locked.has(name));
}

// The clone runs from source, so the development packages are needed whatever NODE_ENV says.
const npmFlags = ['--include=dev', '--include=optional', '--prefer-offline', '--no-audit', '--no-fund'];

/** Installs the npm packages of the lock file where they are missing or older; the lock file itself stays as it is. */
export async function ensurePackages() {
  demandNode();
  if (!packagesAreStale()) return;
  process.stderr.write('Installing the npm packages …\n');
  const how = lockIsWhole() ? ['ci'] : ['install', '--no-save'];
  if ((await run('npm', [...how, ...npmFlags])) !== 0) throw new Unready(`npm ${how[0]} failed; see above.`);
}

const anyOf = (...paths) => paths.some((path) => existsSync(path));
const freeradiusModule = (name) => anyOf(`/usr/lib/freeradius/${name}.so`, `/usr/lib64/freeradius/${name}.so`);

/** Whether the system has a PostgreSQL server of its own. */
export const hasPostgres = () =>
  existsSync('/usr/lib/postgresql') &&
  readdirSync('/usr/lib/postgresql').some((major) => existsSync(`/usr/lib/postgresql/${major}/bin/initdb`));

/** Debian's name of each system package, and how its presence is seen. */
const systemPackages = {
  postgresql: hasPostgres,
  'mariadb-server': () => anyOf('/usr/sbin/mariadbd', '/usr/sbin/mysqld'),
  'redis-server': () => anyOf('/usr/bin/redis-server'),
  freeradius: () => anyOf('/usr/sbin/freeradius'),
  'freeradius-mysql': () => freeradiusModule('rlm_sql_mysql'),
  'freeradius-postgresql': () => freeradiusModule('rlm_sql_postgresql'),
  'freeradius-utils': () => anyOf('/usr/bin/radclient'),
  curl: () => anyOf('/usr/bin/curl'),
  chromium: () => anyOf('/usr/bin/chromium', '/usr/bin/chromium-browser'),
};

export const everySystemPackage = Object.keys(systemPackages);

/** Keeps freshly installed daemons from starting, as Debian's policy-rc.d does; answers how to undo it. */
function keepDaemonsOff() {
  const file = '/usr/sbin/policy-rc.d';
  if (existsSync(file)) return () => undefined;
  writeFileSync(file, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const undo = () => rmSync(file, { force: true });
  const leave = () => process.exit(130);
  process.once('exit', undo).once('SIGINT', leave).once('SIGTERM', leave);
  return () => {
    undo();
    process.off('exit', undo).off('SIGINT', leave).off('SIGTERM', leave);
  };
}

const installLine = (names) => `apt-get install -y --no-install-recommends ${names.join(' ')}`;

async function aptInstall(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const undo = keepDaemonsOff();
  try {
    await run('apt-get', ['update', '-q'], { env });
    return (await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env })) === 0;
  } finally {
    undo();
  }
}

const canInstall = () => process.getuid?.() === 0 && anyOf('/usr/bin/apt-get');

/** Installs those of the system packages that are missing; without root it names the line that would. */
export async function ensureSystem(names) {
  const missing = names.filter((name) => !systemPackages[name]());
  if (missing.length === 0) return;
  if (!canInstall()) throw new Unready(`These system packages are missing. Run, as root:\n${installLine(missing)}`);
  process.stderr.write(`Installing ${missing.join(', ')} …\n`);
  if (!(await aptInstall(missing))) throw new Unready(`This failed; see above:\n${installLine(missing)}`);
}

/**
 * Gives the embedded database the system's PostgreSQL where root can install it. Where that fails, or there is no root,
 * the optional npm package serves, so this never stops a start.
 */
export async function preferSystemPostgres(dataDir) {
  const begun = existsSync(join(dataDir, 'postgres.json'));
  if (begun || hasPostgres() || process.env.HUB_PG_BIN || !canInstall()) return;
  process.stderr.write('Installing PostgreSQL …\n');
  if (!(await aptInstall(['postgresql'])))
    process.stderr.write('That failed; PostgreSQL comes from the npm package.\n');
}

/** Runs a door's work; what the operator must do first ends it with exit code 2. */
export async function door(work) {
  try {
    process.exitCode = (await work()) ?? process.exitCode;
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
