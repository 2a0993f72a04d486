import { keptList } from './kept-list.ts';
import type { Asset, WorkOrder } from './shapes.ts';

/** A technician is shown its own ones only; the hundred newest. */
export const orders = keptList<WorkOrder>('orders', () => 'work-orders?page_size=100');
export const bag = keptList<Asset>('bag', (userId) => `assets?page_size=100&technician_id=${userId}`);
