import { fewAtOnce } from '#connectors/kit/few-at-once.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { AssetFailure, GoodsIn, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient } from './client.ts';
import { failed, rejected, stillOpen, unknown } from './failures.ts';
import { isPk, withDetails } from './look.ts';
import type { LostAnswers } from './lost-answers.ts';
import { type StockRow, stockPage } from './shapes.ts';
import type { Turns } from './turns.ts';
import { assetOf } from './unit.ts';

type Received = Result<readonly TrackedAsset[], AssetFailure>;

type Desk = { readonly client: InventreeClient; readonly turns: Turns; readonly lost: LostAnswers };

/** So many questions at once are no burden to an InvenTree with a handful of workers. */
const atOnce = 4;

const most = 100;

/**
 * The batch code of a delivery. The history of new units has no notes, so this is how a delivery whose answer was lost is
 * found again; and people see by it what came together.
 */
const batchOf = (operationId: string): string => `hub-${operationId}`;

/** InvenTree takes blanks and commas for separators, and `~` for "the next number". */
function unusable({ serials }: GoodsIn): string | null {
  if (serials.length === 0 || serials.length > most) return `a delivery has 1 to ${most} units`;
  const odd = serials.find((serial) => serial === '' || /[\s,~]|\p{Cc}/u.test(serial) || serial.length > most);
  if (odd !== undefined)
    return `InvenTree cannot take the serial ${JSON.stringify(odd)}: no blank, comma or ~ may be in it`;
  const twice = serials.find((serial, at) => serials.indexOf(serial) !== at);
  return twice === undefined ? null : `the serial ${twice} is in the list twice`;
}

/** Every unit of this serial, of whatever part, in this very spelling. */
export async function rowsOfSerial(client: InventreeClient, serial: string): Asked<readonly StockRow[]> {
  const page = await client.get('/api/stock/', { ...withDetails, serial, limit: 2, offset: 0 }, stockPage);
  return page.ok ? ok(page.value.results.filter((row) => row.serial === serial)) : page;
}

type Stand = { readonly serial: string; readonly rows: readonly StockRow[] };

function lookAt(client: InventreeClient, { serials }: GoodsIn): Asked<readonly Stand[]> {
  return fewAtOnce(serials, atOnce, async (serial) => {
    const rows = await rowsOfSerial(client, serial);
    return rows.ok ? ok({ serial, rows: rows.value }) : rows;
  });
}

const named = (stands: readonly Stand[]): string => stands.map(({ serial }) => serial).join(', ');

/** What the delivery made: each serial once, with its batch code; null: not all of them are there so. */
function made(stands: readonly Stand[], { operationId }: GoodsIn): readonly TrackedAsset[] | null {
  const single = stands.flatMap(({ rows }) => (rows.length === 1 ? rows : []));
  const own = single.filter(({ batch }) => batch === batchOf(operationId));
  return own.length === stands.length ? own.map((row) => assetOf(row, '')) : null;
}

function afterMaking(stands: readonly Stand[], goods: GoodsIn): Received {
  const units = made(stands, goods);
  if (units) return ok(units);
  const twice = stands.filter(({ rows }) => rows.length > 1);
  const [first] = twice[0]?.rows ?? [];
  if (!first) return unknown('InvenTree does not show all of the new units');
  // Nobody could tell them apart again.
  const detail = `InvenTree has these serials more than once now: ${named(twice)}`;
  return err({ reason: 'mixed', detail, found: assetOf(first, '') });
}

async function make({ client, lost }: Desk, goods: GoodsIn): Promise<Received> {
  const { part, place, serials, operationId } = goods;
  if (!isPk(part)) return rejected(`${part} is no part of InvenTree's`);
  if (!isPk(place)) return rejected(`${place} is no location of InvenTree's`);
  const body = {
    part: Number(part),
    location: Number(place),
    quantity: serials.length,
    serial_numbers: serials.join(','),
    batch: batchOf(operationId),
  };
  const answer = await client.act('/api/stock/', body);
  if (!answer.ok && answer.error.reason !== 'unreachable') return failed(answer.error);
  if (!answer.ok) await lost.note(operationId);
  const after = await lookAt(client, goods);
  return after.ok ? afterMaking(after.value, goods) : unknown(after.error.detail);
}

async function carryIn(desk: Desk, goods: GoodsIn): Promise<Received> {
  const { client, lost } = desk;
  const before = await lookAt(client, goods);
  if (!before.ok) return failed(before.error);
  const units = made(before.value, goods);
  if (units) return ok(units);
  if (lost.isQuiet(goods.operationId)) return unknown(stillOpen);
  const there = before.value.filter(({ rows }) => rows.length > 0);
  return there.length === 0 ? make(desk, goods) : rejected(`InvenTree has these serials already: ${named(there)}`);
}

/** New units, each serial once: looked for before and after, since InvenTree may take one twice from two at a time. */
export async function receiveGoods(desk: Desk, goods: GoodsIn): Promise<Received> {
  const problem = unusable(goods);
  if (problem !== null) return rejected(problem);
  // Of one delivery after another, whatever their serials: goods come in a few times a day.
  return desk.turns('goods-in', () => carryIn(desk, goods));
}
