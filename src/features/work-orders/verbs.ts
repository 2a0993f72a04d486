import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { detailView, orderView } from './order-view.ts';
import type { WorkOrderDetail, WorkOrderQuery } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

// What journeys build on.
export { advanceOrder, orderForScan } from './advancing.ts';
export { issueOrder, recordIssued } from './issuing.ts';
export { forgetOrdersOf, ordersOf } from './personal-data.ts';

/** Every order that somebody may see: of a technician its own ones. */
export async function listOrders(tx: Tx, who: Who, query: WorkOrderQuery) {
  demand(who.caller, 'work_orders:read');
  const sight = sightOf(who);
  const { time_zone: zone } = await store.settingsOf(tx, who.tenantId);
  return mapPage(await store.listOrders(tx, sight, query, zone), (row) => orderView(row, sight));
}

export function getOrder(tx: Tx, who: Who, id: string): Promise<WorkOrderDetail> {
  demand(who.caller, 'work_orders:read');
  return showOrder(tx, who, id);
}

/** One order, with its steps and its proof: for whoever has just written it too. */
export async function showOrder(tx: Tx, who: Who, id: string): Promise<WorkOrderDetail> {
  const sight = sightOf(who);
  const row = await store.findOrder(tx, sight, id);
  if (!row) throw await store.missingOrder(tx, who.tenantId);
  const { tenantId } = who;
  return detailView(row, await store.stepsOf(tx, tenantId, id), await store.photosOf(tx, tenantId, id), sight);
}
