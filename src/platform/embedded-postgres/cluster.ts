import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Account, giveTo, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Home } from './home.ts';

type Outcome = { readonly code: number | null; readonly output: string };

/**
 * Runs one of PostgreSQL's tools under the server's account. It gets no environment of ours (that may hold secrets,
 * and PG… variables would mislead it) and a working folder that every account can enter.
 */
function runTool(bin: string, tool: 'initdb' | 'pg_ctl', args: readonly string[], account: Account | null) {
  return new Promise<Outcome>((resolve, reject) => {
    const child = spawn(join(bin, tool), args, {
      ...spawnAs(account),
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (part: Buffer): void => {
      output += part.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}

/** The major version that made the cluster; null where there is none. */
export async function clusterMajor(clusterFolder: string): Promise<number | null> {
  const file = join(clusterFolder, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(await readFile(file, 'utf8'), 10) : null;
}

/** Makes the cluster under another name first: an initdb that was cut off is begun anew, never half used. */
export async function makeCluster(
  { bin }: Binaries,
  { home, clusterFolder }: Home,
  password: string,
  account: Account | null,
): Promise<void> {
  const draft = `${clusterFolder}.new`;
  const passwordFile = join(home, 'initdb.password');
  await rm(draft, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveTo(account, passwordFile);
  const args = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const made = await runTool(bin, 'initdb', [...args, '-E', 'UTF8', '--locale=C.UTF-8'], account);
  await rm(passwordFile, { force: true });
  if (made.code !== 0) throw new EmbeddedPostgresError('not_started', `initdb in ${home} failed:\n${made.output}`);
  await rename(draft, clusterFolder);
}

/** A Unix socket's path has 107 bytes, and PostgreSQL puts `/.s.PGSQL.<port>` behind the folder. */
const socketFolderMaxBytes = 107 - '/.s.PGSQL.65535'.length;

/** The folder for the socket; null where its path would be too long (the server then listens on loopback TCP only). */
function socketFolder(home: string): string | null {
  const folder = join(home, 'socket');
  return Buffer.byteLength(folder) <= socketFolderMaxBytes && !/[',"]/.test(folder) ? folder : null;
}

/**
 * The folder through whose socket this process reaches the server, at less cost than over loopback (adr 56); null: there is none,
 * or its account keeps it to itself.
 */
export async function reachableSocket({ home }: Home, port: number): Promise<string | null> {
  const folder = socketFolder(home);
  if (folder === null) return null;
  try {
    await access(join(folder, `.s.PGSQL.${port}`), constants.R_OK | constants.W_OK);
    return folder;
  } catch {
    // Loopback is open to it in any case.
    return null;
  }
}

/** What the hub rests on is written out (REL-3): a commit that was answered survives a kill. */
const settingsText = (port: number, socket: string | null): string => `# Written by Jembatan at every start.
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${socket ?? ''}'
unix_socket_permissions = 0700
fsync = on
synchronous_commit = on
full_page_writes = on
password_encryption = 'scram-sha-256'
`;

async function writeSettings({ home, clusterFolder }: Home, port: number, account: Account | null): Promise<void> {
  const socket = socketFolder(home);
  if (socket !== null) {
    // No server of ours lives now. A killed one left its lock here, and an uncollected pid makes PostgreSQL believe it.
    await rm(socket, { recursive: true, force: true });
    await mkdir(socket, { mode: 0o700 });
    await giveTo(account, socket);
  }
  const include = "include = 'jembatan.conf'\n";
  const main = join(clusterFolder, 'postgresql.conf');
  const text = await readFile(main, 'utf8');
  if (!text.includes(include)) await writeFile(main, `${text}${include}`);
  await writeFile(join(clusterFolder, 'jembatan.conf'), settingsText(port, socket), { mode: 0o600 });
  await giveTo(account, join(clusterFolder, 'jembatan.conf'));
}

/** `wanted` where nobody has it, else one that is free; 0 wants any. */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && wanted !== 0) resolve(freePort(0));
      else reject(error);
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}

/** Starts the server and waits until it serves. It lives in a session of its own: Ctrl-C in a terminal is for the hub. */
export async function startServer(binaries: Binaries, at: Home, port: number, account: Account | null): Promise<void> {
  await writeSettings(at, port, account);
  const log = join(at.home, 'postgres.log');
  const args = ['-D', at.clusterFolder, '-l', log, '-w', '-t', '60', 'start'];
  const started = await runTool(binaries.bin, 'pg_ctl', args, account);
  if (started.code === 0) return;
  const tail = existsSync(log) ? (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-5).join('\n') : '';
  throw new EmbeddedPostgresError('not_started', `PostgreSQL did not start (${log}):\n${tail || started.output}`);
}

export async function stopServer({ bin }: Binaries, at: Home, account: Account | null): Promise<void> {
  const args = ['-D', at.clusterFolder, '-m', 'fast', '-w', '-t', '60', 'stop'];
  const stopped = await runTool(bin, 'pg_ctl', args, account);
  if (stopped.code !== 0 && existsSync(join(at.clusterFolder, 'postmaster.pid'))) {
    throw new EmbeddedPostgresError('not_stopped', `PostgreSQL in ${at.home} did not stop:\n${stopped.output}`);
  }
}
