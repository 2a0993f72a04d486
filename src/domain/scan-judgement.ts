import { type AssetCondition, type AssetMoveKind, type AssetState, assetMoves } from '#domain/asset.ts';
import type { ScanKind } from '#domain/scan.ts';
import type { ScanProblem } from '#domain/scan-problem.ts';

/** A unit as the hub has it, locked. Instants in ms since 1970. */
export type UnitNow = {
  readonly id: string;
  readonly state: AssetState;
  readonly technicianId: string | null;
  readonly subscriptionId: string | null;
  readonly isGone: boolean;
  /** A move of it is under way, or a person must look at one. */
  readonly isBusy: boolean;
  /** When the hub last had it moved, as scanned; null: never. */
  readonly movedAt: number | null;
  /** What it was moved by then. */
  readonly movedBy: AssetMoveKind | null;
  /** Technicians it was ever handed to. */
  readonly handedTo: readonly string[];
};

export type ScanAsked = {
  readonly kind: ScanKind;
  /** Into or out of whose bag; null: none, the warehouse's own hands. */
  readonly technicianId: string | null;
  /** Whoever scans works in the warehouse: what it takes back lies on its shelf. */
  readonly isWarehouse: boolean;
  readonly condition: AssetCondition;
  readonly scannedAt: number;
  /** A person wants it although it was scanned before the unit's last move. */
  readonly isForced: boolean;
};

/** Where it is to be installed. `modem`: what is there now. */
export type LineNow = { readonly id: string; readonly isEnded: boolean; readonly modem: UnitNow | null };

export type UnitMove = {
  readonly unitId: string;
  readonly kind: AssetMoveKind;
  readonly technicianId: string | null;
  readonly subscriptionId: string | null;
  readonly condition: AssetCondition;
};

/** `nothing`: it is so already. `confirm`: nothing moves, both sides have said it. Moves are made in this order. */
export type Judgement =
  | { readonly do: 'refuse' | 'hold'; readonly problem: ScanProblem; readonly unit: UnitNow }
  | { readonly do: 'nothing' | 'confirm' }
  | { readonly do: 'move'; readonly moves: readonly UnitMove[] };

const refuse = (problem: ScanProblem, unit: UnitNow): Judgement => ({ do: 'refuse', problem, unit });
const hold = (problem: ScanProblem, unit: UnitNow): Judgement => ({ do: 'hold', problem, unit });
const nothing: Judgement = { do: 'nothing' };

/** How far the clocks of phones may be apart. */
export const clockSkewMs = 10 * 60_000;

const moveOf = (unit: UnitNow, kind: AssetMoveKind, over: Partial<UnitMove> = {}): UnitMove => ({
  unitId: unit.id,
  kind,
  technicianId: unit.technicianId,
  subscriptionId: null,
  condition: 'ok',
  ...over,
});
const moving = (...moves: readonly UnitMove[]): Judgement => ({ do: 'move', moves });

const isOnShelf = ({ state, technicianId }: UnitNow): boolean =>
  state === 'in_stock' || (state === 'returned' && technicianId === null);
const inBags: readonly AssetState[] = assetMoves.to_warehouse.from;
const isInBag = ({ state, technicianId }: UnitNow): boolean => technicianId !== null && inBags.includes(state);
const isUsable = ({ state }: UnitNow): boolean => state === 'in_transit' || state === 'returned';

/** Of a unit that is neither on the shelf nor in the bag it is wanted from: where it is. */
function elsewhere(unit: UnitNow): Judgement {
  if (unit.state === 'lost') return refuse('unit_lost', unit);
  if (unit.state === 'installed') return refuse('installed_elsewhere', unit);
  return refuse(unit.state === 'damaged' && unit.technicianId === null ? 'unit_damaged' : 'in_other_bag', unit);
}

function handOver(asked: ScanAsked, unit: UnitNow): Judgement {
  if (isOnShelf(unit)) return moving(moveOf(unit, 'hand_over', { technicianId: asked.technicianId }));
  if (unit.technicianId !== asked.technicianId) return elsewhere(unit);
  return isUsable(unit) ? nothing : refuse('unit_damaged', unit);
}

function pickUp(asked: ScanAsked, unit: UnitNow): Judgement {
  if (isOnShelf(unit)) return hold('awaits_hand_over', unit);
  if (unit.technicianId !== asked.technicianId) return elsewhere(unit);
  return isUsable(unit) ? { do: 'confirm' } : refuse('unit_damaged', unit);
}

