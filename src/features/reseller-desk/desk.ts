import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { type LedgerKind, ledgerKind } from '#db/ledger-kind.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';
import type { ModemLooks } from './modem-looks.ts';

/** What the counter stands on. */
export type Desk = { readonly db: Database; readonly clock: Clock; readonly looks: ModemLooks };

/** A reseller at the counter of its own customers. */
export type Counter = {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly settings: TenantSettings;
  readonly kind: LedgerKind;
  /** The date that the tenant's calendar shows. */
  readonly today: string;
};

/** Who may stand there: a reseller, who asks for what is its own. */
export async function openCounter(tx: Tx, who: Who, now: number): Promise<Counter> {
  demand(who.caller, 'own_sales:read');
  const resellerId = demandReseller(who);
  const { tenantId } = who;
  const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow();
  const [{ settings: stored }, kind] = await Promise.all([tenant, ledgerKind(tx, tenantId)]);
  const settings = readTenantSettings(stored);
  return { tenantId, resellerId, settings, kind, today: localDate(now, settings.time_zone) };
}

/** The ids of a reseller's customers, for a condition. */
export const idsOfCustomers = ({ tenantId, resellerId }: Pick<Counter, 'tenantId' | 'resellerId'>) => sql`
  select c.id from customers c where c.tenant_id = ${tenantId} and c.reseller_id = ${resellerId} and c.deleted_at is null`;
