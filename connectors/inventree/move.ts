import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, MoveDone, MoveOrder, MoveRefusal, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient, InventreeFailure } from './client.ts';
import type { CompanyNames } from './company-names.ts';
import { explain } from './explain.ts';
import { failed, refused, rejected, unknown } from './failures.ts';
import { hasHappened, isPk, notesOf, readRow } from './look.ts';
import type { StockRow } from './shapes.ts';
import type { Turns } from './turns.ts';
import { assetOf } from './unit.ts';
import { hasOtherSerial, isSame, wishOf } from './wishes.ts';

export type MoveTiming = {
  /** After a lost answer, before it is looked again: what was asked for may still be under way. */
  readonly settleMs: number;
  /** So long after a lost answer nothing is asked for again, only looked at. Longer than a server lets a request wait. */
  readonly quietMs: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

type Parts = {
  readonly client: InventreeClient;
  readonly names: CompanyNames;
  readonly turns: Turns;
  readonly timing: MoveTiming;
};
type Moved = Result<MoveDone, AssetFailure>;
/** A unit, and whether its history tells of the operation. */
type Sight = { readonly row: StockRow; readonly isOurs: boolean };

const said: Readonly<Record<MoveRefusal, string>> = {
  gone: 'it is not in InvenTree',
  elsewhere: 'it is not where it was to be taken from',
  at_customer: 'it is at a customer',
  not_at_customer: 'it is not at a customer',
  wrong_status: 'its status does not let it be given away',
  not_salable: 'its part is not salable',
  serial_differs: 'it has another serial',
  no_such_place: 'the place is not there, or is structural',
  not_a_customer: 'the company is not there, or is no customer',
};

/** Looks, acts once, looks again (spec A4; `docs/adr/0036`): what InvenTree answers is no proof of what it did. */
export function createMover({ client, names, turns, timing }: Parts): (order: MoveOrder) => Promise<Moved> {
  /** Operations whose answer was lost, and until when they may still be under way. */
  const lost = new Map<string, number>();

  const seen = async (row: StockRow): Promise<TrackedAsset> => assetOf(row, await names.of(row.customer));
  const moved = async (row: StockRow, outcome: MoveDone['outcome']): Promise<Moved> =>
    ok({ asset: await seen(row), outcome });
  const refuse = async (row: StockRow | null, refusal: MoveRefusal, words = said[refusal]): Promise<Moved> =>
    refused(refusal, words, row && (await seen(row)));
  const mixed = async (row: StockRow, detail: string): Promise<Moved> => ({
    ok: false,
    error: { reason: 'mixed', detail, found: await seen(row) },
  });

  /** The unit first: what it shows, its history tells as well by then. */
  async function lookClosely({ ref, operationId }: MoveOrder): Asked<Sight | null> {
    const row = await readRow(client, ref);
    if (!row.ok || row.value === null) return row.ok ? ok(null) : row;
    const isOurs = await hasHappened(client, ref, operationId);
    return isOurs.ok ? ok({ row: row.value, isOurs: isOurs.value }) : isOurs;
  }

  /** Both at once; looked at one after the other where they do not go together. */
  async function look(order: MoveOrder): Asked<Sight | null> {
    const [row, isOurs] = await Promise.all([
      readRow(client, order.ref),
      hasHappened(client, order.ref, order.operationId),
    ]);
    if (!row.ok) return row;
    if (row.value === null) return ok(null);
    if (!isOurs.ok) return isOurs;
    const agree = wishOf(order.wish).isDone(row.value) === isOurs.value;
    return agree ? ok({ row: row.value, isOurs: isOurs.value }) : lookClosely(order);
  }

  /** What the unit says before anything is done; null: it may be moved. */
  async function judge(order: MoveOrder, { row, isOurs }: Sight): Promise<Moved | null> {
    const wish = wishOf(order.wish);
    if (isOurs && wish.isDone(row)) return moved(row, 'already');
    if (isOurs) return mixed(row, 'this move was made before, and somebody has moved the unit since');
    if (hasOtherSerial(row, order)) return refuse(row, 'serial_differs', `its serial is ${row.serial ?? 'not known'}`);
    const refusal = wish.refusal(row);
    if (refusal !== null) return refuse(row, refusal);
    return wish.isDone(row) ? moved(row, 'done') : null;
  }

  async function afterRefusal(order: MoveOrder, before: StockRow, { detail }: InventreeFailure): Promise<Moved> {
    const after = await lookClosely(order);
    if (!after.ok) return unknown(after.error.detail);
    if (after.value === null) return refuse(null, 'gone');
    const { row, isOurs } = after.value;
    if (isOurs) return wishOf(order.wish).isDone(row) ? moved(row, 'already') : mixed(row, detail);
    if (!isSame(before, row)) return refuse(row, wishOf(order.wish).refusal(row) ?? 'elsewhere');
    const why = await explain(client, order.wish, detail);
    return why === null ? rejected(`InvenTree refuses (${detail})`) : refuse(row, why, `${said[why]} (${detail})`);
  }

  async function afterLoss(order: MoveOrder, { detail }: InventreeFailure): Promise<Moved> {
    for (const [id, until] of lost) if (until <= timing.now()) lost.delete(id);
    lost.set(order.operationId, timing.now() + timing.quietMs);
    await timing.sleep(timing.settleMs);
    const after = await lookClosely(order);
    const found = after.ok ? after.value : null;
    if (found?.isOurs !== true || !wishOf(order.wish).isDone(found.row)) return unknown(detail);
    lost.delete(order.operationId);
    return moved(found.row, 'done');
  }

  async function afterwards(order: MoveOrder, before: StockRow): Promise<Moved> {
    const after = await readRow(client, order.ref);
    if (!after.ok) return unknown(after.error.detail);
    const row = after.value;
    if (row === null) return refuse(null, 'gone');
    if (wishOf(order.wish).isDone(row)) return moved(row, 'done');
    const isOurs = await hasHappened(client, order.ref, order.operationId);
    if (!isOurs.ok) return unknown(isOurs.error.detail);
    if (isSame(before, row) && !isOurs.value)
      return rejected('InvenTree says that it is done, but nothing has changed');
    return mixed(row, 'somebody else moved the unit at the same time');
  }

  async function act(order: MoveOrder, before: StockRow): Promise<Moved> {
    const { path, body } = wishOf(order.wish).request(before.pk, notesOf(order.operationId, order.by, order.note));
    const answer = await client.act(path, body);
    if (answer.ok) return afterwards(order, before);
    if (answer.error.reason === 'unreachable') return afterLoss(order, answer.error);
    if (answer.error.reason === 'invalid') return afterRefusal(order, before, answer.error);
    return failed(answer.error);
  }

  async function carryOut(order: MoveOrder): Promise<Moved> {
    const before = await look(order);
    if (!before.ok) return failed(before.error);
    if (before.value === null) return refuse(null, 'gone');
    const verdict = await judge(order, before.value);
    if (verdict !== null) return verdict;
    const quietUntil = lost.get(order.operationId) ?? 0;
    if (timing.now() < quietUntil) return unknown('an answer was lost; it is waited whether it was done after all');
    return act(order, before.value.row);
  }

  return async (order) => (isPk(order.ref) ? turns(order.ref, () => carryOut(order)) : refuse(null, 'gone'));
}
