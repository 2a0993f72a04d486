import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BilledLine, billsDue, coveredTo, firstPrepaidDays, monthDay, priceOfDays } from './bill-plan.ts';
import { addDays } from './local-time.ts';
import { daysOf } from './periods.ts';

const policy = { billDay: 1, billsFrom: '2000-01-01', leadDays: 7, isolateAfterIssue: null };
const line: BilledLine = { mode: 'postpaid', dueDay: 20, fee: 150_000n, billedTo: null, activatedOn: '2026-11-21' };
const day = fc.integer({ min: 1, max: 31 });
const date = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays('2024-01-01', days));
const anyLine = fc.record({
  mode: fc.constantFrom('prepaid' as const, 'postpaid' as const),
  dueDay: day,
  fee: fc.bigInt({ min: 1n, max: 10_000_000n }),
  billedTo: fc.constant(null),
  activatedOn: date,
});
const anyPolicy = fc.record({
  billDay: day,
  billsFrom: fc.constant('2000-01-01'),
  leadDays: fc.integer({ min: 1, max: 28 }),
  isolateAfterIssue: fc.option(fc.integer({ min: 0, max: 30 })),
});
const runs = { numRuns: 200 };

describe('what is billed', () => {
  it('R5: postpaid is billed by its days on the first, due on the 20th', () => {
    expect(billsDue(line, '2026-11-30', policy)).toEqual([]);
    expect(billsDue(line, '2026-12-01', policy)).toEqual([
      { from: '2026-11-21', to: '2026-11-30', dueDate: '2026-12-20', amount: 50_000n },
    ]);
    expect(billsDue({ ...line, billedTo: '2026-11-30' }, '2026-12-31', policy)).toEqual([]);
  });

  it('R4: a prepaid month is billed 7 days before it begins, and is due on its first day', () => {
    const prepaid: BilledLine = { ...line, mode: 'prepaid', dueDay: 1, billedTo: '2026-11-30' };
    expect(billsDue(prepaid, '2026-11-23', policy)).toEqual([]);
    const [bill] = billsDue(prepaid, '2026-11-24', policy);
    expect(bill).toEqual({ from: '2026-12-01', to: '2026-12-31', dueDate: '2026-12-01', amount: 150_000n });
  });

  it('R4: a prepaid bill that could not be made in time leaves the days that it should have left', () => {
    const late: BilledLine = { ...line, mode: 'prepaid', dueDay: 1, billedTo: '2026-11-30' };
    expect(billsDue(late, '2026-12-01', policy)[0]?.dueDate).toBe('2026-12-08');
  });

  it('L4: where lines are isolated 10 days after the issue, the bill is due on the day before', () => {
    expect(billsDue(line, '2026-12-01', { ...policy, isolateAfterIssue: 10 })[0]?.dueDate).toBe('2026-12-10');
  });

  it('L2: however rarely the run comes, every day from the first is billed once, and no bill is due when it is made', () => {
    fc.assert(
      fc.property(
        anyLine,
        anyPolicy,
        fc.array(fc.integer({ min: 1, max: 75 }), { maxLength: 12 }),
        (one, set, pauses) => {
          let today = one.activatedOn;
          let held: BilledLine = one;
          let billed = 0n;
          for (const pause of pauses) {
            today = addDays(today, pause);
            for (const bill of billsDue(held, today, set)) {
              const next = held.billedTo === null ? one.activatedOn : addDays(held.billedTo, 1);
              expect(bill.from).toBe(next);
              expect(bill.dueDate >= today).toBe(true);
              billed += bill.amount;
              held = { ...held, billedTo: bill.to };
            }
            expect(billsDue(held, today, set)).toEqual([]);
            if (one.mode === 'prepaid') expect((held.billedTo ?? '') >= addDays(today, set.leadDays)).toBe(true);
            else expect((held.billedTo ?? '') < today).toBe(true);
          }
          if (held.billedTo === null) return;
          expect(billed).toBe(priceOfDays(one.fee, { from: one.activatedOn, to: held.billedTo }, monthDay(one, set)));
        },
      ),
      runs,
    );
  });

  it('L2: days before the one from which the hub makes bills are billed to nobody', () => {
    const [bill] = billsDue(line, '2026-12-01', { ...policy, billsFrom: '2026-11-26' });
    expect(bill).toEqual({ from: '2026-11-26', to: '2026-11-30', dueDate: '2026-12-20', amount: 25_000n });
    expect(billsDue(line, '2026-12-01', { ...policy, billsFrom: '2026-12-01' })).toEqual([]);
  });

  it('R4: the first prepaid bill ends where the next has not to be made yet', () => {
    expect(firstPrepaidDays('2026-11-21', 1, 7)).toEqual({ from: '2026-11-21', to: '2026-11-30' });
    expect(firstPrepaidDays('2026-11-24', 1, 7)).toEqual({ from: '2026-11-24', to: '2026-12-31' });
    fc.assert(
      fc.property(date, day, fc.integer({ min: 1, max: 28 }), (today, dueDay, leadDays) => {
        const { to } = firstPrepaidDays(today, dueDay, leadDays);
        const next: BilledLine = { ...line, mode: 'prepaid', dueDay, billedTo: to, activatedOn: today };
        expect(billsDue(next, today, { ...policy, leadDays })).toEqual([]);
      }),
      runs,
    );
  });

  it('R4: whoever pays the first bill late has as many days as it names', () => {
    const first = { from: '2026-11-21', to: '2026-11-30' };
    expect(coveredTo(first, '2026-11-20')).toBe('2026-11-30');
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), (from, length, later) => {
        const activatedOn = addDays(from, later);
        const to = coveredTo({ from, to: addDays(from, length) }, activatedOn);
        expect(daysOf({ from: activatedOn, to })).toBe(length + 1);
      }),
      runs,
    );
  });
});
