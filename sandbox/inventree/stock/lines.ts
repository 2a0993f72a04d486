import { isJson } from '../http/call.ts';
import { rowOf } from '../http/fields.ts';
import { Refused, required } from '../http/refused.ts';
import type { Json, StockItem } from '../world/rows.ts';
import { statusLabels } from '../world/status.ts';
import { isNewer, type World } from '../world/world.ts';

/** One item of an adjustment, as it was when the request was looked at. */
export type Line = {
  readonly item: StockItem;
  readonly quantity: number;
  readonly status: number | null;
  readonly batch: string | null;
  readonly packaging: string | null;
};

export type LineRules = {
  /** Of the number of pieces. */
  readonly allowsZero?: boolean;
  /** What speaks against this item. */
  readonly refuses?: (item: StockItem) => string | null;
};

export type Errors = Record<string, unknown>;

/** The lines of `items`, and what is wrong with them in `errors`. */
export function readLines(world: World, body: Json, rules: LineRules, errors: Errors): readonly Line[] {
  return readEach(world, body, errors, (raw, wrong) => {
    const found = rowOf(world.items, raw.pk);
    const refusal = 'row' in found ? (rules.refuses?.(found.row) ?? null) : found.error;
    if (refusal !== null) wrong.pk = [refusal];
    const quantity = readQuantity(raw.quantity, rules.allowsZero === true, wrong);
    const status = readStatus(world, raw.status, wrong);
    return 'row' in found
      ? { item: found.row, quantity, status, batch: optional(raw.batch), packaging: optional(raw.packaging) }
      : null;
  });
}

/** Reads each of `items`; the errors of those that are wrong come in one of two shapes. */
export function readEach<T>(
  world: World,
  body: Json,
  errors: Errors,
  read: (raw: Json, wrong: Errors) => T | null,
): readonly T[] {
  if (body.items === undefined) {
    errors.items = [required];
    return [];
  }
  const raws: readonly unknown[] = Array.isArray(body.items) ? body.items : [];
  const wrongs: Errors[] = [];
  const rows = raws.flatMap((raw) => {
    const wrong: Errors = {};
    const row = read(isJson(raw) ? raw : {}, wrong);
    wrongs.push(wrong);
    return row === null ? [] : [row];
  });
  if (wrongs.some((wrong) => Object.keys(wrong).length > 0)) errors.items = shaped(world, wrongs);
  return rows;
}

/** Which of the two it is goes by the version of Django REST framework that a server runs on. */
function shaped(world: World, wrongs: readonly Errors[]): unknown {
  if (world.settings.get('STAND_IN_ITEM_ERRORS') === 'list') return wrongs;
  return Object.fromEntries([...wrongs.entries()].filter(([, wrong]) => Object.keys(wrong).length > 0));
}

/** Ends the request where anything is wrong with it; an empty list is only found after that. */
export function refuseIf(errors: Errors, lines: readonly unknown[]): void {
  if (Object.keys(errors).length > 0) throw new Refused(400, errors);
  if (lines.length === 0) throw new Refused(400, { non_field_errors: ['A list of stock items must be provided'] });
}

function readQuantity(value: unknown, allowsZero: boolean, wrong: Errors): number {
  const quantity = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (value === undefined) wrong.quantity = [required];
  else if (value === null) wrong.quantity = ['This field may not be null.'];
  else if (Number.isNaN(quantity)) wrong.quantity = ['A valid number is required.'];
  else if (quantity < 0) wrong.quantity = ['Ensure this value is greater than or equal to 0.'];
  else if (quantity === 0 && !allowsZero) wrong.quantity = ['Quantity must be greater than zero'];
  return quantity;
}

/** A status that was made since the server started is not known to it. */
export function readStatus(world: World, value: unknown, wrong: Errors): number | null {
  if (value === undefined || value === null) return null;
  const status = Number(value);
  if (statusLabels.has(status) || world.loadedStatuses.has(status)) return status;
  wrong.status = [`"${value}" is not a valid choice.`];
  return null;
}

const optional = (value: unknown): string | null => (value === undefined || value === null ? null : String(value));

/** The request again, as if it had been done: the numbers as texts, and no word of what came of it. */
export function echo(world: World, lines: readonly Line[], pkOf = (line: Line): number | null => line.item.pk): Json[] {
  return lines.map((line) => ({
    pk: pkOf(line),
    quantity: line.quantity.toFixed(5),
    ...(line.batch === null ? {} : { batch: line.batch }),
    status: line.status,
    ...(line.packaging === null ? {} : { packaging: line.packaging }),
    ...(isNewer(world) ? { merge: false } : {}),
  }));
}

export const notesOf = (body: Json, key = 'notes'): string => String(body[key] ?? '').trim();

export const echoNotes = (body: Json, key = 'notes'): Json => (body[key] === undefined ? {} : { [key]: body[key] });
