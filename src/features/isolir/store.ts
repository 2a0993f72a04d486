import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

export type TenantHere = {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly settings: unknown;
};

const active = (tx: Tx) =>
  tx.selectFrom('tenants').where('is_active', '=', true).select(['id', 'name', 'subdomain', 'settings']);

export const findTenant = (tx: Tx, subdomain: string): Promise<TenantHere | undefined> =>
  active(tx).where('subdomain', '=', subdomain).executeTakeFirst();

/** The tenant of a RADIUS namespace, `t1a2b3c4d`. */
export const findByKey = (tx: Tx, key: string): Promise<TenantHere | undefined> =>
  active(tx).where(sql<boolean>`'t' || left(replace(id::text, '-', ''), 8) = ${key}`).executeTakeFirst();

export type VisitorRow = {
  readonly id: string;
  readonly canonical_username: string;
  readonly name: string;
  readonly customer_code: string;
  readonly state: string | null;
  readonly reason: unknown;
  readonly billing_mode: 'prepaid' | 'postpaid';
  /** Whose customer it is; null: the provider's own. */
  readonly reseller_name: string | null;
  readonly reseller_phone: string | null;
};

/** The lines of these usernames, with what was decided about them. */
export const findLines = (tx: Tx, tenantId: string, usernames: readonly string[]): Promise<VisitorRow[]> =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .leftJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 'c.tenant_id').onRef('r.id', '=', 'c.reseller_id').on('r.is_active', '=', true),
    )
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.canonical_username', 'in', [...usernames])
    .where('c.deleted_at', 'is', null)
    .select(['s.id', 's.canonical_username', 'c.name', 'c.customer_code', 'a.state', 'a.reason', 's.billing_mode'])
    .select(['r.name as reseller_name', 'r.phone as reseller_phone'])
    .execute();
