import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, decideAccess } from '#decide/access.ts';
import { noticeLeadMs } from '#decide/notice.ts';
import { promiseOutcome } from '#decide/promise.ts';
import type { AccessState } from '#domain/access.ts';
import type { Invoice } from '#domain/facts.ts';
import type { LineFacts, LinePolicy, Notice, Promised } from '#domain/line.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';
import { alwaysOpen, closedAt, type NoCutCalendar, noCutFault, weekdays } from '#domain/no-cut.ts';
import { invoice, line as lineFacts, policy, receipt, zone } from '#test/model/facts.ts';

const hourMs = 3_600_000;
const cut = instantAt('2026-11-21', 0, 1, zone);

type Over = Partial<LineFacts> & { readonly bills?: readonly Invoice[]; readonly paid?: bigint; readonly now?: number };
const line = ({ bills = [invoice()], paid, now = cut, ...over }: Over = {}): LineFacts =>
  lineFacts({
    ledger: {
      invoices: bills,
      receipts: paid === undefined ? [] : [receipt({ unallocated: paid })],
      readAt: now,
      settlesAt: null,
    },
    ...over,
  });
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => i + 1).map((n) => ({
    subscriptionId: `line-${n}`,
    ledgerSubscription: `SUB-${n}`,
    item: 'FIBER',
  }));
const promised = (until: string, of: Promised['of'] = 'line'): Promised => ({ id: 'p', until, of });
const told = (state: Notice['state'], at: number): ReadonlyMap<string, Notice> => new Map([['INV-1', { state, at }]]);
const brief = ({ desired, reason, lookAgainAt }: Decision) => [desired.state, reason.code, lookAgainAt];

describe('a promise to pay', () => {
  it('X8: holds the cut through its day, until 00:01 of the next, whatever falls due meanwhile', () => {
    const end = instantAt('2026-11-26', 0, 1, zone);
    const at = (now: number) => decideAccess(line({ promise: promised('2026-11-25'), now }), policy, now);
    expect(brief(at(cut))).toEqual(['active', 'promised', end]);
    expect(brief(at(end - 1))).toEqual(['active', 'promised', end]);
    expect(at(end).desired.state).toBe('isolated');
  });

  it('X8: gives an isolated line its service back, and needs no evidence for it', () => {
    const facts = line({ promise: promised('2026-11-25'), present: 'isolated' });
    expect(
      decideAccess({ ...facts, ledger: facts.ledger && { ...facts.ledger, readAt: null } }, policy, cut),
    ).toMatchObject({
      desired: { state: 'active' },
      needsEvidence: false,
    });
  });

  it('X8: a hold by hand and the end of a subscription stand above it', () => {
    const one = line({ promise: promised('2026-11-25') });
    expect(decideAccess({ ...one, hold: { reason: 'x' } }, policy, cut).desired.state).toBe('suspended');
    expect(decideAccess({ ...one, terminated: true }, policy, cut).desired.state).toBe('terminated');
  });

  it('X8: is kept when nothing due by its day is open; a part, or a bill that is still to come, ends nothing', () => {
    const promise = promised('2026-11-25');
    expect(promiseOutcome(line({ promise, paid: 150_000n }), policy, cut, true)).toBe('kept');
    expect(promiseOutcome(line({ promise, paid: 149_999n }), policy, cut, true)).toBeNull();
    expect(promiseOutcome(line({ promise, bills: [] }), policy, cut, false)).toBeNull();
    const later = [invoice({ outstanding: 0n }), invoice({ name: 'INV-2', dueDate: '2026-11-24' })];
    expect(promiseOutcome(line({ promise, bills: later }), policy, cut, true)).toBeNull();
  });

  it('X8: is broken on fresh evidence only, once its day is over', () => {
    const promise = promised('2026-11-25');
    const end = instantAt('2026-11-26', 0, 1, zone);
    expect(promiseOutcome(line({ promise, now: end }), policy, end, true)).toBe('broken');
    expect(promiseOutcome(line({ promise, now: end - 60_001 }), policy, end, true)).toBeNull();
    expect(promiseOutcome(line({ promise, bills: [], now: 0 }), policy, end, false)).toBe('kept');
  });

  it('X8: one for the customer is about the bills of all its lines', () => {
    const lines = linesOf(2);
    const bills = [invoice({ name: 'INV-2', subscription: 'SUB-2' })];
    const of = (whose: Promised['of']) => line({ lines, bills, promise: promised('2026-11-25', whose) });
    expect(promiseOutcome(of('line'), policy, cut, true)).toBe('kept');
    expect(promiseOutcome(of('customer'), policy, cut, true)).toBeNull();
  });
});

