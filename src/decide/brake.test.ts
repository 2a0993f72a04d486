import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccess } from '#decide/access.ts';
import { afterBraking, type BrakeState, brake, type Judged, limitOf } from '#decide/brake.ts';
import type { AccessState } from '#domain/access.ts';
import { groupName } from '#domain/groups.ts';
import { noLimits } from '#domain/limits.ts';
import type { LineFacts } from '#domain/line.ts';
import { alwaysOpen } from '#domain/no-cut.ts';
import { hasShrunk } from '#domain/source-size.ts';

const now = Date.parse('2026-11-21T05:00:00Z');
const tenantId = '0f8fad5b-d9cb-469f-a165-70867728950e';
const policy = { zone: 'Asia/Jakarta', graceDays: 0, evidenceMaxAgeMs: 60_000, noCut: alwaysOpen, noticeHours: 0 };

/** A line that has owed since `dueDate`, with fresh evidence. */
function debtor(n: number, present: AccessState | null = 'active', dueDate = '2026-11-20'): Judged {
  const subscriptionId = String(n).padStart(6, '0');
  const facts: LineFacts = {
    tenantId,
    subscriptionId,
    planKey: 'home',
    billingMode: 'postpaid',
    mac: null,
    reply: [],
    installed: true,
    limits: noLimits,
    activatedBefore: true,
    hold: null,
    terminated: false,
    present,
    lines: [{ subscriptionId, ledgerSubscription: subscriptionId, item: 'FIBER' }],
    ledger: {
      invoices: [
        {
          kind: 'invoice',
          name: `INV-${n}`,
          customer: subscriptionId,
          subscription: subscriptionId,
          submitted: true,
          isReturn: false,
          returnAgainst: null,
          dueDate,
          total: 100n,
          outstanding: 100n,
          terms: [{ dueDate, amount: 100n }],
          items: ['FIBER'],
        },
      ],
      receipts: [],
      readAt: now,
      settlesAt: null,
    },
    promise: null,
    notices: new Map(),
    isReachable: true,
  };
  return { facts, decision: decideAccess(facts, policy, now) };
}
const debtors = (count: number): Judged[] => Array.from({ length: count }, (_, n) => debtor(n));

const calm: BrakeState = {
  limits: { percent: 10, minimum: 20 },
  active: 0,
  cutLately: 0,
  recut: new Set(),
  forecast: null,
  isFirstRun: false,
  standing: new Map(),
  stop: null,
  source: null,
};
const going = (plan: readonly Judged[], state: BrakeState): number =>
  [...brake(plan, state).values()].filter((braking) => braking === 'goes').length;

const tenant = fc.record({
  active: fc.integer({ min: 0, max: 2_000 }),
  cutLately: fc.integer({ min: 0, max: 300 }),
  forecast: fc.option(fc.integer({ min: 0, max: 500 })),
  isFirstRun: fc.boolean(),
  limits: fc.record({ percent: fc.integer({ min: 1, max: 100 }), minimum: fc.integer({ min: 1, max: 50 }) }),
});

/** Plans that would take a tenant over its limit. */
const overLimit = fc
  .tuple(tenant, fc.integer({ min: 1, max: 30 }))
  .map(([some, extra]) => {
    const state: BrakeState = { ...calm, ...some };
    return { state, count: Math.max(0, limitOf(state) - state.cutLately) + extra };
  })
  .filter(({ count }) => count <= 200);
/** A due day as the forecast saw it coming, but for a fifth more or less. */
const dueDay = fc
  .record({ forecast: fc.integer({ min: 1, max: 150 }), share: fc.double({ min: 0.8, max: 1.2, noNaN: true }) })
  .map(({ forecast, share }) => ({
    state: { ...calm, active: 1_000, forecast },
    count: Math.floor(forecast * share),
  }));

