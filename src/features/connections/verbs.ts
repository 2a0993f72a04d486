import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { type Caller, requireRole, tenantOf } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { listConnections } from './listing.ts';
import type { Connection, System, TestResult } from './schema.ts';
import { type Input, type Parts, partsOf, type Secrets } from './settings.ts';
import { connectionExists, lockConnections, openStored, saveConnection, saveTest, usesRadius } from './store.ts';

export type ConnectionsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** The name of the RADIUS database at an address; null: the installation's. Equal names are the same database. */
  readonly radiusDbName: (databaseUrl: string | null) => string;
  /** Asks the system with the stored settings, and says in words what is wrong. */
  readonly test: (tenantId: string, system: System) => Promise<TestResult>;
  /** After the commit of a change: connectors and remembered secrets are out of date. */
  readonly onChange: (tenantId: string, system: System) => void;
};

/** Routers and lines stay where they were written: moving them is another undertaking than a new address. */
async function refuseMove(
  deps: ConnectionsDeps,
  tx: Tx,
  tenantId: string,
  before: Secrets,
  parts: Parts,
): Promise<void> {
  const nameOf = ({ database_url }: Secrets): string => deps.radiusDbName(database_url ?? null);
  if (nameOf(before) === nameOf(parts.secrets) || !(await usesRadius(tx, tenantId))) return;
  throw new Refusal(
    'CONFLICT',
    'There are routers or subscribers in the present RADIUS database; it cannot be changed.',
  );
}

async function shown(tx: Tx, tenantId: string, system: System, vault: TenantVault): Promise<Connection> {
  const found = (await listConnections(tx, tenantId, vault)).find((connection) => connection.system === system);
  if (!found) throw notFound('connection');
  return found;
}

/** Connects a system, or changes how. Secrets that are left out stay as they are. */
export async function connect(deps: ConnectionsDeps, caller: Caller, input: Input): Promise<Connection> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin');
  const { system } = input;
  const vault = await deps.vaultOf(tenantId);
  const connection = await deps.db.tenant(tenantId, async (tx) => {
    await lockConnections(tx, tenantId);
    const before = await openStored(tx, tenantId, system, vault);
    const parts = partsOf(input, before?.secrets ?? {});
    if (system === 'freeradius') await refuseMove(deps, tx, tenantId, before?.secrets ?? {}, parts);
    const at = { tenantId, system, vault, now: deps.clock() };
    await saveConnection(tx, at, before?.secrets ?? null, parts);
    return { ...(await shown(tx, tenantId, system, vault)), warnings: [...parts.warnings] };
  });
  deps.onChange(tenantId, system);
  return connection;
}

export async function findConnections(deps: ConnectionsDeps, caller: Caller): Promise<Connection[]> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin', 'noc');
  const vault = await deps.vaultOf(tenantId);
  return deps.db.tenant(tenantId, (tx) => listConnections(tx, tenantId, vault));
}

/** Tries a connection and keeps the outcome. FreeRADIUS can be tried unconnected: the installation's serves then. */
export async function testConnection(deps: ConnectionsDeps, caller: Caller, system: System): Promise<TestResult> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin', 'noc');
  const isConnected = await deps.db.tenant(tenantId, (tx) => connectionExists(tx, tenantId, system));
  if (!isConnected && system !== 'freeradius') {
    throw new Refusal('NOT_FOUND', `${system} is not connected yet: PUT connections/${system} first.`);
  }
  const { ok, text } = await deps.test(tenantId, system);
  const at = new Date(deps.clock());
  await deps.db.tenant(tenantId, (tx) => saveTest(tx, tenantId, system, { ok, text, at }));
  return { ok, text };
}
