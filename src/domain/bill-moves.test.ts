import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MovedLine, moneyOfMove } from './bill-moves.ts';
import { type BillPolicy, priceOfDays } from './bill-plan.ts';
import { addDays } from './local-time.ts';
import { daysOf } from './periods.ts';

const policy: BillPolicy = { billDay: 1, billsFrom: '2000-01-01', leadDays: 7, isolateAfterIssue: null };
const prepaid: MovedLine = {
  ...{ mode: 'prepaid', dueDay: 1, fee: 150_000n, plan: 'Home 10', billedTo: '2026-11-30', firstFrom: null },
  ...{ activatedOn: '2026-01-01', heldOn: null, isEnded: false },
};
const postpaid: MovedLine = { ...prepaid, mode: 'postpaid', dueDay: 20, billedTo: '2026-10-31' };
const dearer = { fee: 300_000n, plan: 'Home 20' };
const nothing = { bill: null, credit: 0n, billedTo: null };
const move = (was: MovedLine, change: Partial<MovedLine>, today = '2026-11-16') =>
  moneyOfMove(was, { ...was, ...change }, today, policy);

describe('the money of a move', () => {
  it('L2: prepaid pays or gets back the difference of plans for the days that are left', () => {
    const bill = { from: '2026-11-16', to: '2026-11-30', amount: 75_000n, dueDate: '2026-12-01' };
    expect(move(prepaid, dearer)).toEqual({ ...nothing, bill });
    expect(move({ ...prepaid, ...dearer }, { fee: 150_000n, plan: 'Home 10' })).toEqual({
      ...nothing,
      credit: 75_000n,
    });
    expect(move(prepaid, dearer, '2026-11-29').bill?.dueDate).toBe('2026-12-06');
  });

  it('L2: postpaid pays until the day before at the old price, due with the bill of the month', () => {
    const bill = { from: '2026-11-01', to: '2026-11-15', amount: 75_000n, dueDate: '2026-12-20' };
    expect(move(postpaid, dearer)).toEqual({ ...nothing, bill, billedTo: '2026-11-15' });
    expect(move({ ...postpaid, billedTo: '2026-11-15' }, dearer)).toEqual(nothing);
  });

  it('L2: the end of a line gives back what was paid beyond it, and bills postpaid up to the day', () => {
    expect(move(prepaid, { isEnded: true })).toEqual({ ...nothing, credit: 70_000n });
    const bill = { from: '2026-11-01', to: '2026-11-16', amount: 80_000n, dueDate: '2026-11-20' };
    expect(move(postpaid, { isEnded: true })).toEqual({ ...nothing, bill, billedTo: '2026-11-16' });
    const waiting = { ...prepaid, activatedOn: null, firstFrom: '2026-11-01' };
    expect(move(waiting, { isEnded: true }).credit).toBe(150_000n);
  });

  it('C9: a hold is paid by nobody: prepaid has its days afterwards, postpaid leaves them out', () => {
    expect(move({ ...prepaid, heldOn: '2026-11-10' }, { heldOn: null }).billedTo).toBe('2026-12-05');
    const { bill, billedTo } = move({ ...postpaid, heldOn: '2026-11-10' }, { heldOn: null });
    expect([bill, billedTo]).toMatchObject([{ from: '2026-11-01', to: '2026-11-10' }, '2026-11-15']);
    expect(move(prepaid, { heldOn: '2026-11-16' })).toEqual(nothing);
    const sameDay = { heldOn: '2026-11-16' };
    expect(move({ ...prepaid, ...sameDay }, { heldOn: null }).billedTo).toBe('2026-11-30');
    expect(move({ ...postpaid, ...sameDay }, { heldOn: null })).toEqual(nothing);
  });

  it('L2: whatever days a line is moved on, postpaid days are billed once, each at the price of its day', () => {
    const day = fc.integer({ min: 0, max: 400 });
    const fee = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(fc.array(fc.tuple(day, fee), { minLength: 1, maxLength: 8 }), (changes) => {
        let line = postpaid;
        let billed = 0n;
        let owed = 0n;
        for (const [after, next] of [...changes].sort(([a], [b]) => a - b)) {
          const today = addDays('2026-11-01', after);
          const { bill, billedTo } = move(line, { fee: next, plan: `${next}` }, today);
          if (bill) {
            const from = addDays(line.billedTo ?? '', 1);
            expect([bill.from, bill.to, daysOf(bill) > 0]).toEqual([from, addDays(today, -1), true]);
            owed += priceOfDays(line.fee, { from, to: addDays(today, -1) }, 1);
            billed += bill.amount;
          }
          line = { ...line, fee: next, billedTo: billedTo ?? line.billedTo };
        }
        expect(billed).toBe(owed);
      }),
      { numRuns: 200 },
    );
  });
});
