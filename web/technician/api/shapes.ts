import type { Asset as WholeAsset } from '#http/client/rooms/assets.ts';
import type { NewCheckIn } from '#http/client/rooms/attendance.ts';
import type { TechnicianFigures } from '#http/client/rooms/kpi.ts';
import type { NewScan, Scan } from '#http/client/rooms/scans.ts';
import type { WorkOrder as WholeOrder, WorkOrderChange } from '#http/client/rooms/work-orders.ts';

// Of the hub's own types no more than the page shows and sends: a test, and a phone that kept a list, has these.

export type WorkOrder = Readonly<
  Pick<
    WholeOrder,
    | 'id'
    | 'number'
    | 'kind'
    | 'state'
    | 'scheduled_at'
    | 'customer'
    | 'subscription'
    | 'notes'
    | 'photo_count'
    | 'is_masked'
  >
>;
export type Asset = Readonly<
  Pick<WholeAsset, 'id' | 'serial' | 'mac' | 'gpon_sn' | 'barcode' | 'part' | 'state' | 'place'>
>;
export type ScanAnswer = Readonly<Pick<Scan, 'id' | 'status' | 'problem' | 'steps'>>;
export type Kpi = Readonly<
  Pick<TechnicianFigures['data'][number], 'installs' | 'repairs' | 'resolve_minutes_median' | 'incentive'>
>;

/** Whom the warehouse may hand units over to. */
export type Technician = Readonly<Pick<TechnicianFigures['data'][number], 'technician_id' | 'name'>>;

/** A scan, a step of an order and a check-in, but for what the queue's item itself carries. */
export type ScanBody = Readonly<Omit<NewScan, 'client_ref'>>;
export type MoveBody = Readonly<Pick<WorkOrderChange, 'state' | 'reason' | 'note' | 'latitude' | 'longitude'>>;
export type CheckIn = Readonly<Omit<NewCheckIn, 'client_ref'>>;
