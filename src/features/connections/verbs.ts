import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import type { Result } from '#domain/result.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { InstallTracker } from './install-inventree.ts';
import { listConnections } from './listing.ts';
import type { Connection, InstallStep, System, TestResult } from './schema.ts';
import { type Input, type Parts, partsOf, type Secrets } from './settings.ts';
import {
  connectionExists,
  deleteConnection,
  lockConnections,
  openStored,
  saveConnection,
  saveTest,
  usesRadius,
} from './store.ts';

export type ConnectionsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** The name of the RADIUS database at an address; null: the installation's. Equal names are the same database. */
  readonly radiusDbName: (databaseUrl: string | null) => string;
  /** Asks the system with the stored settings, and says in words what is wrong. */
  readonly test: (tenantId: string, system: System) => Promise<TestResult>;
  /** Furnishes the tenant's ERPNext; the error is for the operator. */
  readonly install: (tenantId: string) => Promise<Result<readonly InstallStep[], string>>;
  /** Furnishes the tenant's InvenTree; the error is for the operator. */
  readonly installTracker: InstallTracker;
  /** In the transaction that gives the tenant another RADIUS database, in which nothing of it is yet. */
  readonly onRadiusMove: (tx: Tx, who: Who) => Promise<void>;
  /** After the commit of a change: connectors and remembered secrets are out of date. */
  readonly onChange: (tenantId: string, system: System) => void;
};

/**
 * Another RADIUS database is furnished before its first subscriber. Routers and lines stay where they were written: moving
 * them is another undertaking than a new address, so it is refused.
 */
async function moveRadius(deps: ConnectionsDeps, tx: Tx, who: Who, before: Secrets, after: Secrets): Promise<void> {
  const nameOf = ({ database_url }: Secrets): string => deps.radiusDbName(database_url ?? null);
  if (nameOf(before) === nameOf(after)) return;
  if (await usesRadius(tx, who.tenantId)) {
    const message = 'There are routers or subscribers in the present RADIUS database; it cannot be changed.';
    throw new Refusal('CONFLICT', message);
  }
  await deps.onRadiusMove(tx, who);
}

async function shown(tx: Tx, tenantId: string, system: System, vault: TenantVault): Promise<Connection> {
  const found = (await listConnections(tx, tenantId, vault)).find((connection) => connection.system === system);
  if (!found) throw notFound('connection');
  return found;
}

/** What the audit log compares of a connection; it masks what is secret. */
const audited = (parts: Pick<Parts, 'settings' | 'secrets'> | null): Record<string, unknown> =>
  parts ? { ...parts.settings, ...parts.secrets } : {};

/** Connects a system, or changes how. Secrets that are left out stay as they are. */
export async function connect(deps: ConnectionsDeps, who: Who, input: Input): Promise<Connection> {
  demand(who.caller, 'connections:write');
  const { tenantId } = who;
  const { system } = input;
  const vault = await deps.vaultOf(tenantId);
  const connection = await deps.db.tenant(tenantId, async (tx) => {
    await lockConnections(tx, tenantId);
    const before = await openStored(tx, tenantId, system, vault);
    const parts = partsOf(input, before?.secrets ?? {});
    if (system === 'freeradius') await moveRadius(deps, tx, who, before?.secrets ?? {}, parts.secrets);
    const at = { tenantId, system, vault, now: deps.clock() };
    await saveConnection(tx, at, before?.secrets ?? null, parts);
    const action = before ? 'update' : 'create';
    await record(tx, who, { action, entity: 'connection', id: system, before: audited(before), after: audited(parts) });
    return { ...(await shown(tx, tenantId, system, vault)), warnings: [...parts.warnings] };
  });
  deps.onChange(tenantId, system);
  return connection;
}

/**
 * Turns a connection off: its settings and secrets are forgotten. What waits for the system goes on waiting, and nobody is
 * cut off, for there is no fresh evidence any more. Without one of its own a tenant uses the installation's FreeRADIUS.
 */
export async function disconnect(deps: ConnectionsDeps, who: Who, system: System): Promise<void> {
  demand(who.caller, 'connections:write');
  const { tenantId } = who;
  const vault = await deps.vaultOf(tenantId);
  await deps.db.tenant(tenantId, async (tx) => {
    await lockConnections(tx, tenantId);
    const before = await openStored(tx, tenantId, system, vault);
    if (!before) throw notFound('connection');
    if (system === 'freeradius') await moveRadius(deps, tx, who, before.secrets, {});
    await deleteConnection(tx, tenantId, system);
    await record(tx, who, { action: 'delete', entity: 'connection', id: system, before: audited(before) });
  });
  deps.onChange(tenantId, system);
}

export async function findConnections(deps: ConnectionsDeps, who: Who): Promise<Connection[]> {
  demand(who.caller, 'connections:read');
  const vault = await deps.vaultOf(who.tenantId);
  return deps.db.tenant(who.tenantId, (tx) => listConnections(tx, who.tenantId, vault));
}

/** Of these the installation may have one that serves a tenant without its own. */
const ofInstallation: readonly System[] = ['freeradius', 'smtp'];

/** Tries a connection and keeps the outcome; where there is none, the installation's. */
export async function testConnection(deps: ConnectionsDeps, who: Who, system: System): Promise<TestResult> {
  demand(who.caller, 'connections:test');
  const { tenantId } = who;
  const isConnected = await deps.db.tenant(tenantId, (tx) => connectionExists(tx, tenantId, system));
  if (!isConnected && !ofInstallation.includes(system)) {
    throw new Refusal('NOT_FOUND', `${system} is not connected yet: PUT connections/${system} first.`);
  }
  const { ok, text } = await deps.test(tenantId, system);
  const at = new Date(deps.clock());
  await deps.db.tenant(tenantId, (tx) => saveTest(tx, tenantId, system, { ok, text, at }));
  return { ok, text };
}