/** What goes before the installation; null: nothing. The old unit goes back to the bag, or is written off. */
function takingOut(
  asked: ScanAsked,
  unit: UnitNow,
  line: LineNow,
  replaced: UnitNow | null,
): UnitMove | Judgement | null {
  const { modem } = line;
  if (replaced?.id === unit.id) return refuse('same_unit', unit);
  if (modem === null) {
    const isBack =
      replaced === null || (replaced.state !== 'installed' && replaced.technicianId === asked.technicianId);
    return isBack ? null : refuse('replaced_elsewhere', replaced);
  }
  if (replaced === null) return refuse('line_has_modem', modem);
  if (replaced.id !== modem.id) return refuse('replaced_elsewhere', replaced);
  if (replaced.isBusy) return hold('busy', replaced);
  const from = { technicianId: asked.technicianId, subscriptionId: line.id, condition: asked.condition };
  return moveOf(replaced, asked.condition === 'lost' ? 'mark' : 'uninstall', from);
}

function install(asked: ScanAsked, unit: UnitNow, line: LineNow, replaced: UnitNow | null): Judgement {
  if (unit.state === 'installed' && unit.subscriptionId === line.id) return nothing;
  if (line.isEnded) return refuse('line_ended', unit);
  if (isOnShelf(unit)) return hold('awaits_hand_over', unit);
  if (unit.technicianId !== asked.technicianId) return elsewhere(unit);
  if (!isUsable(unit)) return refuse('unit_damaged', unit);
  const before = takingOut(asked, unit, line, replaced);
  if (before !== null && 'do' in before) return before;
  const into = moveOf(unit, 'install', { technicianId: asked.technicianId, subscriptionId: line.id });
  return before === null ? moving(into) : moving(before, into);
}

function takeBack(asked: ScanAsked, unit: UnitNow): Judgement {
  const { condition, technicianId } = asked;
  if (unit.state === 'lost') return condition === 'lost' ? nothing : refuse('unit_lost', unit);
  if (condition === 'lost') {
    return moving(moveOf(unit, 'mark', { technicianId, subscriptionId: unit.subscriptionId, condition }));
  }
  if (unit.state === 'installed') {
    return moving(moveOf(unit, 'uninstall', { technicianId, subscriptionId: unit.subscriptionId, condition }));
  }
  if (!isInBag(unit)) return nothing;
  const isOfBag = unit.technicianId === technicianId;
  if (asked.isWarehouse && (isOfBag || technicianId === null))
    return moving(moveOf(unit, 'to_warehouse', { condition }));
  if (!isOfBag) return refuse('in_other_bag', unit);
  if (condition === 'damaged' && unit.state !== 'damaged') return moving(moveOf(unit, 'mark', { condition }));
  return unit.movedBy === 'hand_over' ? hold('awaits_install', unit) : nothing;
}

/** Of a scan made before the unit's last move: whether what it says has been so; it changes nothing any more. */
function hasBeenSo(asked: ScanAsked, unit: UnitNow, line: LineNow | null): boolean {
  const { technicianId } = asked;
  if (asked.kind === 'install') return unit.state === 'installed' && unit.subscriptionId === line?.id;
  if (asked.kind === 'return')
    return unit.state !== 'installed' && (unit.technicianId === null || unit.technicianId === technicianId);
  return technicianId !== null && unit.handedTo.includes(technicianId);
}

/**
 * What follows from a scan, by what the hub has of the unit and the line at this moment (spec A2, A4, A6). Scans come hours
 * late and in any order: what was scanned before the unit's last move moves it no more, and what a move lacks that is
 * not known yet waits for it. Pure; `line` is needed for an installation.
 */
export function judgeScan(asked: ScanAsked, unit: UnitNow, line: LineNow | null, replaced: UnitNow | null): Judgement {
  if (unit.isGone) return refuse('unit_gone', unit);
  if (unit.isBusy) return hold('busy', unit);
  const isLate = unit.movedAt !== null && asked.scannedAt < unit.movedAt - clockSkewMs;
  if (isLate && !asked.isForced) return hasBeenSo(asked, unit, line) ? nothing : refuse('overtaken', unit);
  switch (asked.kind) {
    case 'hand_over':
      return handOver(asked, unit);
    case 'pick_up':
      return pickUp(asked, unit);
    case 'install':
      return line === null ? refuse('line_ended', unit) : install(asked, unit, line, replaced);
    case 'return':
      return takeBack(asked, unit);
  }
}
