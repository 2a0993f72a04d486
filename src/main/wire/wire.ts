import { createHash } from 'node:crypto';
import { createErpnextLedger } from '#connectors/erpnext/ledger.ts';
import { erpnextSettings } from '#connectors/erpnext/settings.ts';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { freeradiusSettings } from '#connectors/freeradius/settings.ts';
import { type AddressGuard, createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import type { Database } from '#db/database.ts';
import { err } from '#domain/result.ts';
import type { Databases } from '#main/databases.ts';
import { createPerTenant, type PerTenant } from '#main/wire/per-tenant.ts';
import { type Closable, preparedEnforcer } from '#main/wire/prepared-enforcer.ts';
import { grantRadiusLogin, migrateRadius, raiseGeneration } from '#main/wire/radius-database.ts';
import type { Clock } from '#platform/clock.ts';
import { type Config, ConfigError } from '#platform/config.ts';
import type { TenantVault, Vault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { WebhookSource } from '#ports/webhook-source/port.ts';

type System = 'erpnext' | 'freeradius' | 'inventree';
type Connected = { readonly settings: unknown; readonly currency: string; readonly isCurrencyChosen: boolean };

/** Who plays which role for which tenant. */
export type Wire = {
  /** ERPNext's webhooks: who signed them, what they speak of. */
  readonly erpnextWebhooks: WebhookSource;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
  readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
  /** The installation's RADIUS database, whoever's it is. */
  readonly installation: Enforcer;
  /** Names the RADIUS database of a tenant: usernames and NAS addresses are unique within it. */
  readonly radiusDbOf: (tenantId: string) => Promise<string>;
  /** The name of the database at an address; null: the installation's. */
  readonly radiusDbName: (url: string | null) => string;
  readonly radiusUrlOf: (tenantId: string) => Promise<string>;
  readonly test: (tenantId: string, system: System) => Promise<{ readonly ok: boolean; readonly text: string }>;
  /** After a change of the tenant's settings or connections. */
  forget(tenantId: string): void;
  close(): Promise<void>;
};

const erpnextTimeoutMs = 10_000;

function guardOf(config: Config): AddressGuard {
  const allow = parseNetworks(config.outboundAllow);
  if (!allow.ok)
    throw new ConfigError(`JEMBATAN_OUTBOUND_ALLOW: ${allow.error} is no network; write 10.0.0.0/8, 192.0.2.7 …`);
  return createAddressGuard({ allow: allow.value, allowPrivate: true });
}

/** No Disconnect goes to an address that the hub may not reach. */
const guarded = (enforcer: Closable<Enforcer>, guard: AddressGuard): Closable<Enforcer> => ({
  ...enforcer,
  dropSession: async (session, target) => {
    const open = guard.check(target.host);
    return open.ok ? enforcer.dropSession(session, target) : err({ reason: 'rejected', detail: open.error.detail });
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
  return {
    settings: { ...Object(row.settings), ...Object(secrets) },
    currency: readTenantSettings(row.tenant_settings).currency,
    isCurrencyChosen: Object(row.tenant_settings).currency !== undefined,
  };
}

/** Before the first row goes to a RADIUS database: has it the tables, where do its fences stand. */
async function prepareRadius(bridgeUrl: string, radiusUrl: string): Promise<void> {
  await migrateRadius(radiusUrl);
  await raiseGeneration(bridgeUrl, radiusUrl);
}

/** The installation's own: on the embedded server FreeRADIUS's login is let in as well. */
async function prepareInstallation({ bridgeUrl, radiusUrl, embedded }: Databases): Promise<void> {
  await prepareRadius(bridgeUrl, radiusUrl);
  if (embedded?.radiusUrl === radiusUrl) await grantRadiusLogin(radiusUrl, embedded.radiusLogin);
}

/** One that a tenant named: may the hub go there at all. */
async function prepareForeign(bridgeUrl: string, radiusUrl: string, guard: AddressGuard): Promise<void> {
  const allowed = await guard.resolve(new URL(radiusUrl).hostname);
  if (!allowed.ok) throw new Error(allowed.error.detail);
  await prepareRadius(bridgeUrl, radiusUrl);
}

/** Builds the ports from configuration and the tenants' connections; the only importer of connectors. */
export function createWire(db: Database, vault: Vault, config: Config, installed: Databases, clock: Clock): Wire {
  const { bridgeUrl, radiusUrl } = installed;
  const guard = guardOf(config);
  const coa = createCoaClient();
  const openEnforcer = (databaseUrl: string, prepare: () => Promise<void>): Closable<Enforcer> =>
    preparedEnforcer(guarded(createFreeradiusEnforcer({ databaseUrl, coa }), guard), prepare);
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
      guard,
      timeoutMs: erpnextTimeoutMs,
      now: () => new Date(clock()),
    });
  });
  const databases = createPerTenant(versionOf, async (tenantId): Promise<string | undefined> => {
    const connected = await readConnection(db, vaults, tenantId, 'freeradius');
    return connected ? freeradiusSettings.parse(connected.settings).database_url : undefined;
  });
  const enforcers = createPerTenant(versionOf, async (tenantId): Promise<Closable<Enforcer> | null> => {
    const own = await databases.get(tenantId);
    return own === undefined ? null : openEnforcer(own, () => prepareForeign(bridgeUrl, own, guard));
  });

  const wire: Wire = {
    erpnextWebhooks: createErpnextWebhookSource(),
    vaultOf: (tenantId) => vaults.get(tenantId),
    ledgerOf: (tenantId) => ledgers.get(tenantId),
    enforcerOf: async (tenantId) => (await enforcers.get(tenantId)) ?? installation,
    installation,
    radiusDbOf: async (tenantId) => radiusDbName(await databases.get(tenantId), radiusUrl),
    radiusDbName: (url) => radiusDbName(url ?? undefined, radiusUrl),
    radiusUrlOf: async (tenantId) => (await databases.get(tenantId)) ?? radiusUrl,
    test: (tenantId, system) => testConnection(wire, tenantId, system),
    forget: (tenantId) => {
      for (const cache of [ledgers, databases, enforcers]) cache.forget(tenantId);
    },
    close: async () => {
      await Promise.all([ledgers.close(), enforcers.close(), installation.close(), coa.close()]);
    },
  };
  return wire;
}

/** Asks the other side, and says in words what works or what to do. */
async function testConnection(wire: Wire, tenantId: string, system: System): Promise<{ ok: boolean; text: string }> {
  if (system === 'inventree')
    return { ok: false, text: 'The hub does not speak with InvenTree yet; its settings are kept.' };
  if (system === 'freeradius') {
    const tested = await (await wire.enforcerOf(tenantId))?.test();
    if (!tested)
      return { ok: false, text: 'No RADIUS database is configured: set RADIUS_DATABASE_URL, or connect one.' };
    return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
  }
  const ledger = await wire.ledgerOf(tenantId);
  if (!ledger) return { ok: false, text: 'ERPNext is not connected yet: PUT connections/erpnext first.' };
  const tested = await ledger.test();
  if (!tested.ok) return { ok: false, text: tested.error.detail };
  const { user, version, timeZone, notes } = tested.value;
  return { ok: true, text: [`Connected to ${version} as ${user}, time zone ${timeZone}.`, ...notes].join(' ') };
}
