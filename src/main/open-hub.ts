import { type Database, openDatabase } from '#db/database.ts';
import { migrateBridge } from '#db/migrate-bridge.ts';
import { type Databases, findDatabases } from '#main/databases.ts';
import { createWire, type Wire } from '#main/wire/wire.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Log } from '#platform/log.ts';
import { readMasterKeys, rereadMasterKeys } from '#platform/master-key-file.ts';
import { createVault, type Vault } from '#platform/secrets.ts';

/** The hub's inside, without its doors and loops: what a command works with. */
export type OpenHub = {
  readonly databases: Databases;
  /** Migrations of the bridge that ran just now; those of a RADIUS database run before its first use. */
  readonly migrated: readonly string[];
  readonly db: Database;
  readonly vault: Vault;
  readonly wire: Wire;
  close(): Promise<void>;
};

/**
 * Finds (or starts) the databases, brings them up to date and opens them; `close` leaves them as they were found. `demand`
 * may refuse what was found, by throwing, before anything is changed there.
 */
export async function openHub(
  config: Config,
  log: Log,
  clock: Clock = systemClock,
  demand: (databases: Databases) => Promise<void> = async () => undefined,
): Promise<OpenHub> {
  const databases = await findDatabases(config, log);
  try {
    await demand(databases);
    const migrated = await migrateBridge(databases.bridgeUrl);
    const keyFile = config.secretKeyFile;
    const vault = createVault(await readMasterKeys(keyFile), () => rereadMasterKeys(keyFile));
    const db = openDatabase(databases.bridgeUrl);
    // Of its own: who holds a connection of the hub's pool must never wait for another one of it.
    const wireDb = openDatabase(databases.bridgeUrl, 2);
    const wire = await createWire(wireDb, vault, config, databases, clock);
    return {
      databases,
      migrated,
      db,
      vault,
      wire,
      close: async () => {
        await wire.close();
        await wireDb.close();
        await db.close();
        await databases.embedded?.stop();
      },
    };
  } catch (error) {
    await databases.embedded?.stop();
    throw error;
  }
}

/** Opens the hub for one command and closes it again. */
export async function withHub<T>(config: Config, log: Log, work: (hub: OpenHub) => Promise<T>): Promise<T> {
  const hub = await openHub(config, log);
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}
