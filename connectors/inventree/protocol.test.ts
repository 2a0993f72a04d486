import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetTracker, MoveOrder, MoveWish } from '#ports/asset-tracker/port.ts';
import { naiveMove } from '#test/inventree/naive-hub.ts';
import { carry, isDeed, openWarehouse, type Warehouse } from '#test/inventree/stand-in.ts';
import { operationIn } from './look.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const numRuns = Math.max(100, Math.round(1_000 * scale));
const quietMs = 60_000;

/** What befalls the request that writes. `late`: nobody hears of it, and it is done a while after. */
const faults = ['none', 'lost before', 'cut after', 'error before', 'error after', 'late'] as const;
type Spot = 'shelf' | 'ali' | 'budi' | 'siti' | 'tono';
type Step = {
  readonly hub: 0 | 1;
  readonly wish: 'hand_over' | 'install' | 'uninstall' | 'to_warehouse' | 'damaged';
  readonly from: 'where it is' | Spot;
  readonly to: 0 | 1;
  readonly fault: (typeof faults)[number];
  readonly person: { readonly when: 'before' | 'after'; readonly to: Spot } | null;
};

const spot = fc.constantFrom<Spot>('shelf', 'ali', 'budi', 'siti', 'tono');
const step = fc.record<Step>({
  hub: fc.constantFrom(0, 1),
  wish: fc.constantFrom('hand_over', 'install', 'uninstall', 'to_warehouse', 'damaged'),
  from: fc.oneof({ weight: 6, arbitrary: fc.constant('where it is' as const) }, { weight: 1, arbitrary: spot }),
  to: fc.constantFrom(0, 1),
  fault: fc.oneof({ weight: 3, arbitrary: fc.constant('none' as const) }, fc.constantFrom(...faults)),
  person: fc.option(fc.record({ when: fc.constantFrom('before', 'after'), to: spot }), { freq: 4, nil: null }),
});
const plays = fc.record({
  version: fc.constantFrom(421, 530),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
});
type Play = typeof plays extends fc.Arbitrary<infer P> ? P : never;

type Move = AssetTracker['move'];
/** One stock for all plays, a unit of its own for each. */
type Stage = { readonly shop: Warehouse; readonly spots: Readonly<Record<Spot, number>>; serial: number };
type Ending = { readonly order: MoveOrder; readonly answer: Awaited<ReturnType<Move>> };

async function openStage(version: 421 | 530): Promise<Stage> {
  const shop = await openWarehouse(version);
  const { server, bagParent: parent, shelf } = shop;
  const spots = {
    shelf,
    ali: server.addLocation({ name: 'Tas Ali', parent }),
    budi: server.addLocation({ name: 'Tas Budi', parent }),
    siti: server.addCompany({ name: 'CKP-1 Siti' }),
    tono: server.addCompany({ name: 'CKP-2 Tono' }),
  };
  return { shop, spots, serial: 0 };
}

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

/** A person may be refused too: then nothing happened. */
function byHand(act: () => void): void {
  try {
    act();
  } catch {
    // InvenTree's own pages said no.
  }
}

function persons({ shop, spots }: Stage, pk: number, to: Spot): void {
  const where = customers.includes(to) ? { customer: spots[to] } : { place: spots[to] };
  byHand(() => carry(shop.server, pk, where, spots.shelf));
}

/** Arms the stand-in for the next request that writes; what is done late is put aside. */
function arm(stage: Stage, pk: number, { fault, person }: Step, late: (() => void)[]): void {
  const { server } = stage.shop;
  let isPast = false;
  let isMet = false;
  server.fate = (call) => {
    const isNow = isDeed(call) && !isPast;
    if (person && !isMet && (person.when === 'before' ? isNow : isPast)) {
      isMet = true;
      persons(stage, pk, person.to);
    }
    if (!isNow) return null;
    isPast = true;
    if (fault === 'none') return null;
    if (fault !== 'late') return { kind: fault };
    const { path, body } = call;
    late.push(() => byHand(() => server.person('POST', path, JSON.parse(String(body)))));
    return { kind: 'lost before' };
  };
}

type Hubs = { readonly moves: readonly [Move, Move]; readonly clock: { ms: number } };

/** Plays the steps; an operation that is open is asked for again until somebody knows what became of it. */
async function perform(stage: Stage, { moves, clock }: Hubs, play: Play): Promise<{ pk: number; endings: Ending[] }> {
  const { server } = stage.shop;
  const [pk = 0] = server.addItems(stage.shop.parts[0], stage.spots.shelf, [`P${++stage.serial}`]);
  const endings: Ending[] = [];
  for (const one of play.steps) {
    const wish = wishFor(stage, pk, one);
    const order = { operationId: randomUUID(), ref: String(pk), serial: null, wish, by: 'ali@example.net', note: '' };
    const late: (() => void)[] = [];
    arm(stage, pk, one, late);
    let answer = await moves[one.hub](order);
    server.fate = () => null;
    // Its own process may ask again at once; another one takes over only after the quiet time. What is late comes meanwhile.
    if (!answer.ok && answer.error.reason === 'unreachable') answer = await moves[one.hub](order);
    for (const land of late) land();
    clock.ms += quietMs + 1;
    for (let n = 0; n < 3 && !answer.ok && answer.error.reason === 'unreachable'; n += 1)
      answer = await moves[n % 2 === 0 ? one.hub : 0](order);
    endings.push({ order, answer });
  }
  return { pk, endings };
}

/** Rows of the history that are of an operation, by their notes. */
const rowsOf = ({ shop }: Stage, pk: number, operationId: string) =>
  shop.server.tracks(pk).filter(({ notes }) => operationIn(notes) === operationId);

