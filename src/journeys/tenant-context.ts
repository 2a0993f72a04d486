import type { Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { localDate } from '#domain/local-time.ts';
import type { Clock } from '#platform/clock.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';

/** What journeys need of the house. `radiusDbOf` names the RADIUS database in which the tenant's usernames are unique. */
export type Surroundings = {
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly radiusDbOf: (tenantId: string) => Promise<string>;
};

/** The tenant for whom a journey is made. */
export type TenantContext = {
  readonly tenantId: string;
  readonly subdomain: string;
  readonly settings: TenantSettings;
  readonly vault: TenantVault;
  readonly radiusDb: string;
  readonly now: Date;
  /** The date that the tenant's calendar shows. */
  readonly today: LocalDate;
};

export async function readContext(tx: Tx, around: Surroundings, tenantId: string): Promise<TenantContext> {
  const tenant = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select(['subdomain', 'settings'])
    .executeTakeFirstOrThrow();
  const settings = readTenantSettings(tenant.settings);
  const now = around.clock();
  return {
    tenantId,
    subdomain: tenant.subdomain,
    settings,
    vault: await around.vaultOf(tenantId),
    radiusDb: await around.radiusDbOf(tenantId),
    now: new Date(now),
    today: localDate(now, settings.time_zone),
  };
}
