import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { startRedis } from '#sandbox/services/redis.ts';

type Stoppable = { readonly url: string; stop(): Promise<void> };

export type TestServices = {
  readonly postgresUrl: string;
  readonly mariadbUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
};

const memory = '/dev/shm';
/** More than the databases that stand at one time, and the logs of their servers. */
const enoughBytes = 6 * 1024 ** 3;

/** Files in memory where there is room: hundreds of databases are made and dropped, of a thousand files each. */
async function roomiest(): Promise<string> {
  const free = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= enoughBytes ? memory : tmpdir();
}

/** The folder is short because sockets lie in it (107 bytes), and open because the servers run under accounts of their own. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(await roomiest(), 'jbt-'));
  await chmod(folder, 0o755);
  return folder;
}

/** One of each, empty, on free loopback ports. When one of them does not start, the others are stopped again. */
export async function startTestServices(): Promise<TestServices> {
  const folder = await temporaryFolder();
  const starts: readonly Promise<Stoppable>[] = [
    startPostgres({ dir: join(folder, 'pg') }),
    startMariadb({ dir: join(folder, 'my') }),
    startRedis({ dir: join(folder, 'rd') }),
  ];
  const outcomes = await Promise.allSettled(starts);
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const [postgres, mariadb, redis] = running;
  if (postgres && mariadb && redis) {
    return { postgresUrl: postgres.url, mariadbUrl: mariadb.url, redisUrl: redis.url, stop };
  }
  await stop();
  throw new AggregateError(
    outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
    'the databases that the tests need did not start',
  );
}