describe('a notice before the cut', () => {
  const noticed: LinePolicy = { ...policy, noticeHours: 24 };

  it('X7: nobody is cut unless a reminder was delivered so many hours before, or a person went without it', () => {
    const since = (state: Notice['state'], at: number) =>
      brief(decideAccess(line({ notices: told(state, at) }), noticed, cut)).slice(0, 2);
    expect(since('delivered', cut - 24 * hourMs)).toEqual(['isolated', 'debt']);
    expect(since('delivered', cut - 24 * hourMs + 1)).toEqual(['active', 'awaiting_notice']);
    expect(since('overridden', cut)).toEqual(['isolated', 'debt']);
    for (const state of ['wanted', 'queued', 'undeliverable'] as const) {
      expect(since(state, 0)).toEqual(['active', 'awaiting_notice']);
    }
  });

  it('X7: it is asked for in time, once, and the line is looked at then', () => {
    const tellAt = cut - 24 * hourMs - noticeLeadMs;
    const before = decideAccess(line({ now: tellAt - 1 }), noticed, tellAt - 1);
    expect([before.lookAgainAt, before.cutAt, before.wantsNotice]).toEqual([tellAt, cut, []]);
    const then = decideAccess(line({ now: tellAt }), noticed, tellAt);
    expect(then.wantsNotice.map(({ invoice: name }) => name)).toEqual(['INV-1']);
    expect(then.lookAgainAt).toBe(cut);
    expect(decideAccess(line({ notices: told('queued', 0) }), noticed, tellAt).wantsNotice).toEqual([]);
  });

  it('X7: the reason says what is missing', () => {
    const because = (over: Over) => {
      const { reason } = decideAccess(line(over), noticed, cut);
      return reason.code === 'awaiting_notice' ? reason.because : reason.code;
    };
    expect(because({ notices: told('delivered', cut - 1) })).toBe('recent');
    expect(because({ notices: told('queued', cut) })).toBe('sending');
    expect(because({ notices: told('undeliverable', cut) })).toBe('undeliverable');
    expect(because({ notices: told('undeliverable', cut), isReachable: false })).toBe('no_address');
  });
});

const anyInvoice = fc
  .record({
    name: fc.constantFrom('INV-1', 'INV-2', 'INV-3'),
    subscription: fc.constantFrom('SUB-1', 'SUB-2', null),
    day: fc.integer({ min: -40, max: 10 }),
    total: fc.integer({ min: 1, max: 300_000 }),
  })
  .map(({ name, subscription, day, total }) => {
    const dueDate = addDays('2026-11-20', day);
    return invoice({ name, subscription, dueDate, total: BigInt(total) });
  });
