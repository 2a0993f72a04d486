/** What a technician is sent for (*SPK*, spec A3). */
export const workOrderKinds = ['install', 'repair', 'replace', 'remove', 'survey'] as const;
export type WorkOrderKind = (typeof workOrderKinds)[number];

export const workOrderStates = [
  'issued',
  'assigned',
  'picked_up',
  'on_site',
  'installed',
  'verified',
  'failed',
  'cancelled',
] as const;
export type WorkOrderState = (typeof workOrderStates)[number];

export const workOrderSources = ['registration', 'erpnext', 'office'] as const;
export type WorkOrderSource = (typeof workOrderSources)[number];

/** Who moves an order: the office; the technician whose it is; or the hub, when a scan shows that the work is done. */
const movers = ['office', 'technician', 'scan'] as const;
export type Mover = (typeof movers)[number];

type Moves = { readonly [To in WorkOrderState]?: readonly Mover[] };

const field = ['technician', 'office'] as const;
const office = ['office'] as const;
const scan = ['scan'] as const;

/**
 * Which state follows which, and by whose hand. The office may say a technician's steps for it, whose phone is flat; what
 * is done the office alone accepts, or sends back. A scan that shows the work done counts wherever the steps before it
 * are: a phone without network may tell them later, or never.
 */
const workOrderMoves: Readonly<Record<WorkOrderState, Moves>> = {
  issued: { assigned: office, cancelled: office },
  assigned: { issued: office, assigned: office, picked_up: field, installed: scan, failed: field, cancelled: office },
  picked_up: { assigned: office, on_site: field, installed: scan, failed: field, cancelled: office },
  on_site: { assigned: office, installed: [...field, ...scan], failed: field, cancelled: office },
  installed: { assigned: office, verified: office },
  failed: { assigned: office, cancelled: office },
  verified: {},
  cancelled: {},
};

export const mayMoveOrder = (from: WorkOrderState, to: WorkOrderState, by: Mover): boolean =>
  workOrderMoves[from][to]?.includes(by) ?? false;

/** Where the technician has something to do: what it may see the PPPoE password for. */
export const openStates = ['assigned', 'picked_up', 'on_site'] as const satisfies readonly WorkOrderState[];

/** Nothing follows these, or only the office's word. */
export const closedStates = ['installed', 'verified', 'cancelled'] as const satisfies readonly WorkOrderState[];

/** A reason has to be given for these. */
export const needsReason = (to: WorkOrderState): boolean => to === 'failed' || to === 'cancelled';

/** `SPK202611001`: the year, the month and the number in it. */
export const workOrderNumber = (month: string, serial: bigint): string =>
  `SPK${month.replace('-', '')}${String(serial).padStart(3, '0')}`;
