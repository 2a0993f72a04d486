import type { Json, StockItem } from '../world/rows.ts';
import { statusColumns } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import type { Work } from '../world/work.ts';
import { isNewer, type World } from '../world/world.ts';
import type { Line } from './lines.ts';

/** What newer versions add to the history of every move. */
export const moved = (world: World, quantity: number): Json => (isNewer(world) ? { quantity } : {});

/** A change of status as a row of the history tells it: newer versions tell the old one too. */
export function statusDeltas(world: World, before: StockItem, status: number): Json {
  if (!isNewer(world)) return { status };
  return {
    status,
    old_status: before.customStatus,
    status_logical: statusColumns(world.customStatuses, status).status,
    old_status_logical: before.status,
  };
}

/** A part of a heap becomes an item of its own, which no answer names. The rest stays, with a row that names the new one. */
export function splitOff(
  world: World,
  work: Work,
  line: Line,
  to: { readonly location: number; readonly notes: string },
): void {
  const { item, quantity } = line;
  const place = isNewer(world) ? {} : { location: to.location };
  const child = work.save({
    ...item,
    pk: world.next('item'),
    quantity,
    location: to.location,
    customer: null,
    parent: item.pk,
    barcodeData: '',
    barcodeHash: '',
    metadata: {},
    createdAt: world.now(),
    ...(line.status === null ? {} : statusColumns(world.customStatuses, line.status)),
  });
  work.track(child, tracked.splitOff, { stockitem: item.pk, quantity, ...place }, to.notes);
  const left = work.save({ ...item, quantity: item.quantity - quantity });
  const deltas = { stockitem: child.pk, removed: quantity, quantity: left.quantity, ...place };
  work.track(left, tracked.split, deltas, to.notes);
  work.event('stockitem.split', { id: child.pk, parent: item.pk });
}

/** The item to write: 1.5 reads amount and place again under a lock, older ones write what they had seen. */
export function seen(world: World, work: Work, item: StockItem): StockItem {
  const now = work.item(item.pk);
  if (!isNewer(world) || !now) return item;
  return { ...item, quantity: now.quantity, location: now.location };
}