const anyBills = fc.uniqueArray(anyInvoice, { maxLength: 3, selector: (one) => one.name });
const anyNotice = fc.record({
  name: fc.constantFrom('INV-1', 'INV-2', 'INV-3'),
  state: fc.constantFrom<Notice['state']>('wanted', 'queued', 'delivered', 'undeliverable', 'overridden'),
  hoursAgo: fc.integer({ min: 0, max: 72 }),
});
const clock = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`);
const anyCalendar: fc.Arbitrary<NoCutCalendar> = fc
  .record({
    weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { maxLength: 4 }),
    dates: fc
      .uniqueArray(fc.integer({ min: -2, max: 6 }), { maxLength: 4 })
      .map((days) => days.map((day) => ({ date: addDays('2026-11-21', day), name: 'libur' }))),
    hours: fc.array(fc.record({ from: clock, to: clock }), { maxLength: 2 }),
  })
  .filter((calendar) => noCutFault(calendar) === null);
const world = fc
  .record({
    bills: anyBills,
    present: fc.constantFrom<AccessState | null>('active', 'isolated', 'pending', null),
    until: fc.option(fc.integer({ min: -3, max: 5 }).map((day) => addDays('2026-11-21', day))),
    of: fc.constantFrom<Promised['of']>('line', 'customer'),
    notices: fc.array(anyNotice, { maxLength: 3 }),
    noticeHours: fc.constantFrom(0, 12, 24),
    noCut: fc.oneof(fc.constant(alwaysOpen), anyCalendar),
    minutes: fc.integer({ min: -2_880, max: 2_880 }),
    /** With a second line a bill that names no subscription is nobody's for sure. */
    others: fc.constantFrom(0, 1),
  })
  .map(({ bills, present, until, of, notices, noticeHours, noCut, minutes, others }) => {
    const now = cut + minutes * 60_000;
    const known = notices.map(({ name, state, hoursAgo }) => [name, { state, at: now - hoursAgo * hourMs }] as const);
    const facts: LineFacts = line({
      bills,
      present,
      now,
      lines: linesOf(1 + others),
      promise: until === null ? null : promised(until, of),
      notices: new Map<string, Notice>(known),
    });
    return { facts, policy: { ...policy, noticeHours, noCut }, now };
  });
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
const paying = (facts: LineFacts, amount: bigint): LineFacts => ({
  ...facts,
  ledger: facts.ledger && { ...facts.ledger, receipts: [receipt({ unallocated: amount })] },
});
const isCut = ({ present }: LineFacts, { desired }: Decision): boolean =>
  (present === 'active' || present === null) && desired.state === 'isolated';

describe('what spares a line', () => {
  it('P-g: with promises, calendars and notices too, money that comes in never moves a line into the walled garden', () => {
    fc.assert(
      fc.property(world, fc.bigInt({ min: 1n, max: 600_000n }), ({ facts, policy: set, now }, amount) => {
        if (decideAccess(facts, set, now).desired.state !== 'active') return;
        expect(decideAccess(paying(facts, amount), set, now).desired.state).toBe('active');
      }),
      { numRuns: 2_000 },
    );
  });

  it('P-g: who pays its own bill under a promise stays online, though it cannot be told whose another bill is', () => {
    const bills = [invoice({ dueDate: '2026-10-20' }), invoice({ name: 'INV-2', subscription: null })];
    const facts = line({ bills, lines: linesOf(2), promise: promised('2026-11-25'), present: 'isolated' });
    const states = [facts, paying(facts, 150_000n)].map((one) => decideAccess(one, policy, cut).desired.state);
    expect(states).toEqual(['active', 'active']);
  });

  it('control, P-g: were every due bill to be told of, or did any payment end a promise, paying would cut', () => {
    const bills = [invoice({ dueDate: '2026-10-20' }), invoice({ name: 'INV-2' })];
    const toldOfTheLater = new Map<string, Notice>([['INV-2', { state: 'delivered', at: 0 }]]);
    const every = (facts: LineFacts): boolean => {
      const { reason } = decideAccess(facts, policy, cut);
      return reason.code === 'debt' && reason.invoices.every((name) => facts.notices.has(name));
    };
    const facts = line({ bills, notices: toldOfTheLater });
    expect([every(facts), every(paying(facts, 150_000n))]).toEqual([false, true]);
    const ended = { ...paying(line({ promise: promised('2026-11-25') }), 1n), promise: null };
    expect(decideAccess(ended, policy, cut).desired.state).toBe('isolated');
  });

  /** What a cut of this line at `now` would offend against. */
  function offences({ facts, policy: set, now }: World): readonly string[] {
    const { promise, notices } = facts;
    const isTold = [...notices.values()].some(
      ({ state, at }) => state === 'overridden' || (state === 'delivered' && at + set.noticeHours * hourMs <= now),
    );
    return [
      ...(closedAt(set.noCut, now, zone) ? ['calendar'] : []),
      ...(promise !== null && localDate(now, zone) <= promise.until ? ['promise'] : []),
      ...(set.noticeHours > 0 && !isTold ? ['notice'] : []),
    ];
  }

  it('X7, X8: no cut in a closed time, against a promise, or without a notice', () => {
    fc.assert(
      fc.property(world, (one) => {
        const decided = decideAccess(one.facts, one.policy, one.now);
        if (isCut(one.facts, decided)) expect(offences(one)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('control: a decision that knows of none of them makes such cuts of each kind', () => {
    const made = fc.sample(world, { numRuns: 2_000, seed: 1 }).filter(({ facts, now }) => {
      const unspared = { ...facts, promise: null, notices: new Map() };
      return isCut(unspared, decideAccess(unspared, policy, now));
    });
    expect([...new Set(made.flatMap(offences))].sort()).toEqual(['calendar', 'notice', 'promise']);
  });

  it('X8: while a debt stands, the line is looked at again at the next open minute, and cut then', () => {
    fc.assert(
      fc.property(anyCalendar, fc.integer({ min: 0, max: 14_400 }), (noCut, minutes) => {
        const now = cut + minutes * 60_000;
        const set = { ...policy, noCut };
        const decided = decideAccess(line({ now }), set, now);
        if (decided.desired.state === 'isolated') return;
        expect(decided.reason.code).toBe('no_cut_time');
        const then = decided.lookAgainAt ?? 0;
        expect([then > now, decided.cutAt]).toEqual([true, then]);
        expect(decideAccess(line({ now: then }), set, then).desired.state).toBe('isolated');
      }),
      { numRuns: 1_000 },
    );
  });

  it('X8: the calendar frees nobody: a line that is isolated stays so, and one that paid comes back in any hour', () => {
    fc.assert(
      fc.property(anyCalendar, fc.integer({ min: 0, max: 14_400 }), (noCut, minutes) => {
        const now = cut + minutes * 60_000;
        const set = { ...policy, noCut };
        expect(decideAccess(line({ now, present: 'isolated' }), set, now).desired.state).toBe('isolated');
        const paid = line({ now, present: 'isolated', paid: 150_000n });
        expect(decideAccess(paid, set, now).desired.state).toBe('active');
      }),
      { numRuns: 200 },
    );
  });

  it('the decision settles, and whoever is looked at again is looked at later', () => {
    fc.assert(
      fc.property(world, ({ facts, policy: set, now }) => {
        const first = decideAccess(facts, set, now);
        expect(decideAccess({ ...facts, present: first.desired.state }, set, now).desired).toEqual(first.desired);
        expect(first.lookAgainAt === null || first.lookAgainAt > now).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
