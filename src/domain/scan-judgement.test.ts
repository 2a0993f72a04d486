import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetConditions, assetMoves, assetStates } from '#domain/asset.ts';
import { scanKinds } from '#domain/scan.ts';
import { awaiting, problemText, scanProblems } from '#domain/scan-problem.ts';
import { clockSkewMs, judgeScan, type LineNow, type ScanAsked, type UnitNow } from './scan-judgement.ts';

const noon = Date.parse('2026-11-21T05:00:00Z');
const onShelf: UnitNow = {
  ...{ id: 'u1', state: 'in_stock', technicianId: null, subscriptionId: null, isGone: false, isBusy: false },
  ...{ movedAt: null, movedBy: null, handedTo: [] },
};
const inBag = (technicianId: string): UnitNow => ({
  ...onShelf,
  state: 'in_transit',
  technicianId,
  movedBy: 'hand_over',
});
const atHome = (id: string, line: string): UnitNow => ({ ...onShelf, id, state: 'installed', subscriptionId: line });
const line: LineNow = { id: 'l1', isEnded: false, modem: null };
const asked = (kind: ScanAsked['kind'], over: Partial<ScanAsked> = {}): ScanAsked => ({
  ...{ kind, technicianId: 'budi', isWarehouse: false, condition: 'ok', scannedAt: noon, isForced: false },
  ...over,
});

const anyUnit: fc.Arbitrary<UnitNow> = fc.record({
  id: fc.constantFrom('u1', 'u2'),
  state: fc.constantFrom(...assetStates),
  technicianId: fc.constantFrom(null, 'budi', 'sari'),
  subscriptionId: fc.constantFrom(null, 'l1', 'l2'),
  isGone: fc.boolean(),
  isBusy: fc.boolean(),
  movedAt: fc.option(fc.integer({ min: noon - 3_600_000, max: noon + 3_600_000 })),
  movedBy: fc.constantFrom(null, 'hand_over', 'install', 'uninstall'),
  handedTo: fc.subarray(['budi', 'sari']),
});
const anyAsked: fc.Arbitrary<ScanAsked> = fc.record({
  kind: fc.constantFrom(...scanKinds),
  technicianId: fc.constantFrom(null, 'budi', 'sari'),
  isWarehouse: fc.boolean(),
  condition: fc.constantFrom(...assetConditions),
  scannedAt: fc.constant(noon),
  isForced: fc.boolean(),
});

describe('what follows from a scan', () => {
  it('A4: a unit is moved only from where it is, and nothing busy, gone or another’s is moved', () => {
    fc.assert(
      fc.property(anyAsked, anyUnit, fc.boolean(), fc.option(anyUnit), (scan, unit, isEnded, replaced) => {
        const judged = judgeScan(scan, unit, { ...line, isEnded }, replaced);
        if (judged.do !== 'move') return;
        expect([unit.isGone, unit.isBusy]).toEqual([false, false]);
        for (const { unitId, kind } of judged.moves) {
          const moved = unitId === unit.id ? unit : replaced;
          expect(assetMoves[kind].from, kind).toContain(moved?.state);
        }
        if (scan.kind === 'install') expect(unit.technicianId).toBe(scan.technicianId);
      }),
      { numRuns: 1_000 },
    );
  });

  it('A4: what was scanned before the unit’s last move moves it no more, unless a person wants it', () => {
    const moved = { ...inBag('budi'), movedAt: noon + clockSkewMs + 1 };
    expect(judgeScan(asked('install'), moved, line, null)).toMatchObject({ do: 'refuse', problem: 'overtaken' });
    expect(judgeScan(asked('install', { isForced: true }), moved, line, null)).toMatchObject({ do: 'move' });
    expect(judgeScan(asked('install'), { ...moved, movedAt: noon + clockSkewMs }, line, null).do).toBe('move');
    expect(judgeScan(asked('pick_up'), { ...moved, handedTo: ['budi'] }, null, null)).toEqual({ do: 'nothing' });
  });

  it.each([
    ['not handed over yet', asked('install'), onShelf, 'hold', 'awaits_hand_over'],
    ['in another bag', asked('install'), inBag('sari'), 'refuse', 'in_other_bag'],
    ['at another customer’s', asked('install'), atHome('u1', 'l2'), 'refuse', 'installed_elsewhere'],
    ['lost', asked('install'), { ...onShelf, state: 'lost' }, 'refuse', 'unit_lost'],
    ['damaged', asked('install'), { ...inBag('budi'), state: 'damaged' }, 'refuse', 'unit_damaged'],
    ['under way', asked('install'), { ...inBag('budi'), isBusy: true }, 'hold', 'busy'],
    ['returned before it was installed', asked('return'), inBag('budi'), 'hold', 'awaits_install'],
    ['given to a second one', asked('hand_over', { technicianId: 'sari' }), inBag('budi'), 'refuse', 'in_other_bag'],
  ] as const)('A4: %s', (_, scan, unit, what, problem) => {
    expect(judgeScan(scan, unit, line, null)).toMatchObject({ do: what, problem });
  });

  it('A6: a line with a modem is given another only in its place, and the old one goes back first', () => {
    const modem = atHome('u2', 'l1');
    const taken = { ...line, modem };
    expect(judgeScan(asked('install'), inBag('budi'), taken, null)).toMatchObject({ problem: 'line_has_modem' });
    const other = atHome('u3', 'l2');
    expect(judgeScan(asked('install'), inBag('budi'), taken, other)).toMatchObject({ problem: 'replaced_elsewhere' });
    const swapped = judgeScan(asked('install'), inBag('budi'), taken, modem);
    expect(swapped).toMatchObject({
      do: 'move',
      moves: [
        { unitId: 'u2', kind: 'uninstall' },
        { unitId: 'u1', kind: 'install' },
      ],
    });
  });

  it('A4: every problem has a text in both languages, and a name that is not known leaves no hole', () => {
    for (const problem of scanProblems) {
      const [id, en] = [problemText(problem, {}, 'id'), problemText(problem, {}, 'en')];
      expect(id).not.toBe(en);
      expect(`${id} ${en}`, problem).not.toMatch(/[{}]|undefined/);
    }
    expect(awaiting.every((problem) => scanProblems.includes(problem))).toBe(true);
  });
});
