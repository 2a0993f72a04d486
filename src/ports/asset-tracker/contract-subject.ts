import type { TrackedStatus } from '#domain/asset.ts';
import type { Result } from '#domain/result.ts';
import type { AssetFailure, AssetTracker, MoveDone, MoveOrder, MoveWish, TrackedAsset } from './port.ts';

type Technician = Parameters<AssetTracker['bagOf']>[0];
type Customer = Parameters<AssetTracker['customerOf']>[0];

/** A tracker under the contract, and hands that reach past it: what people do in the same stock. */
export type TrackerSubject = {
  readonly tracker: AssetTracker;
  /** Refs of parts with serials that customers are given. */
  readonly parts: readonly [string, string];
  /** Two of one name. */
  readonly technicians: readonly [Technician, Technician];
  /** Two of one name. */
  readonly customers: readonly [Customer, Customer];
  /** A new unit in the warehouse; its ref. */
  put(serial: string, part?: string): Promise<string>;
  /** Somebody carries it elsewhere. */
  carry(ref: string, to: { readonly place: string } | { readonly customer: string }): Promise<void>;
  judge(ref: string, status: TrackedStatus): Promise<void>;
  /** Deletes it; null: nobody can. */
  readonly remove: ((ref: string) => Promise<void>) | null;
  /** How many rows its history has. */
  history(ref: string): Promise<number>;
  /** Whether the tracker answers. */
  feel(mood: 'well' | 'away'): void;
  /** From now on the login is not taken; null: there is none. `well` ends it. */
  readonly forbid: (() => void) | null;
  /** The next deed is done and nobody hears of it; null: deed and answer are one. */
  readonly loseNextAnswer: (() => void) | null;
  /** What somebody does between the next look and the deed, or between the deed and the look after it; null: there is no between. */
  readonly amidst: ((when: 'before' | 'after', deed: () => Promise<void>) => void) | null;
  close(): Promise<void>;
};

let given = 0;
const next = (): string => String(++given);
export const freshSerial = (): string => `INNBG${next().padStart(8, '0')}`;
/** The id of an operation that nobody has asked for yet. */
export const freshId = (): string => `00000000-0000-4000-8000-${next().padStart(12, '0')}`;

/** The value of an answer that must be a good one. */
export function good<T>(answer: Result<T, AssetFailure>): T {
  if (!answer.ok) throw new Error(`the tracker answered ${answer.error.reason}: ${answer.error.detail}`);
  return answer.value;
}

export const orderFor = (ref: string, wish: MoveWish, over: Partial<MoveOrder> = {}): MoveOrder => ({
  operationId: freshId(),
  ref,
  serial: null,
  wish,
  by: 'budi@example.net',
  note: 'uji',
  ...over,
});

/** A unit on the shelf, and the places and customers that it may go to. */
export type Shop = {
  readonly subject: TrackerSubject;
  readonly tracker: AssetTracker;
  readonly shelf: string;
  readonly bags: readonly [string, string];
  readonly buyers: readonly [string, string];
  readonly read: (ref: string) => Promise<TrackedAsset | null>;
  readonly move: (ref: string, wish: MoveWish) => Promise<MoveDone>;
};

export async function openShop(open: () => Promise<TrackerSubject>): Promise<Shop> {
  const subject = await open();
  const { tracker, technicians, customers } = subject;
  const bag = async (technician: Technician): Promise<string> => good(await tracker.bagOf(technician));
  const buyer = async (customer: Customer): Promise<string> => good(await tracker.customerOf(customer));
  return {
    subject,
    tracker,
    shelf: good(await tracker.warehouse()).ref,
    bags: [await bag(technicians[0]), await bag(technicians[1])],
    buyers: [await buyer(customers[0]), await buyer(customers[1])],
    read: async (ref) => good(await tracker.read(ref)),
    move: async (ref, wish) => good(await tracker.move(orderFor(ref, wish))),
  };
}
