import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, canEnter, giveTo } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/**
 * Where one embedded cluster lies. `home` holds PGDATA, the socket folder and the server's log; it is in the data folder,
 * or elsewhere where the server's account cannot enter that.
 */
export type Home = { readonly home: string; readonly clusterFolder: string; readonly elsewhere: boolean };

const locationFile = (dataDir: string): string => join(dataDir, 'postgres.location');
const at = (home: string, elsewhere: boolean): Home => ({ home, clusterFolder: join(home, 'cluster'), elsewhere });

/** The home that the data folder records or holds already; null where no cluster was made yet. */
export async function recordedHome(dataDir: string): Promise<Home | null> {
  if (existsSync(locationFile(dataDir))) {
    const recorded = at((await readFile(locationFile(dataDir), 'utf8')).trim(), true);
    if (existsSync(recorded.clusterFolder)) return recorded;
    throw new EmbeddedPostgresError(
      'lost_cluster',
      `${locationFile(dataDir)} says that the database lies in ${recorded.home}, and it is not there. ` +
        'Bring it back, or delete that file to begin with an empty database.',
    );
  }
  const inside = at(join(dataDir, 'postgres'), false);
  return existsSync(inside.clusterFolder) ? inside : null;
}

/** The same data folder gets the same place again, also when the first start was cut off. */
const outsideHome = (dataDir: string, root: string): string =>
  join(root, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));

/**
 * Where a new cluster goes.
 *
 * @param dataDir absolute
 * @param outsideRoot where clusters go whose data folder the account cannot enter
 */
export function placeHome(dataDir: string, outsideRoot: string, account: Account | null): Home {
  const elsewhere = !canEnter(account, dataDir);
  return at(elsewhere ? outsideHome(dataDir, outsideRoot) : join(dataDir, 'postgres'), elsewhere);
}

export async function makeFolders({ home, elsewhere }: Home, account: Account | null): Promise<void> {
  if (elsewhere) {
    await mkdir(dirname(home), { recursive: true });
    await chmod(dirname(home), 0o755);
  }
  await mkdir(home, { recursive: true });
  await chmod(home, 0o700);
  await giveTo(account, home);
}

/** Written once the cluster stands, so that a first start that was cut off leaves no false trace. */
export async function recordHome(dataDir: string, home: Home): Promise<void> {
  if (home.elsewhere) await writeFile(locationFile(dataDir), `${home.home}\n`, { mode: 0o600 });
}
