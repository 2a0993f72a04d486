/** Where a modem, or anything else with a serial, is in its life (spec A1). */
export const assetStates = ['in_stock', 'in_transit', 'installed', 'returned', 'damaged', 'lost'] as const;
export type AssetState = (typeof assetStates)[number];

/** A tracker's own judgement of a unit. `other`: one that only this shop has. */
export const trackedStatuses = [
  'ok',
  'attention',
  'damaged',
  'destroyed',
  'rejected',
  'lost',
  'quarantined',
  'returned',
  'other',
] as const;
export type TrackedStatus = (typeof trackedStatuses)[number];

const broken: readonly TrackedStatus[] = ['damaged', 'destroyed', 'rejected'];

/**
 * The hub's state of a unit, of what the tracker says. At a customer it is installed, whatever its status; what came back
 * and lies in the warehouse is stock again.
 */
export function assetState(status: TrackedStatus, at: 'warehouse' | 'bag' | 'customer' | 'nowhere'): AssetState {
  if (status === 'lost') return 'lost';
  if (at === 'customer') return 'installed';
  if (broken.includes(status)) return 'damaged';
  if (at !== 'bag') return 'in_stock';
  return status === 'returned' ? 'returned' : 'in_transit';
}

/** Where a unit is: at a place (a warehouse, a technician's bag), at a customer, or at neither. `ref`s are the tracker's. */
export type TrackedAt =
  | { readonly kind: 'place'; readonly ref: string; readonly name: string }
  | { readonly kind: 'customer'; readonly ref: string; readonly name: string }
  | { readonly kind: 'nowhere' };

export type TrackedPart = { readonly ref: string; readonly name: string };

/** One unit as the tracker has it now. */
export type TrackedAsset = {
  /** The tracker's name for it; never another unit's. */
  readonly ref: string;
  readonly part: TrackedPart;
  readonly serial: string | null;
  readonly status: TrackedStatus;
  readonly at: TrackedAt;
};

/** What a technician finds a modem to be that comes back. */
export const assetConditions = ['ok', 'damaged', 'lost'] as const;
export type AssetCondition = (typeof assetConditions)[number];

/**
 * What is done to an asset, and from which states. `hand_over`: warehouse → bag; `install`: bag → subscriber; `uninstall`:
 * subscriber → bag; `to_warehouse`: bag → warehouse; `mark`: it is found damaged or lost, or in order after all, wherever it is.
 */
export const assetMoves = {
  hand_over: { from: ['in_stock', 'returned'], to: ['in_transit'] },
  install: { from: ['in_transit', 'returned'], to: ['installed'] },
  uninstall: { from: ['installed'], to: ['returned', 'damaged'] },
  to_warehouse: { from: ['in_transit', 'returned', 'damaged'], to: ['in_stock', 'damaged'] },
  mark: { from: assetStates, to: assetStates },
} as const satisfies Readonly<
  Record<string, { readonly from: readonly AssetState[]; readonly to: readonly AssetState[] }>
>;
export type AssetMoveKind = keyof typeof assetMoves;

/** An operation on one asset, from the row that is committed before the first request (`asset_operations`). */
const operationStates = ['waiting', 'done', 'refused', 'held'] as const;
/** `held`: the tracker shows neither what was nor what was wanted; a person must look. */
export type OperationState = (typeof operationStates)[number];

export const trackerKinds = ['builtin', 'inventree'] as const;
export type TrackerKind = (typeof trackerKinds)[number];
