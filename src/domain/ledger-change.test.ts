import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOfDays } from '#domain/bill-plan.ts';
import { type LedgerBilled, moneyOfLedgerChange } from '#domain/ledger-change.ts';
import { daysBeforeLedger, ledgerLeadDays, ledgerMonthDay } from '#domain/ledger-start.ts';
import { addDays } from '#domain/local-time.ts';
import { periodAfter, periodAt } from '#domain/periods.ts';

const lineOf = (mode: LedgerBilled['mode'], dueDay: number, begun: string, isServed = true): LedgerBilled => ({
  mode,
  dueDay,
  isServed,
  first: daysBeforeLedger(mode, dueDay, begun),
});
const dearer = { was: 150_000n, is: 300_000n };
const cheaper = { was: 300_000n, is: 150_000n };

describe('a change of plan of a line that ERPNext bills', () => {
  it('L1: postpaid, in the days that the hub billed ahead: the rest of them by the new plan', () => {
    const line = lineOf('postpaid', 20, '2026-11-10');
    const rest = { from: '2026-11-16', to: '2026-11-30' };
    expect(moneyOfLedgerChange(line, dearer, '2026-11-16')).toEqual({ ...rest, amount: 75_000n });
    expect(moneyOfLedgerChange(line, cheaper, '2026-11-16')).toEqual({ ...rest, amount: -75_000n });
  });

  it('L1: postpaid, later: ERPNext bills the whole month by the new plan, and the days before are set right', () => {
    const line = lineOf('postpaid', 20, '2026-10-10');
    const before = { from: '2026-11-01', to: '2026-11-15' };
    expect(moneyOfLedgerChange(line, dearer, '2026-11-16')).toEqual({ ...before, amount: -75_000n });
    expect(moneyOfLedgerChange(line, cheaper, '2026-11-16')).toEqual({ ...before, amount: 75_000n });
    expect(moneyOfLedgerChange(line, dearer, '2026-12-01')).toBeNull();
  });

  it('R4, L1: prepaid: what was billed ahead, with the next month once that is billed; of one never served all of it', () => {
    const line = lineOf('prepaid', 1, '2026-10-10');
    const rest = { from: '2026-11-16', to: '2026-11-30' };
    expect(moneyOfLedgerChange(line, dearer, '2026-11-16')).toEqual({ ...rest, amount: 75_000n });
    expect(moneyOfLedgerChange(line, dearer, '2026-11-24')).toMatchObject({ from: '2026-11-24', to: '2026-12-31' });
    const unserved = lineOf('prepaid', 1, '2026-11-05', false);
    expect(moneyOfLedgerChange(unserved, dearer, '2026-11-08')).toMatchObject({ from: '2026-11-05', to: '2026-11-30' });
  });

  it('L1: with any changes on any days, all bills together are each day by its plan', () => {
    const changes = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 40 }), thousands: fc.integer({ min: 1, max: 99 }) }),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('prepaid', 'postpaid'),
        fc.integer({ min: 1, max: 28 }),
        fc.nat(60),
        changes,
        (mode, dueDay, days, list) => {
          const begun = addDays('2026-01-01', days);
          const line = lineOf(mode, dueDay, begun);
          const beginsOn = ledgerMonthDay(mode, dueDay);
          // 28, 30 and 31 divide it: no share of a month is rounded.
          const unit = 28n * 30n * 31n;
          const plans = new Map<string, bigint>();
          let [fee, today, due, billed] = [unit * 7n, begun, 0n, 0n];
          const changeOn = new Map<string, bigint>();
          for (const { after, thousands } of list) {
            today = addDays(today, after);
            changeOn.set(today, unit * BigInt(thousands));
          }
          const until = addDays(periodAt(addDays(today, 70), beginsOn).from, -1);
          billed += priceOfDays(fee, line.first, beginsOn);
          let month = periodAfter(periodAt(line.first.to, beginsOn), beginsOn);
          for (let day = begun; day <= addDays(until, 1); day = addDays(day, 1)) {
            // ERPNext's daily job comes first on a day.
            const billsOn = mode === 'prepaid' ? addDays(month.from, -ledgerLeadDays) : addDays(month.to, 1);
            if (billsOn <= day && month.to <= until) {
              billed += fee;
              month = periodAfter(month, beginsOn);
            }
            const next = changeOn.get(day);
            if (next !== undefined) {
              billed += moneyOfLedgerChange(line, { was: fee, is: next }, day)?.amount ?? 0n;
              fee = next;
            }
            plans.set(day, fee);
          }
          for (let day = begun; day <= until; day = addDays(day, 1))
            due += priceOfDays(plans.get(day) ?? 0n, { from: day, to: day }, beginsOn);
          expect(billed).toBe(due);
        },
      ),
      { numRuns: 200 },
    );
  });
});
