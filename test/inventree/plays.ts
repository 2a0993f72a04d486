import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { operationIn } from '#connectors/inventree/look.ts';
import type { AssetTracker, MoveOrder, MoveWish } from '#ports/asset-tracker/port.ts';
import type { StockItem, TrackRow } from '#sandbox/inventree/world/rows.ts';
import { carry, isDeed, openWarehouse, type Warehouse } from './stand-in.ts';

/** So long after a lost answer a hub asks for nothing again; what is late, is done sooner than that. */
export const quietMs = 60_000;

/**
 * What befalls a request that writes. `queued` and `held`: nobody hears of it, and it is done a while after, by what it finds
 * then or by what it had read when it came.
 */
const faults = ['none', 'lost before', 'cut after', 'error before', 'error after', 'queued', 'held'] as const;
type Fault = (typeof faults)[number];
type Spot = 'shelf' | 'ali' | 'budi' | 'siti' | 'tono';
type Step = {
  readonly hub: 0 | 1;
  readonly wish: 'hand_over' | 'install' | 'uninstall' | 'to_warehouse' | 'damaged';
  readonly from: 'where it is' | Spot;
  readonly to: 0 | 1;
  /** Of its first requests that write, one after the other. */
  readonly faults: readonly Fault[];
  /** How long after it was asked for it is done, where it is late. */
  readonly lateMs: number;
  /** Which of its questions is not answered; 0: all are. */
  readonly blind: number;
  /** `before` it is read by InvenTree and after the hub looked, or between the deed and its answer. */
  readonly person: { readonly when: 'before' | 'after'; readonly to: Spot } | null;
  /** Until the next one. */
  readonly pauseMs: number;
};

