import { keptList } from './kept-list.ts';
import type { Asset, Technician, WorkOrder } from './shapes.ts';

/** A technician is shown its own ones only; the hundred newest. */
export const orders = keptList<WorkOrder>('orders', () => 'work-orders?page_size=100');
export const bag = keptList<Asset>('bag', (userId) => `assets?page_size=100&technician_id=${userId}`);

const today = (): string => new Date().toISOString().slice(0, 10);
/** Everybody who is counted is told, also who did nothing today: the list of users is not for the warehouse. */
export const technicians = keptList<Technician>('technicians', () => `kpi/technicians?from=${today()}&to=${today()}`);
