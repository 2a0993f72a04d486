import type { ScanStep } from '#http/client/rooms/scans.ts';
import type { CheckIn, MoveBody, ScanAnswer, ScanBody } from '../api/shapes.ts';

/** What is sent. `label` is what people know it by: a serial, a customer's name. */
export type Deed =
  | { readonly is: 'scan'; readonly scan: ScanBody }
  | { readonly is: 'move'; readonly orderId: string; readonly body: MoveBody }
  | { readonly is: 'photo'; readonly orderId: string; readonly photo: Blob; readonly query: string }
  | { readonly is: 'attendance'; readonly body: CheckIn };

/**
 * `waiting`: to be sent (again); `following`: the hub has it and works on it; `held`: it has it and waits for something, or
 * for a person in the office; `refused`: the technician must look; `done`: shown for a while.
 */
export type ItemState = 'waiting' | 'following' | 'refused' | 'held' | 'done';

export type Item = {
  /** The order in which things were done; the queue's key. */
  readonly no: number;
  /** Made once, on the phone: the hub's `client_ref`. */
  readonly ref: string;
  /** Whose deed it is: never sent in another's name. */
  readonly userId: string;
  /** Deeds of one lane go one after the other: those of a work order, or without one those of a unit. */
  readonly lane: string;
  readonly label: string;
  readonly deed: Deed;
  readonly madeAt: number;
  readonly state: ItemState;
  readonly tries: number;
  /** Not before, by the phone's clock. */
  readonly nextAt: number;
  /** When the hub answered that it is done, by the phone's clock. */
  readonly doneAt: number | null;
  /** The hub's words, in the tenant's language. */
  readonly told: string | null;
  readonly scanId: string | null;
  readonly steps: readonly ScanStep[];
  /** What the hub would take instead of what it refused. */
  readonly offers: readonly Offer[];
};

/** A refused scan, changed: `replaces` the modem that the line has, or one unit of several that the code means. */
export type Offer = { readonly is: 'replace' | 'unit'; readonly label: string; readonly change: Partial<ScanBody> };

export type NewItem = Pick<Item, 'ref' | 'userId' | 'lane' | 'label' | 'deed' | 'madeAt'>;

export const fresh = (made: NewItem): Omit<Item, 'no'> => ({
  ...made,
  state: 'waiting',
  tries: 0,
  nextAt: 0,
  doneAt: null,
  told: null,
  scanId: null,
  steps: [],
  offers: [],
});

/** A photo that is refused is no reason to keep back what was done; what the hub holds it goes on with by itself. */
const blocks = ({ state, deed }: Item): boolean => deed.is !== 'photo' && (state === 'refused' || state === 'waiting');

/** Whether something earlier of its lane must go, or be looked at, first. */
export const isBehind = (item: Item, items: readonly Item[]): boolean =>
  item.deed.is !== 'photo' &&
  items.some(
    (other) => other.no < item.no && other.userId === item.userId && other.lane === item.lane && blocks(other),
  );

/** What is to be sent now, the oldest first. */
export const nextToSend = (items: readonly Item[], userId: string, now: number): Item | undefined =>
  items.find(
    (item) => item.userId === userId && item.state === 'waiting' && item.nextAt <= now && !isBehind(item, items),
  );

const firstWaitMs = 2_000;
const longestWaitMs = 5 * 60_000;

/** 2 s, 4 s, … 5 minutes; the hub may name a longer wait. */
const waitAfter = (tries: number, asked: number | null): number =>
  Math.max(Math.min(firstWaitMs * 2 ** Math.min(tries, 20), longestWaitMs), asked ?? 0);

export const putOff = (item: Item, now: number, asked: number | null): Item => ({
  ...item,
  tries: item.tries + 1,
  nextAt: now + waitAfter(item.tries, asked),
});

const stateOf = { running: 'following', done: 'done', refused: 'refused', held: 'held' } as const;

/** An item whose scan the hub has: as far as it has come. */
export const followed = (item: Item, scan: ScanAnswer, now: number): Item => ({
  ...item,
  state: stateOf[scan.status],
  doneAt: scan.status === 'done' ? now : null,
  told: scan.problem?.text ?? null,
  scanId: scan.id,
  steps: scan.steps,
  tries: item.tries + 1,
  // Soon at first: the technician stands before the modem.
  nextAt: now + Math.min(1_000 * 1.3 ** Math.min(item.tries, 20), 30_000),
});

export const refusedWith = (item: Item, told: string, offers: readonly Offer[]): Item => ({
  ...item,
  state: 'refused',
  told,
  offers,
});
export const sent = (item: Item, now: number): Item => ({ ...item, state: 'done', doneAt: now, told: null });
export const again = (item: Item): Item => ({ ...item, state: 'waiting', tries: 0, nextAt: 0, told: null, offers: [] });

/** What a phone counts in plain sight. */
export const countOf = (mine: readonly Item[]) => {
  const count = (...states: readonly ItemState[]): number => mine.filter(({ state }) => states.includes(state)).length;
  return { waiting: count('waiting'), following: count('following'), refused: count('refused', 'held') };
};