const spot = fc.constantFrom<Spot>('shelf', 'ali', 'budi', 'siti', 'tono');
const mostly = <T, U>(usual: T, weight: number, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const step = fc.record<Step>({
  hub: fc.constantFrom(0, 1),
  wish: fc.constantFrom('hand_over', 'hand_over', 'install', 'install', 'uninstall', 'to_warehouse', 'damaged'),
  from: mostly('where it is' as const, 4, spot),
  to: fc.constantFrom(0, 1),
  faults: fc.array(fc.constantFrom(...faults), { minLength: 1, maxLength: 3 }),
  lateMs: fc.constantFrom(1, quietMs / 2, quietMs - 1),
  blind: mostly(0, 2, fc.integer({ min: 1, max: 6 })),
  person: mostly(null, 2, fc.record({ when: fc.constantFrom('before', 'after'), to: spot })),
  pauseMs: fc.constantFrom(0, quietMs / 2, quietMs),
});
export const plays = fc.record({
  version: fc.constantFrom<421 | 530>(421, 530),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
});
type Play = typeof plays extends fc.Arbitrary<infer P> ? P : never;

export type Move = AssetTracker['move'];
/** Two processes, and their clock. */
export type Hubs = { readonly moves: readonly [Move, Move]; readonly clock: { ms: number } };
/** One stock for all plays, a unit of its own for each. */
export type Stage = { readonly shop: Warehouse; readonly spots: Readonly<Record<Spot, number>>; units: number };
type Ending = {
  readonly order: MoveOrder;
  readonly answer: Awaited<ReturnType<Move>>;
  /** When the answer came. */
  readonly unit: StockItem;
  readonly hasPersonCome: boolean;
  /** How often it was asked to be done. */
  readonly asked: number;
};

export async function openStage(version: 421 | 530): Promise<Stage> {
  const shop = await openWarehouse(version);
  const { server, bagParent: parent, shelf } = shop;
  const spots = {
    shelf,
    ali: server.addLocation({ name: 'Tas Ali', parent }),
    budi: server.addLocation({ name: 'Tas Budi', parent }),
    siti: server.addCompany({ name: 'CKP-1 Siti' }),
    tono: server.addCompany({ name: 'CKP-2 Tono' }),
  };
  return { shop, spots, units: 0 };
}

/** A new unit there. */
export function addUnit(stage: Stage, at: 'shelf' | 'ali'): number {
  const { server, parts } = stage.shop;
  stage.units += 1;
  return server.addItems(parts[0], stage.spots[at], [`P${stage.units}`])[0] ?? 0;
}

export const orderFor = (pk: number, wish: MoveWish): MoveOrder => ({
  ...{ operationId: randomUUID(), ref: String(pk), serial: null, wish, by: 'ali@example.net', note: '' },
});

const customers: readonly Spot[] = ['siti', 'tono'];
const bags: readonly Spot[] = ['ali', 'budi'];

/** What a hub wants, by what it believes: mostly by where the unit is. */
function wishFor({ shop, spots }: Stage, pk: number, { wish, from, to }: Step): MoveWish {
  const item = shop.server.item(pk);
  const place = String(from === 'where it is' ? (item?.location ?? 0) : spots[from]);
  const customer = String(from === 'where it is' ? (item?.customer ?? spots.siti) : spots[from]);
  const bag = String(spots[bags[to] ?? 'ali']);
  if (wish === 'damaged') return { kind: 'mark', condition: 'damaged' };
  if (wish === 'install') return { kind: wish, from: place, customer: String(spots[customers[to] ?? 'siti']) };
  if (wish === 'uninstall') return { kind: wish, customer, to: bag, condition: 'ok' };
  return { kind: wish, from: place, to: wish === 'hand_over' ? bag : String(spots.shelf) };
}

/** InvenTree may refuse: then nothing happened. */
function ifLet(act: () => void): void {
  try {
    act();
  } catch {
    // Its own pages said no.
  }
}

/** What is under way in InvenTree after whoever asked for it has gone. */
type Late = { readonly due: number; land(): void };

async function pass(clock: Hubs['clock'], ms: number, late: Late[]): Promise<void> {
  clock.ms += ms;
  const due = late.filter((one) => one.due <= clock.ms).sort((a, b) => a.due - b.due);
  for (const one of due) {
    late.splice(late.indexOf(one), 1);
    one.land();
    await new Promise(setImmediate);
  }
}

type Armed = { hasPersonCome: boolean; asked: number };

/** What befalls the requests of one step. */
function arm(stage: Stage, pk: number, one: Step, clock: Hubs['clock'], late: Late[]): Armed {
  const { shop, spots } = stage;
  const { server } = shop;
  const { person } = one;
  const armed: Armed = { hasPersonCome: false, asked: 0 };
  let looks = 0;
  const come = (when: 'before' | 'after'): void => {
    if (person?.when !== when || armed.hasPersonCome) return;
    armed.hasPersonCome = true;
    const to = customers.includes(person.to) ? { customer: spots[person.to] } : { place: spots[person.to] };
    ifLet(() => carry(server, pk, to, spots.shelf));
  };
  server.fate = (call) => {
    if (!isDeed(call)) {
      if (call.path.startsWith('/api/stock/')) looks += 1;
      return call.path.startsWith('/api/stock/') && looks === one.blind ? { kind: 'lost before' } : null;
    }
    const fault = one.faults[armed.asked] ?? 'none';
    armed.asked += 1;
    come('before');
    if (fault === 'none') return null;
    if (fault !== 'queued' && fault !== 'held') return { kind: fault };
    const { path, body } = call;
    const again = (): void => ifLet(() => server.person('POST', path, JSON.parse(String(body))));
    late.push({ due: clock.ms + one.lateMs, land: fault === 'held' ? server.settle : again });
    return { kind: fault === 'held' ? 'late' : 'lost before' };
  };
  server.meanwhile = (call) => {
    if (isDeed(call)) come('after');
  };
  return armed;
}

function disarm({ shop: { server } }: Stage): void {
  server.fate = () => null;
  server.meanwhile = () => undefined;
}

/** More than a step has faults. */
const mostTries = 6;

/**
 * Plays the steps, and answers what is wrong afterwards. An operation that is open locks its unit, as its row in the hub does,
 * and is asked for again until somebody knows what became of it: by its own process at once, by any after the quiet time.
 */
export async function playOut(stage: Stage, { moves, clock }: Hubs, play: Play): Promise<readonly Ending[]> {
  const pk = addUnit(stage, 'shelf');
  const endings: Ending[] = [];
  const late: Late[] = [];
  const isOpen = (answer: Ending['answer']): boolean => !answer.ok && answer.error.reason === 'unreachable';
  for (const one of play.steps) {
    const order = orderFor(pk, wishFor(stage, pk, one));
    const armed = arm(stage, pk, one, clock, late);
    let answer = await moves[one.hub](order);
    if (isOpen(answer)) answer = await moves[one.hub](order);
    for (let n = 0; n < mostTries && isOpen(answer); n += 1) {
      await pass(clock, quietMs + 1, late);
      answer = await moves[n % 2 === 0 ? one.hub : one.hub === 0 ? 1 : 0](order);
    }
    disarm(stage);
    const unit = stage.shop.server.item(pk);
    if (!unit) throw new Error(`The unit ${pk} is gone.`);
    endings.push({ order, answer, unit, ...armed });
    await pass(clock, one.pauseMs, late);
  }
  await pass(clock, quietMs, late);
  return endings;
}

/** What is moved to where it lies already leaves a row of its own, and changes nothing. */
const updated = 25;
const damaged = 55;

type At = { readonly location: unknown; readonly customer: unknown };

/** Where the unit is after a row of its history: each tells what is new. */
function placeAfter(before: At, { type, deltas }: TrackRow): At {
  if (type === 100) return { location: null, customer: deltas.customer };
  return deltas.location === undefined ? before : { location: deltas.location, customer: null };
}

const isAt = (place: string, { location, customer }: At): boolean => customer === null && String(location) === place;

function isAsWished(wish: MoveWish, unit: StockItem): boolean {
  if (wish.kind === 'mark') return unit.status === damaged;
  return wish.kind === 'install' ? String(unit.customer) === wish.customer : isAt(wish.to, unit);
}

function mightBegin(wish: MoveWish, at: At): boolean {
  if (wish.kind === 'mark') return true;
  return wish.kind === 'uninstall' ? String(at.customer) === wish.customer : isAt(wish.from, at);
}

/** All that can go wrong; each of them is seen of a hub that does not look. */
export const wrongThings = [
  'done more than once',
  'called done, and is not as it was wished',
  'called refused, and was done',
  'asked for although it had to be refused',
  'moved from where it was not to be taken from',
] as const;
export type Wrong =
  | (typeof wrongThings)[number]
  | 'in no place, or in two'
  | 'without an end'
  | 'mixed by nobody'
  | 'untold';

function wrongOf(rows: readonly TrackRow[], { order, answer, unit, hasPersonCome, asked }: Ending): readonly Wrong[] {
  const { wish, operationId } = order;
  const own = rows.filter(({ notes }) => operationIn(notes) === operationId);
  const changes = own.filter(({ type }) => type !== updated);
  const wrong: Wrong[] = changes.length > 1 ? ['done more than once'] : [];
  if (answer.ok && (!isAsWished(wish, unit) || (own.length === 0 && wish.kind !== 'mark')))
    wrong.push('called done, and is not as it was wished');
  if (answer.ok) return wrong;
  const { reason } = answer.error;
  if (reason === 'mixed') return hasPersonCome ? wrong : [...wrong, 'mixed by nobody'];
  if (reason !== 'refused') return [...wrong, 'without an end'];
  if (changes.length > 0) wrong.push('called refused, and was done');
  if (asked > 0 && !hasPersonCome) wrong.push('asked for although it had to be refused');
  return wrong;
}

/** What is wrong with a play's unit, when all of it is over. */
export function wrongs({ shop, spots }: Stage, endings: readonly Ending[]): readonly Wrong[] {
  const pk = Number(endings[0]?.order.ref);
  const rows = shop.server.tracks(pk);
  const unit = shop.server.item(pk);
  const wrong = endings.flatMap((ending) => wrongOf(rows, ending));
  if (!unit || (unit.location === null) === (unit.customer === null)) wrong.push('in no place, or in two');
  // 1.5 does not tell where it was made.
  let at: At = { location: spots.shelf, customer: null };
  for (const row of rows) {
    const ending = endings.find(({ order }) => order.operationId === operationIn(row.notes));
    // What a person does between the look and the deed no hub can see.
    if (ending && row.type !== updated && !ending.hasPersonCome && !mightBegin(ending.order.wish, at))
      wrong.push('moved from where it was not to be taken from');
    at = placeAfter(at, row);
  }
  if (at.location !== unit?.location || at.customer !== unit?.customer) wrong.push('untold');
  return wrong;
}
