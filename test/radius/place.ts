import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlFlavor } from '#db/migrator.ts';
import { type FreeradiusOptions, startFreeradius } from '#sandbox/services/freeradius.ts';
import { type RadiusAnswer, radclient } from './radclient.ts';
import { createDatabase, prepareForFreeradius, type RadiusDatabase } from './radius-database.ts';
import { routers, seed } from './subscribers.ts';

type Attributes = Readonly<Record<string, string>>;
export type RouterName = keyof typeof routers;

/** A seeded database with a real FreeRADIUS on it, and routers that speak to it. */
export type Place = {
  readonly database: RadiusDatabase;
  login(attributes: Attributes, from?: RouterName, waitSeconds?: number): Promise<RadiusAnswer>;
  account(attributes: Attributes, from?: RouterName, waitSeconds?: number): Promise<RadiusAnswer>;
  readonly authPort: number;
  /** Null unless the settings ask for the stand-in router. */
  readonly coaPort: number | null;
  log(): string;
  stop(): Promise<void>;
};

type Settings = Partial<
  Pick<FreeradiusOptions, 'rejectDelay' | 'interimSeconds' | 'requireSigned' | 'macsAsSent' | 'coa'>
>;

/** `serverUrl`: the superuser's, of a MariaDB or PostgreSQL server. */
export async function openPlace(flavor: SqlFlavor, serverUrl: string, settings: Settings = {}): Promise<Place> {
  const database = await createDatabase(flavor, serverUrl);
  const url = await prepareForFreeradius(database);
  await seed(database.db);
  const folder = await mkdtemp(join(tmpdir(), 'jbr-'));
  await chmod(folder, 0o755);
  const server = await startFreeradius({ dir: join(folder, 'fr'), database: url, ...settings });
  const from = (router: RouterName, attributes: Attributes) => ({
    secret: routers[router].secret,
    attributes: { 'Packet-Src-IP-Address': routers[router].address, ...attributes },
  });
  return {
    database,
    login: (attributes, router = 'own', waitSeconds = 5) => {
      const signed = { 'Message-Authenticator': '0x00', ...attributes };
      return radclient({ kind: 'auth', port: server.authPort, waitSeconds, ...from(router, signed) });
    },
    account: (attributes, router = 'own', waitSeconds = 5) =>
      radclient({ kind: 'acct', port: server.acctPort, waitSeconds, ...from(router, attributes) }),
    authPort: server.authPort,
    coaPort: server.coaPort,
    log: server.log,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
