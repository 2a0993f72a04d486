import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decideAccess } from '#decide/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import { cutTimeOf } from '#domain/dunning.ts';
import { noLimits } from '#domain/limits.ts';
import type { LineFacts } from '#domain/line.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { alwaysOpen } from '#domain/no-cut.ts';

const zones = ['Asia/Jakarta', 'Asia/Jayapura', 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'] as const;
const hourMs = 3_600_000;
const jumps = [hourMs, -hourMs, 24 * hourMs, -24 * hourMs] as const;
const runs = { numRuns: 1_000 };

/** A served line with one open bill; `readAt` is when its ledger was read. */
const owing = (dueDate: string, billingMode: BillingMode, readAt: number): LineFacts => ({
  tenantId: '1a2b3c4d-0000-4000-8000-000000000000',
  subscriptionId: 'line-1',
  planKey: 'home',
  billingMode,
  mac: null,
  reply: [],
  installed: true,
  activatedBefore: true,
  hold: null,
  terminated: false,
  present: 'active',
  promise: null,
  notices: new Map(),
  isReachable: false,
  limits: noLimits,
  lines: [{ subscriptionId: 'line-1', ledgerSubscription: 'SUB-1', item: 'FIBER' }],
  ledger: {
    invoices: [
      {
        kind: 'invoice',
        name: 'INV-1',
        customer: 'Ani',
        subscription: 'SUB-1',
        submitted: true,
        isReturn: false,
        returnAgainst: null,
        dueDate,
        total: 150_000n,
        outstanding: 150_000n,
        terms: [{ dueDate, amount: 150_000n }],
        items: ['FIBER'],
      },
    ],
    receipts: [],
    readAt,
    settlesAt: null,
  },
});

/** What a wall clock in the zone shows, in an order that compares as text: `2026-11-21 00:01`. */
const wallClock = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);

const date = fc
  .record({ year: fc.integer({ min: 2024, max: 2030 }), month: fc.integer({ min: 1, max: 12 }) })
  .chain(({ year, month }) => {
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    // The ends of months by construction, and any day between them.
    return fc
      .oneof(fc.constantFrom(1, last), fc.integer({ min: 1, max: last }))
      .map((day) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
  });
const scene = fc.record({
  dueDate: date,
  zone: fc.constantFrom(...zones),
  mode: fc.constantFrom<BillingMode>('prepaid', 'postpaid'),
  graceDays: fc.integer({ min: 0, max: 40 }),
  /** Around midnight of the day of the cut, where a zone or an hour mistaken shows. */
  minutes: fc.integer({ min: -26 * 60, max: 26 * 60 }),
  machine: fc.constantFrom(...zones),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const cutDate = ({ dueDate, mode, graceDays }: Scene): string =>
  mode === 'prepaid' ? dueDate : addDays(dueDate, 1 + graceDays);
const momentOf = (s: Scene): number => instantAt(cutDate(s), 0, 0, s.zone) + s.minutes * 60_000;
const decided = (s: Scene, now: number, readAt: number, zone: string = s.zone) =>
  decideAccess(
    owing(s.dueDate, s.mode, readAt),
    { zone, graceDays: s.graceDays, evidenceMaxAgeMs: 60_000, noCut: alwaysOpen, noticeHours: 0 },
    now,
  );

afterEach(() => vi.unstubAllEnvs());

describe('clocks', () => {
  it('REL-27: a line is cut from 00:01 of its day in the tenant’s zone, whatever zone the machine is in, and never before', () => {
    fc.assert(
      fc.property(scene, (s) => {
        vi.stubEnv('TZ', s.machine);
        const now = momentOf(s);
        const isDue = wallClock(now, s.zone) >= `${cutDate(s)} 00:01`;
        expect(decided(s, now, now).desired.state).toBe(isDue ? 'isolated' : 'active');
      }),
      runs,
    );
  });

  it('REL-27, L4: where the policy names the day, lines are cut from 00:01 of it, a clock that jumps cuts nobody', () => {
    const from = fc.constantFrom('issue' as const, 'due' as const);
    fc.assert(
      fc.property(
        scene,
        from,
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom(0, ...jumps),
        (s, start, days, jump) => {
          vi.stubEnv('TZ', s.machine);
          const issuedOn = addDays(s.dueDate, -20);
          const day = addDays(start === 'issue' ? issuedOn : s.dueDate, days);
          const readAt = instantAt(day, 0, 0, s.zone) + s.minutes * 60_000;
          const now = readAt + jump;
          const facts = owing(s.dueDate, s.mode, readAt);
          const bills = facts.ledger?.invoices.map((bill) => ({ ...bill, issuedOn })) ?? [];
          const ledger = facts.ledger && { ...facts.ledger, invoices: bills };
          const policy = { zone: s.zone, graceDays: s.graceDays, isolation: { from: start, days } };
          const rest = { evidenceMaxAgeMs: 60_000, noCut: alwaysOpen, noticeHours: 0 };
          const { desired } = decideAccess({ ...facts, ledger }, { ...policy, ...rest }, now);
          const isDue = jump === 0 && wallClock(now, s.zone) >= `${day} 00:01`;
          expect(desired.state).toBe(isDue ? 'isolated' : 'active');
        },
      ),
      runs,
    );
  });

  it('L4: in instalments nothing is owed before it falls due, and without a day of issue the due date decides', () => {
    const [bill] = owing('2026-12-20', 'postpaid', 0).ledger?.invoices ?? [];
    const rule = {
      mode: 'postpaid' as const,
      zone: 'UTC',
      graceDays: 0,
      isolation: { from: 'issue' as const, days: 10 },
    };
    const [term] = bill?.terms ?? [];
    if (!bill || !term) throw new Error('There is no bill.');
    const issued = { ...bill, issuedOn: '2026-12-01' };
    const cutAt = (one: typeof bill, day: string): number => cutTimeOf(one, day, rule);
    expect(cutAt(issued, '2026-12-20')).toBe(instantAt('2026-12-11', 0, 1, 'UTC'));
    expect(cutAt(bill, '2026-12-20')).toBe(instantAt('2026-12-21', 0, 1, 'UTC'));
    const parts = { ...issued, terms: [{ ...term, dueDate: '2026-12-05' }, term] };
    expect(cutAt(parts, '2026-12-05')).toBe(instantAt('2026-12-11', 0, 1, 'UTC'));
    expect(cutAt(parts, '2026-12-20')).toBe(instantAt('2026-12-20', 0, 1, 'UTC'));
  });

  it('REL-27, control: by another zone’s calendar lines are cut too early and too late', () => {
    const wrong = fc
      .sample(scene, 1_000)
      .filter(
        (s) =>
          decided(s, momentOf(s), momentOf(s), 'UTC').desired.state !==
          decided(s, momentOf(s), momentOf(s)).desired.state,
      );
    expect(wrong.length).toBeGreaterThan(0);
  });

  it('REL-27: a clock that jumps by an hour or a day, either way, cuts nobody on what was read before it', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom(...jumps), (s, jump) => {
        const readAt = momentOf(s);
        const { desired, needsEvidence, reason } = decided(s, readAt + jump, readAt);
        expect(desired.state).toBe('active');
        expect(needsEvidence || reason.code === 'nothing_due').toBe(true);
      }),
      runs,
    );
  });
});
