import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlFlavor } from '#db/migrator.ts';
import { createPasswords } from '#features/identity/passwords.ts';
import { runHub } from '#main/run-hub.ts';
import type { Clock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Client, logIn } from './http-client.ts';

/** A tenant as a test works with it: through its admin, by HTTP only. */
export type Office = { readonly tenantId: string; readonly subdomain: string; readonly admin: Client };

/** A whole hub in this process, on databases of its own. */
export type RunningHub = {
  readonly url: string;
  /** Where isolated subscribers' requests arrive, if anywhere. */
  readonly isolirPort: number | null;
  /** What it was started with: a command given the same works on the same installation. */
  readonly environment: NodeJS.ProcessEnv;
  readonly radius: RadiusDatabase;
  /** Past every door, for looking at what no door shows. */
  readonly look: TestBridge['look'];
  /** The platform owner. */
  readonly platform: Client;
  addOffice(name: string): Promise<Office>;
  log(): string;
  close(): Promise<void>;
};

export type HubPlace = {
  /** Superuser's URL of the PostgreSQL that the bridge lies on. */
  readonly postgresUrl: string;
  readonly flavor: SqlFlavor;
  /** Superuser's URL of the server that the RADIUS tables lie on. */
  readonly radiusServerUrl: string;
  readonly clock?: Clock;
  /** Done when the databases are there and the hub is not. */
  readonly beforeStart?: () => Promise<void>;
  /** What its environment says beside the usual. */
  readonly more?: NodeJS.ProcessEnv;
};

const owner = { email: 'owner@jembatan.example', password: 'correct horse battery' };

/** What the environment of such a hub says: a free port, no limits, and that it may reach the stand-ins on loopback. */
export const hubEnvironment = (bridgeUrl: string, radiusUrl: string, dataDir: string): NodeJS.ProcessEnv => ({
  JEMBATAN_PORT: '0',
  JEMBATAN_DATA_DIR: dataDir,
  JEMBATAN_OWNER_EMAIL: owner.email,
  JEMBATAN_OWNER_PASSWORD: owner.password,
  JEMBATAN_OUTBOUND_ALLOW: '127.0.0.0/8',
  // The run's own PostgreSQL is fast, not durable.
  JEMBATAN_ALLOW_FRAGILE: 'yes',
  JEMBATAN_LIMIT_ADDRESS: '0',
  JEMBATAN_LIMIT_USER: '0',
  JEMBATAN_LIMIT_LOGIN: '0',
  DATABASE_URL: bridgeUrl,
  RADIUS_DATABASE_URL: radiusUrl,
});

export const logInOwner = (url: string): Promise<Client> => logIn(url, owner);

/** Makes a tenant and its admin as the platform owner does, and logs the admin in. */
export async function openOffice(url: string, platform: Client, name: string): Promise<Office> {
  const subdomain = `${name}-${randomBytes(3).toString('hex')}`;
  const { id: tenantId } = await platform.post<{ id: string }>('tenants', { name, subdomain });
  const admin = { email: 'admin@isp.example', password: 'correct horse', name: 'Ayu', role: 'admin' };
  await platform.post('auth/register', { ...admin, tenant_id: tenantId });
  return { tenantId, subdomain, admin: await logIn(url, { ...admin, subdomain }) };
}

/** `close()` ends the hub and drops its databases; the RADIUS one stays where its server is away by then. */
export async function startRunningHub({ clock, beforeStart, more = {}, ...place }: HubPlace): Promise<RunningHub> {
  const bridge = await createTestBridge(place.postgresUrl, 1);
  const radius = await createDatabase(place.flavor, place.radiusServerUrl);
  const folder = await mkdtemp(join(tmpdir(), 'jbh-'));
  await beforeStart?.();
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => lines.push(line) });
  const environment = { ...hubEnvironment(bridge.url, radius.url, folder), ...more };
  // What a hash costs is proved where passwords are; here it would be most of what a test waits for.
  const passwords = createPasswords(4);
  const hub = await runHub(readConfig(environment), log, { passwords, ...(clock && { clock }) });
  const platform = await logInOwner(hub.url);
  return {
    url: hub.url,
    isolirPort: hub.isolirPort,
    environment,
    platform,
    radius,
    look: bridge.look,
    addOffice: (name) => openOffice(hub.url, platform, name),
    log: () => lines.join(''),
    close: async () => {
      await hub.close();
      await radius.drop();
      await bridge.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
