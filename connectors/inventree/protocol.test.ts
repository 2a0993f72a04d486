import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { naiveMove } from '#test/inventree/naive-hub.ts';
import {
  addUnit,
  type Hubs,
  type Move,
  openStage,
  orderFor,
  playOut,
  plays,
  quietMs,
  type Stage,
  wrongs,
  wrongThings,
} from '#test/inventree/plays.ts';
import { isDeed } from '#test/inventree/stand-in.ts';
import { operationIn } from './look.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
// A play is about thirty requests.
const numRuns = scale < 1 ? 50 : 1_000;

/** Begins to look before it is given an operation that is new to it. */
function foreseeing(hub: AssetTracker): Move {
  const known = new Set<string>();
  return (order) => {
    if (!known.has(order.operationId)) hub.foresee?.(order.operationId, order.ref);
    known.add(order.operationId);
    return hub.move(order);
  };
}

describe('moves in an InvenTree that loses answers, is late, and is moved in by people', () => {
  const stages = new Map<number, Stage>();
  beforeAll(async () => {
    for (const version of [421, 530] as const) stages.set(version, await openStage(version));
  });
  afterAll(async () => {
    for (const { shop } of stages.values()) await shop.close();
  });
  const stageOf = (version: number): Stage => stages.get(version) as Stage;
  const onBoth = (hubsOf: (stage: Stage) => Hubs) => new Map([...stages].map(([key, stage]) => [key, hubsOf(stage)]));

  it('A1, REL-17: one unit is in one place, an operation is done at most once, and a retry comes to an end', async () => {
    const hubs = onBoth(({ shop }) => {
      const clock = { ms: 0 };
      const hub = () => shop.hub({ now: () => clock.ms, quietMs });
      return { moves: [hub().move, foreseeing(hub())], clock };
    });
    const told = { done: 0, refused: 0, again: 0 };
    const property = fc.asyncProperty(plays, async (play) => {
      const stage = stageOf(play.version);
      const endings = await playOut(stage, hubs.get(play.version) as Hubs, play);
      expect(wrongs(stage, endings)).toEqual([]);
      for (const { answer, asked } of endings) {
        if (answer.ok) told.done += 1;
        else told.refused += 1;
        if (asked > 1) told.again += 1;
      }
    });
    await fc.assert(property, { numRuns });
    // Nothing would be wrong either where nothing is ever done, or nothing is ever lost.
    expect(told.done).toBeGreaterThan(numRuns / 4);
    expect(Math.min(told.refused, told.again)).toBeGreaterThan(0);
  }, 600_000);

  it('control: all of it goes wrong in the same plays for a hub that does not look, and asks again at once', async () => {
    const hubs = onBoth(({ shop }) => {
      const move = naiveMove(shop.server);
      return { moves: [move, move], clock: { ms: 0 } };
    });
    for (const wrong of wrongThings) {
      const property = fc.asyncProperty(plays, async (play) => {
        const stage = stageOf(play.version);
        const found = wrongs(stage, await playOut(stage, hubs.get(play.version) as Hubs, play));
        return !found.includes(wrong);
      });
      const { failed } = await fc.check(property, { numRuns: 500, endOnFailure: true });
      expect([wrong, failed]).toEqual([wrong, true]);
    }
  });

  it('a request that is done after all, long after its answer was lost, undoes nothing; control: asked again at once it does', async () => {
    for (const [quiet, changes, place] of [
      [quietMs, 1, 'shelf'],
      [0, 2, 'ali'],
    ] as const) {
      const stage = stageOf(421);
      const { server } = stage.shop;
      const { spots } = stage;
      const clock = { ms: 0 };
      const hub = stage.shop.hub({ now: () => clock.ms, quietMs: quiet });
      const pk = addUnit(stage, 'shelf');
      const [shelf, bag] = [String(spots.shelf), String(spots.ali)];
      const out = orderFor(pk, { kind: 'hand_over', from: shelf, to: bag });
      const back = orderFor(pk, { kind: 'to_warehouse', from: bag, to: shelf });
      let land = (): unknown => undefined;
      server.fate = (call) => {
        if (!isDeed(call)) return null;
        land = () => server.person('POST', call.path, JSON.parse(String(call.body)));
        return { kind: 'lost before' };
      };
      expect(await hub.move(out)).toMatchObject({ error: { reason: 'unreachable' } });
      server.fate = () => null;
      // What follows on a move is begun once it is known to be done.
      if ((await hub.move(out)).ok) await hub.move(back);
      land();
      clock.ms += quietMs + 1;
      if ((await hub.move(out)).ok) await hub.move(back);
      const moves = server
        .tracks(pk)
        .filter(({ type, notes }) => type === 20 && operationIn(notes) === out.operationId);
      expect([moves.length, server.item(pk)?.location]).toEqual([changes, spots[place]]);
    }
  });

  it('two hubs at one unit at once: InvenTree tells both that it is done, and a hub that does not look believes it', async () => {
    const stage = stageOf(421);
    const { shop, spots } = stage;
    const claims = async (moves: readonly [Move, Move], areAtOnce: boolean): Promise<number> => {
      const pk = addUnit(stage, 'ali');
      const wishes = [spots.siti, spots.tono].map((customer) =>
        orderFor(pk, { kind: 'install', from: String(spots.ali), customer: String(customer) }),
      );
      if (areAtOnce) shop.server.meet(2);
      const answers = await Promise.all(wishes.map((order, n) => moves[n === 0 ? 0 : 1](order)));
      return answers.filter((answer) => answer.ok).length;
    };
    const naive = naiveMove(shop.server);
    expect(await claims([naive, naive], true)).toBe(2);
    const { move } = shop.hub();
    expect(await claims([move, move], false)).toBe(1);
  });
});
