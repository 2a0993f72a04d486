import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { CoverageAreasTable } from '#db/tables/leads.ts';
import type { AreaQuery } from './schema.ts';

export type AreaRow = Selectable<CoverageAreasTable>;

const ofTenant = (tx: Tx, tenantId: string) =>
  tx.selectFrom('coverage_areas').where('tenant_id', '=', tenantId).where('deleted_at', 'is', null);

export const findArea = (tx: Tx, tenantId: string, id: string): Promise<AreaRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().executeTakeFirst();

export const findAreaToChange = (tx: Tx, tenantId: string, id: string): Promise<AreaRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

/** Those that count, by name. */
export const activeAreas = (tx: Tx, tenantId: string): Promise<AreaRow[]> =>
  ofTenant(tx, tenantId).where('is_active', '=', true).selectAll().orderBy('name').orderBy('id').execute();

export const insertArea = (tx: Tx, values: Insertable<CoverageAreasTable>): Promise<AreaRow> =>
  tx.insertInto('coverage_areas').values(values).returningAll().executeTakeFirstOrThrow();

export const updateArea = (tx: Tx, tenantId: string, id: string, change: Updateable<CoverageAreasTable>) =>
  tx
    .updateTable('coverage_areas')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export function listAreas(tx: Tx, tenantId: string, query: AreaQuery): Promise<Page<AreaRow>> {
  let rows = ofTenant(tx, tenantId);
  if (query.is_active !== undefined) rows = rows.where('is_active', '=', query.is_active === 'true');
  if (query.search) rows = rows.where(sql<boolean>`strpos(lower(name), lower(${query.search}::text)) > 0`);
  const { column, direction } = orderOf(query.sort);
  return readPage(rows.selectAll().orderBy(column, direction).orderBy('id', direction), query);
}
