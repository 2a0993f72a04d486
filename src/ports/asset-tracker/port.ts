import type { AssetCondition, TrackedAsset, TrackedPart } from '#domain/asset.ts';
import type { Result } from '#domain/result.ts';

export type { TrackedAsset, TrackedAt, TrackedPart } from '#domain/asset.ts';

/** Why a unit is not moved, as far as the tracker shows it; nothing was changed. */
export type MoveRefusal =
  | 'gone'
  | 'elsewhere'
  | 'at_customer'
  | 'not_at_customer'
  | 'wrong_status'
  | 'not_salable'
  | 'serial_differs'
  | 'no_such_place'
  | 'not_a_customer';

/**
 * `unreachable`: nobody knows yet; ask again later with the same operation id. `forbidden`: the login may not; nothing more
 * is written for this tenant until a person mends it. `refused`: see `refusal`; `found` is the unit as it is. `mixed`: the
 * unit is neither where it was nor where it should be; a person must look.
 */
export type AssetFailure =
  | { readonly reason: 'unreachable' | 'forbidden' | 'rejected'; readonly detail: string }
  | {
      readonly reason: 'refused';
      readonly refusal: MoveRefusal;
      readonly detail: string;
      readonly found: TrackedAsset | null;
    }
  | { readonly reason: 'mixed'; readonly detail: string; readonly found: TrackedAsset };

/** What is to become of a unit; places and customers by the tracker's refs. */
export type MoveWish =
  | { readonly kind: 'hand_over' | 'to_warehouse'; readonly from: string; readonly to: string }
  | { readonly kind: 'install'; readonly from: string; readonly customer: string }
  | {
      readonly kind: 'uninstall';
      readonly customer: string;
      readonly to: string;
      readonly condition: Exclude<AssetCondition, 'lost'>;
    }
  /** `ok`: it is mended, or found again. */
  | { readonly kind: 'mark'; readonly condition: AssetCondition };

export type MoveOrder = {
  /** A UUID: the same on every try; the tracker's history shows it, so that a lost answer is found again. */
  readonly operationId: string;
  readonly ref: string;
  /** As scanned; null: not compared. */
  readonly serial: string | null;
  readonly wish: MoveWish;
  /** The login of whoever did it. */
  readonly by: string;
  /** For people; at most 200 characters. */
  readonly note: string;
};

/**
 * `already`: this very operation had been done before, and its answer was lost (where the unit has been moved on since, it is
 * `mixed`). What somebody else did in the meantime is no operation of the hub's: it is refused, and `found` shows it. But a
 * mark is as it is wished whoever made it.
 */
export type MoveDone = { readonly asset: TrackedAsset; readonly outcome: 'done' | 'already' };

/**
 * New units for the shelf, all or none. Again with the same operation id: what it made. A serial that is there otherwise is
 * `rejected`, and the detail names it.
 */
export type GoodsIn = {
  readonly operationId: string;
  readonly part: string;
  readonly place: string;
  /** At most 100. */
  readonly serials: readonly string[];
  readonly by: string;
};

/** What the hub knows of a unit and the tracker shows to people who look there. */
export type AssetLabel = {
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly mac: string | null;
  readonly gponSn: string | null;
  readonly barcode: string | null;
  readonly username: string | null;
  readonly operationId: string | null;
};

/** One row of the tracker's history. `no` only grows. */
export type TrackedMove = {
  readonly no: number;
  readonly ref: string | null;
  /** ISO 8601 without a zone: the tracker's own clock; for people. */
  readonly at: string;
  readonly what: string;
  readonly notes: string;
  readonly by: string;
  /** The hub's operation that the row is of. */
  readonly operationId: string | null;
};

export type TrackedPage<T> = { readonly rows: readonly T[]; readonly next: string | null };

/** What happened in the tracker, whoever did it (spec A1). Hints come from elsewhere; this is the truth. */
export interface AssetFeed {
  /** Rows above `mark`, oldest first; all there are, or so many that `isMore`. */
  movesAfter(
    mark: number,
  ): Promise<Result<{ readonly moves: readonly TrackedMove[]; readonly isMore: boolean }, AssetFailure>>;
  /** Every unit with a serial, page by page; `page` null: the first. A unit may come twice. */
  walk(page: string | null): Promise<Result<TrackedPage<TrackedAsset>, AssetFailure>>;
}

/** One tenant's stock: InvenTree, or the hub's own list. Nothing here throws. */
export interface AssetTracker {
  /** Null: there is no such unit. */
  read(ref: string): Promise<Result<TrackedAsset | null, AssetFailure>>;
  /** Units that a scanned text may mean, by the tracker's own codes, its linked labels and its serials; two: ask the person. */
  find(code: string): Promise<Result<readonly TrackedAsset[], AssetFailure>>;
  /**
   * A move of a unit is about to be ordered under this operation, and the hub lets nobody else move it meanwhile: what must
   * be looked at before may be read already. It asks only, answers nothing, and need never be said; left out: it is of no use.
   */
  foresee?(operationId: string, ref: string): void;
  /** Looks, acts, looks again (`docs/adr/0035`): done, or nothing changed, or it is told what is known. */
  move(order: MoveOrder): Promise<Result<MoveDone, AssetFailure>>;
  receive(goods: GoodsIn): Promise<Result<readonly TrackedAsset[], AssetFailure>>;
  /** Parts that can be modems: with serials, and given to customers. */
  parts(): Promise<Result<readonly TrackedPart[], AssetFailure>>;
  /** The place where new units lie. */
  warehouse(): Promise<Result<TrackedPart, AssetFailure>>;
  /** A technician's own place, made if it is missing; the same ref every time. */
  bagOf(technician: { readonly id: string; readonly name: string }): Promise<Result<string, AssetFailure>>;
  /** Whoever is given units, made if missing; the same ref every time. */
  customerOf(customer: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
  }): Promise<Result<string, AssetFailure>>;
  /** Copies what the hub knows to where people look; saying it twice is harmless. */
  label(ref: string, label: AssetLabel): Promise<Result<null, AssetFailure>>;
  /** Null: nobody else writes there, and nothing has to be followed. */
  readonly feed: AssetFeed | null;
  /** Whether the login is good and may do what it must, in words. */
  test(): Promise<Result<string, AssetFailure>>;
  close(): void;
}
