import { err, ok, type Result } from '#domain/result.ts';
import type { AssetFailure, MoveDone, MoveOrder, TrackedAsset } from '#ports/asset-tracker/port.ts';
import { isAsWished, refusalOf } from '#ports/asset-tracker/protocol.ts';
import type { Asked, InventreeClient, InventreeFailure } from './client.ts';
import type { CompanyNames } from './company-names.ts';
import type { EarlyLooks } from './early-looks.ts';
import { explain } from './explain.ts';
import { failed, gone, refused, rejected, stillOpen, unknown } from './failures.ts';
import { hasHappened, isPk, notesOf, readRow } from './look.ts';
import type { LostAnswers } from './lost-answers.ts';
import { requestOf } from './requests.ts';
import type { StockRow } from './shapes.ts';
import type { Turns } from './turns.ts';
import { asCounted, assetOf, isSame } from './unit.ts';

type Parts = {
  readonly client: InventreeClient;
  readonly names: CompanyNames;
  readonly turns: Turns;
  readonly lost: LostAnswers;
  readonly early: EarlyLooks<Looked>;
};
/** A unit's row, and whether its history tells of the operation. */
export type Looked = readonly [
  row: Awaited<ReturnType<typeof readRow>>,
  isOurs: Awaited<ReturnType<typeof hasHappened>>,
];
type Moved = Result<MoveDone, AssetFailure>;
/** A unit, and whether its history tells of the operation. */
type Sight = { readonly row: StockRow; readonly asset: TrackedAsset; readonly isOurs: boolean };

const moved = (asset: TrackedAsset, outcome: MoveDone['outcome']): Moved => ok({ asset, outcome });
const mixed = (found: TrackedAsset, detail = 'somebody else moved the unit at the same time'): Moved =>
  err({ reason: 'mixed', detail, found });

/** Both questions at once. */
export const lookAt = (client: InventreeClient, ref: string, operationId: string): Promise<Looked> =>
  Promise.all([readRow(client, ref), hasHappened(client, ref, operationId)]);

/** Looks, acts once, looks again (spec A4; `docs/adr/0036`): what InvenTree answers is no proof of what it did. */
export function createMover({ client, names, turns, lost, early }: Parts): (order: MoveOrder) => Promise<Moved> {
  const sightOf = async (row: StockRow, isOurs: boolean): Promise<Sight> => ({
    row,
    asset: assetOf(row, await names.of(row.customer)),
    isOurs,
  });

  /** The unit first: what it shows, its history tells as well by then. */
  async function lookClosely({ ref, operationId }: MoveOrder): Asked<Sight | null> {
    const row = await readRow(client, ref);
    if (!row.ok || row.value === null) return row.ok ? ok(null) : row;
    const isOurs = await hasHappened(client, ref, operationId);
    return isOurs.ok ? ok(await sightOf(row.value, isOurs.value)) : isOurs;
  }

  /** Both at once; looked at one after the other where they do not go together. */
  async function look(order: MoveOrder): Asked<Sight | null> {
    const [row, isOurs] = await lookAt(client, order.ref, order.operationId);
    if (!row.ok) return row;
    if (row.value === null) return ok(null);
    if (!isOurs.ok) return isOurs;
    const sight = await sightOf(row.value, isOurs.value);
    return isAsWished(order.wish, sight.asset) === isOurs.value ? ok(sight) : lookClosely(order);
  }

  /** What the unit says before anything is done; null: it may be moved. */
  function judge(order: MoveOrder, { row, asset, isOurs }: Sight): Moved | null {
    const isAsked = isAsWished(order.wish, asset);
    if (isAsked && (isOurs || order.wish.kind === 'mark')) return moved(asset, 'already');
    if (isOurs) return mixed(asset, 'this move was made before, and somebody has moved the unit since');
    const refusal = refusalOf(order, asCounted(asset, row));
    if (refusal) return refused(refusal.refusal, refusal.detail, asset);
    const isUnsalable = order.wish.kind === 'install' && row.part_detail?.salable === false;
    return isUnsalable ? refused('not_salable', `the part ${asset.part.name} is not salable`, asset) : null;
  }

  /** InvenTree refused: somebody was quicker, or the reason is none that the unit shows. */
  async function afterRefusal(order: MoveOrder, before: StockRow, { detail }: InventreeFailure): Promise<Moved> {
    const after = await lookClosely(order);
    if (!after.ok) return unknown(after.error.detail);
    if (after.value === null) return gone();
    const { row, asset, isOurs } = after.value;
    if (isOurs) return isAsWished(order.wish, asset) ? moved(asset, 'already') : mixed(asset);
    if (!isSame(before, row))
      return refused(refusalOf(order, asCounted(asset, row))?.refusal ?? 'elsewhere', detail, asset);
    const why = await explain(client, order.wish, detail);
    return why === null ? rejected(`InvenTree refuses (${detail})`) : refused(why, detail, asset);
  }

  async function afterLoss(order: MoveOrder, { detail }: InventreeFailure): Promise<Moved> {
    await lost.note(order.operationId);
    const after = await lookClosely(order);
    if (!after.ok || !after.value?.isOurs) return unknown(detail);
    lost.found(order.operationId);
    const { asset } = after.value;
    return isAsWished(order.wish, asset) ? moved(asset, 'done') : mixed(asset);
  }

  async function afterDeed(order: MoveOrder, before: StockRow): Promise<Moved> {
    const after = await readRow(client, order.ref);
    if (!after.ok) return unknown(after.error.detail);
    if (after.value === null) return gone();
    const { row, asset } = await sightOf(after.value, true);
    if (isAsWished(order.wish, asset)) return moved(asset, 'done');
    const isOurs = await hasHappened(client, order.ref, order.operationId);
    if (!isOurs.ok) return unknown(isOurs.error.detail);
    if (isOurs.value || !isSame(before, row)) return mixed(asset);
    return rejected('InvenTree says that it is done, but nothing has changed');
  }

  async function act(order: MoveOrder, before: StockRow): Promise<Moved> {
    const { operationId, by, note } = order;
    const { path, body } = requestOf(order.wish, before.pk, notesOf(operationId, by, note));
    const answer = await client.act(path, body);
    if (answer.ok) return afterDeed(order, before);
    if (answer.error.reason === 'unreachable') return afterLoss(order, answer.error);
    if (answer.error.reason === 'invalid') return afterRefusal(order, before, answer.error);
    return failed(answer.error);
  }

  /** The unit as it was looked at before the order came, where it may be moved; whatever else it shows is looked at anew. */
  async function foreseen(order: MoveOrder): Promise<StockRow | null> {
    const [row, isOurs] = (await early.take(order.operationId)) ?? [];
    if (!row?.ok || row.value === null || !isOurs?.ok) return null;
    const sight = await sightOf(row.value, isOurs.value);
    return isOurs.value || lost.isQuiet(order.operationId) || judge(order, sight) !== null ? null : sight.row;
  }

  async function carryOut(order: MoveOrder): Promise<Moved> {
    const seen = await foreseen(order);
    if (seen) return act(order, seen);
    const before = await look(order);
    if (!before.ok) return failed(before.error);
    if (before.value === null) return gone();
    // Whatever the unit shows: what is still under way may move it yet, so nothing can be called refused.
    if (!before.value.isOurs && lost.isQuiet(order.operationId)) return unknown(stillOpen);
    return judge(order, before.value) ?? act(order, before.value.row);
  }

  return async (order) => (isPk(order.ref) ? turns(order.ref, () => carryOut(order)) : gone());
}
