import { execFile } from 'node:child_process';
import { access, chown, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Account = { readonly uid: number; readonly gid: number };

/**
 * The account that a server started by root drops to: the one of its package, else `nobody` (PostgreSQL asks for an
 * account that has a passwd entry). Null for an ordinary user, whose servers run as that user.
 */
export async function serverAccount(name: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const entry = await passwdEntry(name).catch(() => passwdEntry('nobody'));
  const [, , uid, gid] = entry.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

const passwdEntry = async (name: string): Promise<string> => (await run('getent', ['passwd', name])).stdout;

/** Makes the folder, private to the account that the server runs as. */
export async function ownFolder(path: string, account: Account | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * The command line that runs `command` under the account, and ends it by `signal` when this process dies: a killed
 * test run leaves no servers behind.
 */
export function underAccount(
  account: Account | null,
  signal: 'INT' | 'TERM',
  command: readonly string[],
): readonly string[] {
  const drop = account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : [];
  return ['setpriv', ...drop, `--pdeathsig=${signal}`, '--', ...command];
}
