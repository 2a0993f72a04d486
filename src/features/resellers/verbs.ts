import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage, type Page } from '#db/page.ts';
import { accessStates } from '#domain/access.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { Listed, NewReseller, Reseller, ResellerChange, ResellerQuery, ResellerStatistics } from './schema.ts';
import * as store from './store.ts';

const view = ({ tenant_id: _, created_at, updated_at, ...row }: store.ResellerRow): Reseller => ({
  ...row,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

const constraintOf = (error: unknown): unknown =>
  error instanceof Error && 'constraint' in error ? error.constraint : null;

async function refusingTwins<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (constraintOf(error) !== 'resellers_name') throw error;
    throw new Refusal('DUPLICATE_ENTRY', `There is a reseller ${name} already.`, { field: 'name' });
  }
}

/** Its commission goes one way into ERPNext's books (spec S3). */
function checkPayee({ erp_supplier, erp_employee }: Pick<NewReseller, 'erp_supplier' | 'erp_employee'>): void {
  if (erp_supplier === null || erp_employee === null) return;
  throw invalid('erp_employee', 'A reseller is paid as a Supplier or as an Employee of ERPNext: name one of them.');
}

/** Adds a reseller. Nobody is let in for it yet: its users come by `auth/register`, its keys by `api-keys`. */
export async function addReseller(tx: Tx, who: Who, asked: NewReseller): Promise<Reseller> {
  demand(who.caller, 'resellers:write');
  checkPayee(asked);
  const { tenantId } = who;
  const added = await refusingTwins(asked.name, () => store.insertReseller(tx, { ...asked, tenant_id: tenantId }));
  await record(tx, who, { action: 'create', entity: 'reseller', id: added.id, after: view(added) });
  return view(added);
}

/** What a change leaves alone is not in it. */
const named = (change: ResellerChange): Partial<NewReseller> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/**
 * Changes what is named. One that is turned off is let in nowhere within seconds, by password or key; its customers, its
 * deposit and what it has earned stay as they are.
 */
export async function changeReseller(tx: Tx, who: Who, id: string, change: ResellerChange): Promise<Reseller> {
  demand(who.caller, 'resellers:write');
  const { tenantId } = who;
  const before = await store.findResellerToChange(tx, tenantId, id);
  if (!before) throw notFound('reseller');
  const values = { ...view(before), ...named(change) };
  checkPayee(values);
  const { id: _, created_at: __, updated_at: ___, ...columns } = values;
  const after = await refusingTwins(columns.name, () => store.updateReseller(tx, tenantId, id, columns));
  await record(tx, who, { action: 'update', entity: 'reseller', id, before: view(before), after: view(after) });
  return view(after);
}

export async function getReseller(tx: Tx, who: Who, id: string): Promise<Reseller> {
  demand(who.caller, 'resellers:read');
  const row = await store.findReseller(tx, who.tenantId, id);
  if (!row) throw notFound('reseller');
  return view(row);
}

/** A page of resellers, with how many customers each has. */
export async function listResellers(tx: Tx, who: Who, query: ResellerQuery): Promise<Page<Listed>> {
  demand(who.caller, 'resellers:read');
  const page = await store.listResellers(tx, who.tenantId, query);
  const counts = new Map<string | null, number>();
  const ids = page.data.map(({ id }) => id);
  for (const { reseller_id, customers } of await store.customersOf(tx, who.tenantId, ids)) {
    counts.set(reseller_id, (counts.get(reseller_id) ?? 0) + Number(customers));
  }
  return mapPage(page, (row) => ({ ...view(row), customers: counts.get(row.id) ?? 0 }));
}

/** Its customers by status, and who is let in for it. */
export async function resellerStatistics(tx: Tx, who: Who, id: string): Promise<ResellerStatistics> {
  await getReseller(tx, who, id);
  const rows = await store.customersOf(tx, who.tenantId, [id]);
  const counts = new Map(rows.map(({ status, customers }) => [status, Number(customers)]));
  const byStatus = Object.fromEntries(accessStates.map((state) => [state, counts.get(state) ?? 0]));
  return {
    customers: [...counts.values()].reduce((sum, count) => sum + count, 0),
    by_status: byStatus as ResellerStatistics['by_status'],
    ...(await store.seatsOf(tx, who.tenantId, id)),
  };
}
