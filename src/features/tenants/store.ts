import { type ExpressionBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Tables } from '#db/tables.ts';
import type { Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';

const columns = ['id', 'name', 'subdomain', 'is_active', 'created_at'] as const;

type Row = Omit<Tenant, 'created_at'> & { readonly created_at: Date };
const tenantOf = (row: Row): Tenant => ({ ...row, created_at: row.created_at.toISOString() });

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

/** Whether another tenant's id begins alike: both would have the same groups in RADIUS (spec R2). */
export async function hasSameKey(tx: Tx, tenantId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('tenants')
    .where(sql<string>`left(id::text, 8)`, '=', tenantId.slice(0, 8))
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function isActive(tx: Tx, id: string): Promise<boolean | null> {
  const row = await tx.selectFrom('tenants').where('id', '=', id).select('is_active').executeTakeFirst();
  return row ? row.is_active : null;
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
  const { page, page_size, sort } = query;
  const { total } = await tx
    .selectFrom('tenants')
    .where(matches(query))
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await tx
    .selectFrom('tenants')
    .where(matches(query))
    .select(columns)
    .orderBy(sort.endsWith('name') ? 'name' : 'created_at', sort.startsWith('-') ? 'desc' : 'asc')
    .orderBy('id')
    .limit(page_size)
    .offset((page - 1) * page_size)
    .execute();
  return { data: rows.map(tenantOf), page, page_size, total: Number(total) };
}
