import { createHash } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { createBuiltinLedger } from '#connectors/builtin/ledger.ts';
import { createErpnextLedger } from '#connectors/erpnext/ledger.ts';
import { erpnextSettings } from '#connectors/erpnext/settings.ts';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { freeradiusSettings } from '#connectors/freeradius/settings.ts';
import { createInventreeTracker } from '#connectors/inventree/asset-tracker.ts';
import { createInventreeHints } from '#connectors/inventree/hints.ts';
import { inventreeSettings } from '#connectors/inventree/settings.ts';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import type { Database } from '#db/database.ts';
import { err, type Result } from '#domain/result.ts';
import type { HintSource } from '#inbox/receive-hint.ts';
import type { Databases } from '#main/databases.ts';
import { createGateways, type Gateways } from '#main/wire/gateways.ts';
import { openGuards } from '#main/wire/guards.ts';
import { createMessaging, type Messaging } from '#main/wire/messaging.ts';
import { createPerTenant, type PerTenant } from '#main/wire/per-tenant.ts';
import { type Closable, preparedEnforcer } from '#main/wire/prepared-enforcer.ts';
import { grantRadiusLogin, migrateRadius, raiseGeneration } from '#main/wire/radius-database.ts';
import { setUpLedger } from '#main/wire/set-up-ledger.ts';
import { setUpTracker } from '#main/wire/set-up-tracker.ts';
import { type System, type Tested, testConnection } from '#main/wire/test-connection.ts';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { TenantVault, Vault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import type { WebhookSource } from '#ports/webhook-source/port.ts';

type Connected = {
  readonly settings: unknown;
  readonly currency: string;
  readonly isCurrencyChosen: boolean;
  readonly allowPrivate: boolean;
};

/** Who plays which role for which tenant. */
export type Wire = Messaging &
  Gateways & {
    /** ERPNext's webhooks: who signed them, what they speak of. */
    readonly erpnextWebhooks: WebhookSource;
    readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
    readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
    /** The hub's own ledger of a tenant: whoever follows another one must not take it for that one, so it is asked by name. */
    readonly ownLedgerOf: (tenantId: string) => Ledger;
    /** Who keeps the tenant's stock: InvenTree where it is connected, else the hub's own list. */
    readonly assetTrackerOf: (tenantId: string) => Promise<AssetTracker>;
    /** What InvenTree's event plugins tell, and with which secret a tenant's signs; null: it has none. */
    readonly inventreeHints: HintSource;
    readonly hintSecretOf: (tenantId: string) => Promise<string | null>;
    readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
    /** The installation's RADIUS database, whoever's it is. */
    readonly installation: Enforcer;
    /** Names the RADIUS database of a tenant: usernames and NAS addresses are unique within it. */
    readonly radiusDbOf: (tenantId: string) => Promise<string>;
    /** The name of the database at an address; null: the installation's. */
    readonly radiusDbName: (url: string | null) => string;
    readonly radiusUrlOf: (tenantId: string) => Promise<string>;
    readonly test: (tenantId: string, system: System) => Promise<Tested>;
    /** Furnishes the tenant's ERPNext for the hub, or looks what it lacks. */
    readonly setUpLedger: (
      tenantId: string,
      how: 'inspect' | 'install',
    ) => Promise<Result<readonly SetupStep[], string>>;
    /** Furnishes the tenant's InvenTree for the hub, or looks what it lacks. */
    readonly setUpTracker: (tenantId: string, how: 'inspect' | 'install') => ReturnType<typeof setUpTracker>;
    /** After a change of the tenant's settings or connections. */
    forget(tenantId: string): void;
    close(): Promise<void>;
  };

const erpnextTimeoutMs = 10_000;
const inventreeTimeoutMs = 10_000;

/** No Disconnect or CoA goes to an address that the hub may not reach. */
const guarded = (enforcer: Closable<Enforcer>, guard: AddressGuard): Closable<Enforcer> => ({
  ...enforcer,
  dropSession: async (session, target) => {
    const open = guard.check(target.host);
    return open.ok ? enforcer.dropSession(session, target) : err({ reason: 'rejected', detail: open.error.detail });
  },
  changeSession: async (session, target, change) => {
    const open = guard.check(target.host);
    if (!open.ok) return err({ reason: 'rejected', detail: open.error.detail });
    return enforcer.changeSession(session, target, change);
  },
});

const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port}${pathname}`;
};

/** The name of a RADIUS database by where it lies, whatever login leads there; `undefined`: the installation's own. */
function radiusDbName(url: string | undefined, installationUrl: string): string {
  if (url === undefined || placeOf(url) === placeOf(installationUrl)) return 'installation';
  return createHash('sha256').update(placeOf(url)).digest('hex').slice(0, 16);
}

/** Changes whenever a connection or the settings of the tenant do. */
const connectionsVersion = (db: Database, tenantId: string): Promise<string> =>
  db.worker(tenantId, async (tx) => {
    const rows = await tx
      .selectFrom('connections')
      .where('tenant_id', '=', tenantId)
      .select('updated_at')
      .orderBy('system')
      .execute();
    const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('updated_at').executeTakeFirst();
    return [...rows, tenant].map((row) => row?.updated_at.toISOString()).join(' ');
  });

async function readConnection(
  db: Database,
  vaults: PerTenant<TenantVault>,
  tenantId: string,
  system: System,
): Promise<Connected | null> {
  const row = await db.worker(tenantId, (tx) =>
    tx
      .selectFrom('connections as c')
      .innerJoin('tenants as t', 't.id', 'c.tenant_id')
      .where('c.tenant_id', '=', tenantId)
      .where('c.system', '=', system)
      .select(['c.settings', 'c.secrets', 't.settings as tenant_settings'])
      .executeTakeFirst(),
  );
  if (!row) return null;
  const vault = await vaults.get(tenantId);
  const secrets: unknown = JSON.parse(
    vault.open(row.secrets, { table: 'connections', column: 'secrets', row: system }),
  );
  const { currency, allow_private_networks: allowPrivate } = readTenantSettings(row.tenant_settings);
  return {
    settings: { ...Object(row.settings), ...Object(secrets) },
    currency,
    allowPrivate,
    isCurrencyChosen: Object(row.tenant_settings).currency !== undefined,
  };
}

const allowsPrivate = (db: Database, tenantId: string): Promise<boolean> =>
  db.worker(tenantId, async (tx) => {
    const row = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
    return readTenantSettings(row?.settings).allow_private_networks;
  });

/** Before the first row goes to a RADIUS database: has it the tables, where do its fences stand. */
async function prepareRadius(bridgeUrl: string, radiusUrl: string, lookup?: LookupFunction): Promise<void> {
  await migrateRadius(radiusUrl, lookup);
  await raiseGeneration(bridgeUrl, radiusUrl, lookup);
}

/** The installation's own: on the embedded server FreeRADIUS's login is let in as well. */
async function prepareInstallation({ bridgeUrl, radiusUrl, embedded }: Databases): Promise<void> {
  await prepareRadius(bridgeUrl, radiusUrl);
  if (embedded?.radiusUrl === radiusUrl) await grantRadiusLogin(radiusUrl, embedded.radiusLogin);
}

/** A RADIUS database that a tenant named. */
type OwnDatabase = { readonly url: string; readonly guard: AddressGuard };

/** One that a tenant named: may the hub go there at all. */
async function prepareForeign(bridgeUrl: string, { url: radiusUrl, guard }: OwnDatabase): Promise<void> {
  const allowed = await guard.resolve(new URL(radiusUrl).hostname);
  if (!allowed.ok) throw new Error(allowed.error.detail);
  await prepareRadius(bridgeUrl, radiusUrl, guard.lookup);
}

/** Builds the ports from configuration and the tenants' connections; the only importer of connectors. */
export async function createWire(
  db: Database,
  vault: Vault,
  config: Config,
  installed: Databases,
  clock: Clock,
): Promise<Wire> {
  const { bridgeUrl, radiusUrl } = installed;
  const guardFor = await openGuards(config, installed);
  const coa = createCoaClient();
  const openEnforcer = (
    databaseUrl: string,
    prepare: () => Promise<void>,
    lookup?: LookupFunction,
  ): Closable<Enforcer> => {
    const enforcer = createFreeradiusEnforcer({ databaseUrl, coa, ...(lookup && { lookup }) });
    return preparedEnforcer(guarded(enforcer, guardFor(true)), prepare);
  };
  const installation = openEnforcer(radiusUrl, () => prepareInstallation(installed));
  const versionOf = (tenantId: string): Promise<string> => connectionsVersion(db, tenantId);
  const unchanging = async (): Promise<string> => '';
  const vaults = createPerTenant(unchanging, async (tenantId): Promise<TenantVault> => {
    const row = await db.worker(tenantId, (tx) =>
      tx.selectFrom('tenants').where('id', '=', tenantId).select('data_key').executeTakeFirstOrThrow(),
    );
    return vault.tenant(tenantId, row.data_key);
  });
  const ledgers = createPerTenant(versionOf, async (tenantId): Promise<Closable<Ledger> | null> => {
    const connected = await readConnection(db, vaults, tenantId, 'erpnext');
    if (!connected) return null;
    const settings = erpnextSettings.parse(connected.settings);
    const { url, api_key: apiKey, api_secret: apiSecret } = settings;
    return createErpnextLedger({
      url,
      apiKey,
      apiSecret,
      currency: connected.currency,
      isCurrencyChosen: connected.isCurrencyChosen,
      guard: guardFor(connected.allowPrivate),
      timeoutMs: erpnextTimeoutMs,
      now: () => new Date(clock()),
    });
  });
  const own = createPerTenant(versionOf, async (tenantId): Promise<OwnDatabase | null> => {
    const connected = await readConnection(db, vaults, tenantId, 'freeradius');
    const url = connected && freeradiusSettings.parse(connected.settings).database_url;
    return url ? { url, guard: guardFor(connected.allowPrivate) } : null;
  });
  const enforcers = createPerTenant(versionOf, async (tenantId): Promise<Closable<Enforcer> | null> => {
    const database = await own.get(tenantId);
    return database && openEnforcer(database.url, () => prepareForeign(bridgeUrl, database), database.guard.lookup);
  });

  const trackers = createPerTenant(versionOf, async (tenantId): Promise<AssetTracker> => {
    const connected = await readConnection(db, vaults, tenantId, 'inventree');
    if (!connected) return createBuiltinTracker(db, tenantId);
    const guard = guardFor(connected.allowPrivate);
    const now = (): Date => new Date(clock());
    const settings = inventreeSettings.parse(connected.settings);
    return createInventreeTracker(settings, { guard, now, timeoutMs: inventreeTimeoutMs });
  });

  const hintSecrets = createPerTenant(versionOf, async (tenantId): Promise<string | null> => {
    const connected = await readConnection(db, vaults, tenantId, 'inventree');
    const secret: unknown = Object(connected?.settings).webhook_secret;
    return typeof secret === 'string' ? secret : null;
  });

  const messaging = createMessaging(config, {
    guardFor,
    connectedSmtp: (tenantId) => readConnection(db, vaults, tenantId, 'smtp'),
    allowsPrivate: (tenantId) => allowsPrivate(db, tenantId),
    versionOf,
    clock,
  });

  const connected = (tenantId: string, system: System): Promise<Connected | null> =>
    readConnection(db, vaults, tenantId, system);
  const { accounts, ...gateways } = createGateways({
    guardFor,
    connected,
    versionOf,
  });

  const wire: Wire = {
    ...messaging,
    ...gateways,
    erpnextWebhooks: createErpnextWebhookSource(),
    vaultOf: (tenantId) => vaults.get(tenantId),
    ledgerOf: (tenantId) => ledgers.get(tenantId),
    ownLedgerOf: (tenantId) => createBuiltinLedger(db, tenantId, () => new Date(clock())),
    assetTrackerOf: (tenantId) => trackers.get(tenantId),
    inventreeHints: createInventreeHints(),
    hintSecretOf: (tenantId) => hintSecrets.get(tenantId),
    enforcerOf: async (tenantId) => (await enforcers.get(tenantId)) ?? installation,
    installation,
    radiusDbOf: async (tenantId) => radiusDbName((await own.get(tenantId))?.url, radiusUrl),
    radiusDbName: (url) => radiusDbName(url ?? undefined, radiusUrl),
    radiusUrlOf: async (tenantId) => (await own.get(tenantId))?.url ?? radiusUrl,
    test: (tenantId, system) => testConnection(wire, tenantId, system),
    setUpLedger: (tenantId, how) => setUpLedger({ ...wire, db, publicUrl: config.publicUrl }, tenantId, how),
    setUpTracker: (tenantId, how) => setUpTracker({ guardFor, connected, now: () => new Date(clock()) }, tenantId, how),
    forget: (tenantId) => {
      for (const cache of [ledgers, own, enforcers, trackers, hintSecrets, messaging.notifiers, accounts])
        cache.forget(tenantId);
    },
    close: async () => {
      await Promise.all([
        ledgers.close(),
        enforcers.close(),
        trackers.close(),
        installation.close(),
        coa.close(),
        accounts.close(),
      ]);
    },
  };
  return wire;
}
