import { type ExpressionBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { mapPage, orderOf, readPage } from '#db/page.ts';
import type { Tables } from '#db/tables.ts';
import type { Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';

const columns = [
  'id',
  'name',
  'subdomain',
  'is_active',
  'deletion_asked_at',
  'deletion_waits_for',
  'created_at',
] as const;

type Row = {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly is_active: boolean;
  readonly deletion_asked_at: Date | null;
  readonly deletion_waits_for: string | null;
  readonly created_at: Date;
};

const tenantOf = ({ deletion_asked_at, deletion_waits_for, created_at, ...row }: Row): Tenant => ({
  ...row,
  state: deletion_asked_at ? 'deleting' : row.is_active ? 'active' : 'inactive',
  deletion: deletion_asked_at && { asked_at: deletion_asked_at.toISOString(), waits_for: deletion_waits_for },
  created_at: created_at.toISOString(),
});

/** A deleted tenant's subdomain is not given out again: webhooks of its old ERPNext still come to it. */
export async function wasTaken(tx: Tx, subdomain: string): Promise<boolean> {
  const row = await tx
    .selectFrom('tenant_tombstones')
    .where('subdomain', '=', subdomain)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Inactive: it has no groups at the enforcer yet. Null: the subdomain is taken. */
export async function insertTenant(
  tx: Tx,
  row: { readonly id: string; readonly name: string; readonly subdomain: string; readonly data_key: string },
): Promise<Tenant | null> {
  const made = await tx
    .insertInto('tenants')
    .values({ ...row, is_active: false })
    .onConflict((conflict) => conflict.column('subdomain').doNothing())
    .returning(columns)
    .executeTakeFirst();
  return made ? tenantOf(made) : null;
}

/** Whether another tenant's id, there or deleted, begins alike: both would have the same groups in RADIUS (spec R2). */
export async function hasSameKey(tx: Tx, tenantId: string): Promise<boolean> {
  const { rows } = await sql`
    select from (select id from tenants union all select id from tenant_tombstones) known
    where left(id::text, 8) = ${tenantId.slice(0, 8)}`.execute(tx);
  return rows.length > 0;
}

export async function findTenant(tx: Tx, id: string): Promise<Tenant | null> {
  const row = await tx.selectFrom('tenants').where('id', '=', id).select(columns).executeTakeFirst();
  return row ? tenantOf(row) : null;
}

/** The same, locked until the transaction ends. */
export async function lockTenant(tx: Tx, id: string): Promise<Tenant | null> {
  const row = await tx.selectFrom('tenants').where('id', '=', id).select(columns).forUpdate().executeTakeFirst();
  return row ? tenantOf(row) : null;
}

export async function readSettings(tx: Tx, id: string): Promise<unknown> {
  return (await tx.selectFrom('tenants').where('id', '=', id).select('settings').executeTakeFirstOrThrow()).settings;
}

export async function updateTenant(tx: Tx, id: string, { name, is_active }: TenantChange): Promise<Tenant | null> {
  const row = await tx
    .updateTable('tenants')
    .set({ updated_at: new Date(), ...(name !== undefined && { name }), ...(is_active !== undefined && { is_active }) })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  return row ? tenantOf(row) : null;
}

const matches =
  ({ search, is_active }: TenantQuery) =>
  (eb: ExpressionBuilder<Tables, 'tenants'>) =>
    eb.and([
      ...(search ? [sql<boolean>`strpos(lower(name || ' ' || subdomain), lower(${search})) > 0`] : []),
      ...(is_active ? [eb('is_active', '=', is_active === 'true')] : []),
    ]);

export async function listTenants(tx: Tx, query: TenantQuery): Promise<TenantPage> {
  const { column, direction } = orderOf(query.sort);
  const rows = tx.selectFrom('tenants').where(matches(query)).select(columns);
  return mapPage(await readPage(rows.orderBy(column, direction).orderBy('id', direction), query), tenantOf);
}