/** What is moved to where it lies already leaves a row of its own, and changes nothing. */
const updated = 25;

/** Where the history says that the unit is: each row tells what is new. */
function toldPlace({ shop, spots }: Stage, pk: number): { location: unknown; customer: unknown } {
  // 1.5 does not tell where it was made.
  let [location, customer]: unknown[] = [spots.shelf, null];
  for (const { type, deltas } of shop.server.tracks(pk)) {
    if (type === 100) [location, customer] = [null, deltas.customer];
    else if (deltas.location !== undefined) [location, customer] = [deltas.location, null];
  }
  return { location, customer };
}

function check(stage: Stage, pk: number, endings: readonly Ending[]): void {
  const { server } = stage.shop;
  const unit = server.item(pk);
  expect([unit?.location === null, unit?.customer === null]).toContain(false);
  expect(unit?.location === null || unit?.customer === null).toBe(true);
  for (const { order, answer } of endings) {
    const rows = rowsOf(stage, pk, order.operationId);
    const changes = rows.filter(({ type }) => type !== updated);
    expect(changes.length, 'an operation changes something at most once').toBeLessThanOrEqual(1);
    if (answer.ok && order.wish.kind !== 'mark') expect(rows, 'what is called done was done').not.toEqual([]);
    if (!answer.ok) expect(answer.error.reason, answer.error.detail).not.toBe('unreachable');
    if (!answer.ok && answer.error.reason !== 'mixed')
      expect(changes, 'what is refused has changed nothing').toEqual([]);
  }
  expect(toldPlace(stage, pk)).toEqual({ location: unit?.location, customer: unit?.customer });
}

describe('moves in an InvenTree that loses answers, is late, and is moved in by people', () => {
  const stages = new Map<number, Stage>();
  beforeAll(async () => {
    for (const version of [421, 530] as const) stages.set(version, await openStage(version));
  });
  afterAll(async () => {
    for (const { shop } of stages.values()) await shop.close();
  });
  const stageOf = (play: Play): Stage => stages.get(play.version) as Stage;

  const playing = (hubsOf: (stage: Stage) => Hubs) => {
    const kept = new Map<Stage, Hubs>();
    return fc.asyncProperty(plays, async (play) => {
      const stage = stageOf(play);
      const hubs = kept.get(stage) ?? hubsOf(stage);
      kept.set(stage, hubs);
      const { pk, endings } = await perform(stage, hubs, play);
      check(stage, pk, endings);
    });
  };
  const looking = (stage: Stage): Hubs => {
    const clock = { ms: 0 };
    const hub = () => stage.shop.hub({ now: () => clock.ms, quietMs });
    return { moves: [hub().move, hub().move], clock };
  };

  it('A1, REL-17: one unit is in one place, an operation is done at most once, and a retry comes to an end', async () => {
    await fc.assert(playing(looking), { numRuns });
  }, 240_000);

  it('a request that is done after all, long after its answer was lost, undoes nothing; control: asked again at once it does', async () => {
    for (const [quiet, changes, place] of [
      [quietMs, 1, 'shelf'],
      [0, 2, 'ali'],
    ] as const) {
      const stage = stages.get(421) as Stage;
      const { server } = stage.shop;
      const { spots } = stage;
      const clock = { ms: 0 };
      const hub = stage.shop.hub({ now: () => clock.ms, quietMs: quiet });
      const [pk = 0] = server.addItems(stage.shop.parts[0], spots.shelf, [`P${++stage.serial}`]);
      const [shelf, bag] = [String(spots.shelf), String(spots.ali)];
      const order = (wish: MoveWish): MoveOrder => ({
        ...{ operationId: randomUUID(), ref: String(pk), serial: null, wish, by: 'ali@example.net', note: '' },
      });
      const out = order({ kind: 'hand_over', from: shelf, to: bag });
      const back = order({ kind: 'to_warehouse', from: bag, to: shelf });
      const late: (() => void)[] = [];
      arm(stage, pk, { hub: 0, wish: 'hand_over', from: 'shelf', to: 0, fault: 'late', person: null }, late);
      expect(await hub.move(out)).toMatchObject({ error: { reason: 'unreachable' } });
      server.fate = () => null;
      // What follows on a move is begun once it is known to be done.
      if ((await hub.move(out)).ok) await hub.move(back);
      for (const land of late) land();
      clock.ms += quietMs + 1;
      if ((await hub.move(out)).ok) await hub.move(back);
      const told = rowsOf(stage, pk, out.operationId).filter(({ type }) => type !== updated);
      expect([told.length, server.item(pk)?.location]).toEqual([changes, spots[place]]);
    }
  });

  it('two hubs at one unit at once: InvenTree tells both that it is done, and a hub that does not look believes it', async () => {
    const stage = stages.get(421) as Stage;
    const { shop, spots } = stage;
    const claims = async (moves: readonly [Move, Move], areAtOnce: boolean): Promise<number> => {
      const [pk = 0] = shop.server.addItems(shop.parts[0], spots.ali, [`P${++stage.serial}`]);
      const from = String(spots.ali);
      const wishes = [
        { kind: 'install', from, customer: String(spots.siti) },
        { kind: 'install', from, customer: String(spots.tono) },
      ] as const;
      if (areAtOnce) shop.server.meet(2);
      const answers = await Promise.all(
        wishes.map((wish, n) =>
          moves[n === 0 ? 0 : 1]({ operationId: randomUUID(), ref: String(pk), serial: null, wish, by: 'x', note: '' }),
        ),
      );
      return answers.filter((answer) => answer.ok).length;
    };
    const naive = naiveMove(shop.server);
    expect(await claims([naive, naive], true)).toBe(2);
    const { move } = shop.hub();
    expect(await claims([move, move], false)).toBe(1);
  });
});