describe('the safety brake', () => {
  it('REL-12, P-e: 1,000 of 1,000 plans over the limit are held: never more go in an hour than the limit', () => {
    fc.assert(
      fc.property(overLimit, ({ state, count }) => {
        const gone = going(debtors(count), state);
        expect(gone + state.cutLately).toBeLessThanOrEqual(Math.max(limitOf(state), state.cutLately));
        expect(gone).toBeLessThan(count);
      }),
      { numRuns: 1_000 },
    );
  });

  it('REL-12: of 1,000 normal due days (forecast ± 20 %) none is held', () => {
    fc.assert(
      fc.property(dueDay, ({ state, count }) => {
        expect(going(debtors(count), state)).toBe(count);
      }),
      { numRuns: 1_000 },
    );
  });

  it('control: without a brake, or with one that forgets the last hour, the same plans go', () => {
    const [broken] = fc.sample(
      overLimit.filter(({ state }) => state.cutLately > 0 && limitOf(state) > 50),
      {
        numRuns: 1,
        seed: 1,
      },
    );
    if (!broken) throw new Error('no sample');
    const plan = debtors(broken.count);
    const unbraked = plan.filter(({ decision }) => decision.desired.state === 'isolated').length;
    expect(unbraked + broken.state.cutLately).toBeGreaterThan(limitOf(broken.state));
    const forgetful = going(plan, { ...broken.state, cutLately: 0 });
    expect(forgetful + broken.state.cutLately).toBeGreaterThan(limitOf(broken.state));
  });

  it('B8: the limit is the largest of the minimum, the share of active lines, and 1.2 times the forecast', () => {
    expect(limitOf(calm)).toBe(20);
    expect(limitOf({ ...calm, active: 990, cutLately: 10 })).toBe(100);
    expect(limitOf({ ...calm, active: 990, forecast: 300 })).toBe(360);
    expect(limitOf({ ...calm, active: 990, isFirstRun: true })).toBe(20);
  });

  it('law 14: a line that is held stays in its plan, and one that is isolated is not made worse or better', () => {
    const held = debtor(1);
    const decision = afterBraking(held, 'held', calm);
    expect(decision.desired).toMatchObject({ state: 'active', group: groupName(tenantId, { plan: 'home' }) });
    expect(decision.reason).toEqual({ code: 'held_by_brake', amount: '100', invoices: ['INV-1'] });
    const full: BrakeState = { ...calm, cutLately: 500 };
    expect(brake([debtor(2, 'isolated')], full).get('000002')).toBe('free');
  });

  it('B8: what a person released goes, what stands in a hold waits, however much room there is', () => {
    const standing = new Map([
      ['000000', 'released'],
      ['000001', 'held'],
    ] as const);
    const plan = brake(debtors(3), { ...calm, standing, cutLately: 20 });
    expect([...plan.values()].sort()).toEqual(['held', 'held', 'released']);
    expect(brake(debtors(2), { ...calm, standing }).get('000001')).toBe('held');
  });

  it('B8: the kill switch stops every cut, a released one too, and nothing else', () => {
    const stop = { reason: 'fibre cut in Bekasi' };
    const standing = new Map([['000000', 'released']] as const);
    const plan = [...debtors(2), debtor(2, 'isolated')];
    expect([...brake(plan, { ...calm, standing, stop }).values()].sort()).toEqual(['free', 'stopped', 'stopped']);
    expect(afterBraking(debtor(3), 'stopped', { stop }).reason).toMatchObject({ code: 'cuts_stopped', ...stop });
  });

  it('B8: cutting a line again within the hour uses up nothing; the oldest debts go first', () => {
    const full: BrakeState = { ...calm, cutLately: 20, recut: new Set(['000007']) };
    expect(brake([debtor(7), debtor(8)], full).get('000007')).toBe('goes');
    const two: BrakeState = { ...calm, cutLately: 19 };
    const plan = brake([debtor(1, 'active', '2026-11-20'), debtor(2, 'active', '2026-10-20')], two);
    expect([plan.get('000001'), plan.get('000002')]).toEqual(['held', 'goes']);
  });

  it('B8: while its source has shrunk nobody is cut, a line of this hour neither, but whom a person released', () => {
    const standing = new Map([['000000', 'released']] as const);
    const source = { rows: 79, expected: 100 };
    const doubtful: BrakeState = { ...calm, forecast: 100, recut: new Set(['000001']), standing, source };
    expect([...brake(debtors(3), doubtful).values()].sort()).toEqual(['held', 'held', 'released']);
    expect(limitOf({ ...doubtful, source: { rows: 80, expected: 100 } })).toBe(120);
  });

  it('B8: a source has shrunk when more than a fifth is missing, or all; what is small comes and goes', () => {
    const sizes = fc.record({ rows: fc.nat({ max: 2_000 }), expected: fc.nat({ max: 2_000 }) });
    fc.assert(
      fc.property(sizes, (size) => {
        const missing = size.expected - size.rows;
        const isMuch = size.expected > 0 && (size.rows === 0 || (missing > 2 && missing / size.expected > 0.2));
        expect(hasShrunk(size)).toBe(isMuch);
      }),
      { numRuns: 1_000 },
    );
    expect([hasShrunk({ rows: 0, expected: 1 }), hasShrunk({ rows: 3, expected: 5 })]).toEqual([true, false]);
    expect([hasShrunk({ rows: 0, expected: 0 }), hasShrunk({ rows: 9, expected: 8 })]).toEqual([false, false]);
  });

  it('B8: a line that was never decided about may be online, so isolating it counts', () => {
    expect(going([debtor(1, null)], { ...calm, cutLately: 20 })).toBe(0);
  });
});
