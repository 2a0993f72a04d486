import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type FreeMoney, type OpenBill } from '#domain/allocation.ts';

const amount = fc.bigInt({ min: 1n, max: 1_000_000n });
const bills = fc
  .array(fc.record({ outstanding: amount, day: fc.integer({ min: 10, max: 28 }) }), { maxLength: 6 })
  .map((many) =>
    many.map(
      ({ outstanding, day }, i): OpenBill => ({ id: `b${i}`, number: `${i}`, dueDate: `2026-11-${day}`, outstanding }),
    ),
  );
const money = fc
  .array(fc.record({ free: amount, against: fc.option(fc.integer({ min: 0, max: 7 })), isNote: fc.boolean() }), {
    maxLength: 6,
  })
  .map((many) =>
    many.map(
      ({ free, against, isNote }, i): FreeMoney => ({
        id: `m${i}`,
        kind: isNote ? 'credit_note' : 'payment',
        free,
        against: against === null ? null : `b${against}`,
      }),
    ),
  );
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);

describe('allocation', () => {
  it('L2: never settles more than a bill is open or money is left, and leaves no money beside an open bill', () => {
    fc.assert(
      fc.property(bills, money, (open, free) => {
        const made = allocate(open, free);
        for (const bill of open) {
          expect(sum(made.filter((one) => one.bill.id === bill.id).map((one) => one.amount)) <= bill.outstanding).toBe(
            true,
          );
        }
        for (const one of free) {
          expect(sum(made.filter(({ money: from }) => from.id === one.id).map((a) => a.amount)) <= one.free).toBe(true);
        }
        const settled = sum(made.map((one) => one.amount));
        const owed = sum(open.map((bill) => bill.outstanding));
        const had = sum(free.map((one) => one.free));
        expect(settled === owed || settled === had).toBe(true);
        expect(made.every((one) => one.amount > 0n)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('L2: the bill that is named comes before the oldest, the oldest before the others', () => {
    const open: readonly OpenBill[] = [
      { id: 'new', number: '3', dueDate: '2026-12-20', outstanding: 100n },
      { id: 'old', number: '1', dueDate: '2026-10-20', outstanding: 100n },
      { id: 'mid', number: '2', dueDate: '2026-11-20', outstanding: 100n },
    ];
    const paid: FreeMoney = { id: 'p', kind: 'payment', free: 150n, against: null };
    const of = (against: string | null) =>
      allocate(open, [{ ...paid, against }]).map(({ bill, amount: n }) => [bill.id, n]);
    expect(of(null)).toEqual([
      ['old', 100n],
      ['mid', 50n],
    ]);
    expect(of('new')).toEqual([
      ['new', 100n],
      ['old', 50n],
    ]);
  });
});
