import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { LeadsTable } from '#db/tables/leads.ts';
import type { LeadQuery } from './schema.ts';

export type LeadRow = Selectable<LeadsTable>;

/** Which leads there are for whoever looks; of a reseller its own ones only (spec I3). */
export type Sight = {
  readonly tenantId: string;
  readonly resellerId: string | null;
  readonly seesContact: boolean;
};

const seen = (tx: Tx, { tenantId, resellerId }: Sight) =>
  tx
    .selectFrom('leads')
    .where('tenant_id', '=', tenantId)
    .$if(resellerId !== null, (rows) => rows.where('reseller_id', '=', resellerId));

export const findLead = (tx: Tx, sight: Sight, id: string): Promise<LeadRow | undefined> =>
  seen(tx, sight).where('id', '=', id).selectAll().executeTakeFirst();

/** Locked: of two conversions at once the second finds it converted. */
export const findLeadToChange = (tx: Tx, sight: Sight, id: string): Promise<LeadRow | undefined> =>
  seen(tx, sight).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

export const insertLead = (tx: Tx, values: Insertable<LeadsTable>): Promise<LeadRow> =>
  tx.insertInto('leads').values(values).returningAll().executeTakeFirstOrThrow();

export const updateLead = (tx: Tx, tenantId: string, id: string, change: Updateable<LeadsTable>): Promise<LeadRow> =>
  tx
    .updateTable('leads')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export function listLeads(tx: Tx, sight: Sight, query: LeadQuery): Promise<Page<LeadRow>> {
  let rows = seen(tx, sight);
  if (query.state !== undefined) rows = rows.where('state', '=', query.state);
  if (query.service_plan_id !== undefined) rows = rows.where('service_plan_id', '=', query.service_plan_id);
  if (query.search) {
    const columns = sight.seesContact ? (['name', 'phone', 'address', 'email'] as const) : (['name'] as const);
    const { search } = query;
    rows = rows.where((eb) =>
      eb.or(columns.map((column) => sql<boolean>`strpos(lower(${sql.ref(column)}), lower(${search}::text)) > 0`)),
    );
  }
  const { column, direction } = orderOf(query.sort);
  return readPage(rows.selectAll().orderBy(column, direction).orderBy('id', direction), query);
}

export async function planExists(tx: Tx, tenantId: string, planId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', planId)
    .where('deleted_at', 'is', null)
    .select('id')
    .forKeyShare()
    .executeTakeFirst();
  return row !== undefined;
}
