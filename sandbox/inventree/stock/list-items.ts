import { type Call, type Handler, ok } from '../http/call.ts';
import { flag, listed, matches } from '../http/page.ts';
import { noSuch, Refused } from '../http/refused.ts';
import { within } from '../places/tree.ts';
import { shuffled } from '../world/random.ts';
import type { StockItem } from '../world/rows.ts';
import { isInStock } from '../world/status.ts';
import { isNewer, serverDay, type World } from '../world/world.ts';
import { type Asked, itemView } from './item-view.ts';

type Test = (item: StockItem) => boolean;

export const listItems: Handler = (world, call) => {
  const tests = filters(world, call);
  const rows = [...world.items.values()].filter((item) => tests.every((test) => test(item)));
  return listed(call, inOrder(world, call, rows), (item) => itemView(world, item, 'plain', askedBy(world, call)));
};

export const showItem: Handler = (world, call, _user, pk) =>
  ok(itemView(world, itemOf(world, pk), 'plain', askedBy(world, call)));

export function itemOf(world: World, pk: number): StockItem {
  const item = world.items.get(pk);
  if (!item) throw noSuch('StockItem');
  return item;
}

const askedBy = (world: World, call: Call): Asked => ({
  partDetail: flag(call, 'part_detail') !== false,
  placeDetail: flag(call, 'location_detail') === true,
  tags: !isNewer(world) && flag(call, 'tags') === true,
});

/** A parameter that is not here is not looked at: whoever mistypes one is shown everything. */
function filters(world: World, call: Call): readonly Test[] {
  const { query } = call;
  const text = (name: string, of: (item: StockItem) => string | null): Test[] => {
    const wanted = query.get(name);
    return wanted === null ? [] : [(item) => of(item) === wanted];
  };
  const yesNo = (name: string, of: Test): Test[] => {
    const wanted = flag(call, name);
    return wanted === null ? [] : [(item) => of(item) === wanted];
  };
  return [
    ...text('serial', (item) => item.serial),
    ...text('batch', (item) => item.batch),
    ...text('IPN', (item) => world.parts.get(item.part)?.ipn ?? null),
    ...text('status', (item) => String(item.customStatus)),
    ...text('parent', (item) => String(item.parent)),
    ...yesNo('serialized', (item) => item.serial !== null),
    ...yesNo('in_stock', isInStock),
    ...yesNo('sent_to_customer', (item) => item.customer !== null),
    ...known(call, 'part', world.parts, (item) => item.part),
    ...known(call, 'customer', world.companies, (item) => item.customer),
    ...located(world, call),
    ...tagged(world, call),
    ...updated(world, call),
    (item) => matches(call, searched(world, item)),
  ];
}

function known(
  call: Call,
  name: string,
  rows: ReadonlyMap<number, unknown>,
  of: (item: StockItem) => number | null,
): readonly Test[] {
  const wanted = call.query.get(name);
  if (wanted === null || wanted === '') return [];
  if (!rows.has(Number(wanted))) {
    throw new Refused(400, { [name]: ['Select a valid choice. That choice is not one of the available choices.'] });
  }
  return [(item) => of(item) === Number(wanted)];
}

/** A location that does not exist filters nothing. */
function located(world: World, call: Call): readonly Test[] {
  const wanted = call.query.get('location');
  const isDeep = flag(call, 'cascade') !== false;
  if (wanted === 'null') return isDeep ? [] : [(item) => item.location === null];
  if (wanted === null || !world.places.has(Number(wanted))) return [];
  const inside = isDeep ? within(world, Number(wanted)) : new Set([Number(wanted)]);
  return [(item) => item.location !== null && inside.has(item.location)];
}

/** From 1.5 on `tags` filters too, so that `tags=true` asks for a tag of that name. */
function tagged(world: World, call: Call): readonly Test[] {
  const names = [call.query.get('tags__name'), isNewer(world) ? call.query.get('tags') : null];
  return names.flatMap((name) => (name === null ? [] : [(item: StockItem) => tagsOf(world, item).includes(name)]));
}

const tagsOf = (world: World, item: StockItem): readonly string[] => world.tags.get(item.pk) ?? [];

function updated(world: World, call: Call): readonly Test[] {
  const after = call.query.get('updated_after');
  const before = call.query.get('updated_before');
  const day = (item: StockItem): string => serverDay(world, item.updatedAt);
  return [
    ...(after === null ? [] : [(item: StockItem) => day(item) >= after]),
    ...(before === null ? [] : [(item: StockItem) => day(item) <= before]),
  ];
}

function searched(world: World, item: StockItem): readonly (string | null)[] {
  const part = world.parts.get(item.part);
  const place = item.location === null ? undefined : world.places.get(item.location);
  return [item.serial, item.batch, part?.name ?? null, part?.ipn ?? null, place?.name ?? null, ...tagsOf(world, item)];
}

type Order = (a: StockItem, b: StockItem) => number;

/** Rows that tie come in another order each time, as a database gives them. */
function inOrder(world: World, call: Call, rows: readonly StockItem[]): readonly StockItem[] {
  const name = (item: StockItem): string => world.parts.get(item.part)?.name ?? '';
  const orders: Readonly<Record<string, Order>> = {
    stock: (a, b) => a.quantity - b.quantity || (a.serial ?? '').localeCompare(b.serial ?? ''),
    quantity: (a, b) => a.quantity - b.quantity,
    serial: (a, b) => (a.serial ?? '').localeCompare(b.serial ?? ''),
    updated: (a, b) => a.updatedAt.getTime() - b.updatedAt.getTime(),
  };
  const asked = call.query.get('ordering') ?? '';
  const usual: Order = (a, b) =>
    name(a).localeCompare(name(b)) || a.quantity - b.quantity || (a.location ?? 0) - (b.location ?? 0);
  const order = orders[asked.replace(/^-/, '')] ?? usual;
  const sign = asked.startsWith('-') && order !== usual ? -1 : 1;
  return shuffled(rows, world.random).sort((a, b) => sign * order(a, b));
}
