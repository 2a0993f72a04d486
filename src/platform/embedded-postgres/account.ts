import { spawnSync } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The operating-system account that the server runs under. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number };

/** PostgreSQL refuses an account without a passwd entry, so only those that have one are of use. */
async function passwdEntries(): Promise<readonly Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/**
 * PostgreSQL refuses to run as root, so root hands over to the account that already owns the cluster, else to
 * `postgres`, else to `nobody`. Null: this process's own account will do.
 *
 * @param clusterFolder PGDATA of a cluster that exists, or null
 */
export async function serverAccount(clusterFolder: string | null): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await passwdEntries();
  const owner = clusterFolder === null ? undefined : (await stat(clusterFolder)).uid;
  const found =
    owner === undefined
      ? (accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody'))
      : accounts.find(({ uid }) => uid === owner && uid !== 0);
  if (found) return found;
  const wanted = owner === undefined ? 'an account `postgres` or `nobody`' : `an account with the uid ${owner}`;
  throw new EmbeddedPostgresError('unusable_folder', `PostgreSQL does not run as root and there is no ${wanted} here.`);
}

/** Options for a child of the account. libuv clears root's supplementary groups before it changes uid and gid. */
export const spawnAs = (account: Account | null): { uid?: number; gid?: number } =>
  account === null ? {} : { uid: account.uid, gid: account.gid };

/** Whether the account can enter the folder: tried, not computed, since ACLs and mounts have their say too. */
export function canEnter(account: Account | null, folder: string): boolean {
  const tried = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...spawnAs(account),
    cwd: '/',
    stdio: 'ignore',
  });
  return tried.status === 0;
}

export async function giveTo(account: Account | null, path: string): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}
