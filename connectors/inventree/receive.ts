import { err, ok, type Result } from '#domain/result.ts';
import type { AssetFailure, GoodsIn, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient } from './client.ts';
import { failed, rejected, unknown } from './failures.ts';
import { fewAtOnce } from './few-at-once.ts';
import { isPk, withDetails } from './look.ts';
import { madeUnits, pageOf, type StockRow, stockRow } from './shapes.ts';
import type { Turns } from './turns.ts';
import { assetOf } from './unit.ts';

type Received = Result<readonly TrackedAsset[], AssetFailure>;

const most = 100;

/**
 * The batch code of a delivery. Rows of the history that tell of new units have no notes, so this is how a delivery whose
 * answer was lost is found again; and people see by it what came together.
 */
export const batchOf = (operationId: string): string => `hub-${operationId}`;

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
  const page = await client.get('/api/stock/', { ...withDetails, serial, limit: 2, offset: 0 }, pageOf(stockRow));
  return page.ok ? ok(page.value.results.filter((row) => row.serial === serial)) : page;
}

type Stand = { readonly serial: string; readonly rows: readonly StockRow[] };

function lookAt(client: InventreeClient, { serials }: GoodsIn): Asked<readonly Stand[]> {
  return fewAtOnce(serials, async (serial) => {
    const rows = await rowsOfSerial(client, serial);
    return rows.ok ? ok({ serial, rows: rows.value }) : rows;
  });
}

/** Two of one serial: nobody could tell them apart again. */
const named = (stands: readonly Stand[]): string => stands.map(({ serial }) => serial).join(', ');

function asReceived(stands: readonly Stand[], goods: GoodsIn): Received {
  const twice = stands.filter(({ rows }) => rows.length > 1);
  const [first] = twice[0]?.rows ?? [];
  if (first) {
    const detail = `InvenTree has these serials more than once now: ${named(twice)}`;
    return err({ reason: 'mixed', detail, found: assetOf(first, '') });
  }
  const missing = stands.filter(({ rows }) => rows[0]?.batch !== batchOf(goods.operationId));
  if (missing.length > 0) return unknown(`InvenTree does not show these new units yet: ${named(missing)}`);
  return ok(stands.flatMap(({ rows }) => rows.map((row) => assetOf(row, ''))));
}

async function make(client: InventreeClient, goods: GoodsIn): Promise<Received> {
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
  const made = await client.send('POST', '/api/stock/', body, madeUnits);
  if (!made.ok && made.error.reason !== 'unreachable') return failed(made.error);
  const after = await lookAt(client, goods);
  return after.ok ? asReceived(after.value, goods) : unknown(after.error.detail);
}

async function carryIn(client: InventreeClient, goods: GoodsIn): Promise<Received> {
  const before = await lookAt(client, goods);
  if (!before.ok) return failed(before.error);
  const there = before.value.filter(({ rows }) => rows.length > 0);
  if (there.length === 0) return make(client, goods);
  const foreign = there.filter(({ rows }) => rows.some(({ batch }) => batch !== batchOf(goods.operationId)));
  if (foreign.length > 0) return rejected(`InvenTree has these serials already: ${named(foreign)}`);
  return asReceived(before.value, goods);
}

/** New units, each serial once: looked for before and after, since InvenTree may take one twice from two at a time. */
export async function receiveGoods(client: InventreeClient, turns: Turns, goods: GoodsIn): Promise<Received> {
  const problem = unusable(goods);
  if (problem !== null) return rejected(problem);
  // Of one delivery after another, whatever their serials: goods come in a few times a day.
  return turns('goods-in', () => carryIn(client, goods));
}
