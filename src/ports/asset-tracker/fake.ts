import { err, ok, type Result } from '#domain/result.ts';
import { createFakeStock, type FakeStock } from './fake-stock.ts';
import type {
  AssetFailure,
  AssetTracker,
  GoodsIn,
  MoveDone,
  MoveOrder,
  MoveWish,
  TrackedAsset,
  TrackedAt,
} from './port.ts';
import { isAsWished, refusalOf, statusAfter } from './protocol.ts';

type Mood = 'well' | 'away' | 'forbidden' | 'nonsense';
type Between = { readonly when: 'before' | 'after'; readonly deed: () => Promise<void> };

export type FakeTracker = AssetTracker & {
  /** Hands that reach past the port. */
  readonly stock: FakeStock;
  /** `nonsense`: the login is good and the stock looks empty. `well` takes back what the two below have set. */
  feel(mood: Mood): void;
  /** The next deed is done, and nobody hears of it. */
  loseNextAnswer(): void;
  /** What somebody does within the next move. */
  amidst(when: 'before' | 'after', deed: () => Promise<void>): void;
  readonly asked: () => number;
};

const unreachable = (detail: string) => err({ reason: 'unreachable', detail } as const);

/** Where a move ends; a reason why it cannot. */
function destination(stock: FakeStock, wish: MoveWish): Result<TrackedAt | null, 'no_such_place' | 'not_a_customer'> {
  if (wish.kind === 'mark') return ok(null);
  if (wish.kind === 'install')
    return stock.customers.has(wish.customer) ? ok(stock.customerAt(wish.customer)) : err('not_a_customer');
  return stock.places.has(wish.to) ? ok(stock.placeAt(wish.to)) : err('no_such_place');
}

/** A tracker in memory, with InvenTree's manners: others move units too, answers are lost, a deed takes its time. */
export function createFakeTracker(stock: FakeStock = createFakeStock(), pageSize = 100): FakeTracker {
  let mood: Mood = 'well';
  let losing = false;
  let between: Between | null = null;
  let asked = 0;
  const turns = new Map<string, Promise<unknown>>();

  async function asking<T>(work: () => Result<T, AssetFailure>): Promise<Result<T, AssetFailure>> {
    asked += 1;
    await Promise.resolve();
    if (mood === 'away') return unreachable('connect ECONNREFUSED');
    if (mood === 'forbidden') return err({ reason: 'forbidden', detail: 'Invalid token.' });
    return work();
  }
  async function pass(when: Between['when']): Promise<void> {
    if (between?.when !== when) return;
    const { deed } = between;
    between = null;
    await deed();
  }
  const isKnown = ({ operationId, ref }: MoveOrder): boolean =>
    stock.moves.some((row) => row.ref === ref && row.operationId === operationId);

  function check(order: MoveOrder): Result<TrackedAt | null, AssetFailure> {
    const found = stock.read(order.ref);
    const refusal = refusalOf(order, found);
    if (refusal) return err({ reason: 'refused', ...refusal, found });
    const to = destination(stock, order.wish);
    return to.ok ? to : err({ reason: 'refused', refusal: to.error, detail: 'there is none', found });
  }

  async function act(order: MoveOrder): Promise<Result<MoveDone, AssetFailure>> {
    const { ref, wish, by, operationId, note } = order;
    const before = stock.read(ref);
    const isWished = before !== null && isAsWished(wish, before);
    if (isWished && (wish.kind === 'mark' || isKnown(order))) return ok({ asset: before, outcome: 'already' });
    if (before && isKnown(order)) return err({ reason: 'mixed', detail: 'it was moved on since', found: before });
    const first = check(order);
    if (!first.ok) return first;
    await pass('before');
    const checked = check(order);
    if (!checked.ok) return checked;
    const status = statusAfter(wish);
    const to = { ...(checked.value && { at: checked.value }), ...(status && { status }) };
    stock.change(ref, to, { by, operationId, notes: note });
    await pass('after');
    if (losing) {
      losing = false;
      return unreachable('the answer was lost');
    }
    const asset = stock.read(ref);
    if (!asset) return err({ reason: 'refused', refusal: 'gone', detail: 'deleted', found: null });
    return isAsWished(wish, asset)
      ? ok({ asset, outcome: 'done' })
      : err({ reason: 'mixed', detail: 'somebody moved it', found: asset });
  }

  /** One at a time for each unit, as ADR 35 asks of every implementation. */
  function inTurn<T>(ref: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(ref) ?? Promise.resolve()).then(work);
    turns.set(ref, turn);
    return turn;
  }

  function receive({ serials, part, place, by, operationId }: GoodsIn): Result<readonly TrackedAsset[], AssetFailure> {
    const there = stock.all().filter(({ serial }) => serial !== null && serials.includes(serial));
    const isThere = ({ part: own, at }: TrackedAsset) => own.ref === part && at.kind === 'place' && at.ref === place;
    if (there.length === serials.length && there.every(isThere))
      return ok(serials.flatMap((serial) => there.filter((unit) => unit.serial === serial)));
    if (there.length > 0)
      return err({ reason: 'rejected', detail: `known already: ${there.map(({ serial }) => serial).join(', ')}` });
    return ok(serials.map((serial) => stock.add(serial, part, place, { by, operationId })));
  }

  return {
    stock,
    asked: () => asked,
    feel(next) {
      mood = next;
      losing = false;
      between = null;
    },
    loseNextAnswer: () => {
      losing = true;
    },
    amidst: (when, deed) => {
      between = { when, deed };
    },
    read: (ref) => asking(() => ok(stock.read(ref))),
    find: (code) => asking(() => ok(stock.all().filter(({ serial }) => serial !== null && serial === code))),
    move: async (order) => {
      const reached = await asking(() => ok(null));
      return reached.ok ? inTurn(order.ref, () => act(order)) : reached;
    },
    receive: (goods) => asking(() => receive(goods)),
    parts: () => asking(() => ok(stock.parts)),
    warehouse: () => asking(() => ok(stock.warehouse)),
    bagOf: ({ id, name }) => asking(() => ok(stock.own('bag', id, name, stock.places))),
    customerOf: ({ id, name }) => asking(() => ok(stock.own('customer', id, name, stock.customers))),
    label: () => asking(() => ok(null)),
    feed: {
      movesAfter: (mark) =>
        asking(() => {
          const rows = mood === 'nonsense' ? [] : stock.moves.slice(mark, mark + pageSize);
          return ok({ moves: rows, isMore: stock.moves.length > mark + rows.length });
        }),
      walk: (page) =>
        asking(() => {
          const start = Number(page ?? 0);
          const all = mood === 'nonsense' ? [] : stock.all();
          return ok({
            rows: all.slice(start, start + pageSize),
            next: start + pageSize < all.length ? String(start + pageSize) : null,
          });
        }),
    },
    test: () => asking(() => ok('takes the login')),
    close: () => undefined,
  };
}
