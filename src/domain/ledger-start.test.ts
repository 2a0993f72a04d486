import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBeforeLedger, ledgerLeadDays } from './ledger-start.ts';
import { addDays } from './local-time.ts';
import { daysOf } from './periods.ts';

describe('the days before ERPNext bills a line', () => {
  it('R4, R5: postpaid until the end of the month, prepaid until a month that can still be billed 7 days ahead', () => {
    expect(daysBeforeLedger('postpaid', 20, '2026-11-21')).toEqual({ from: '2026-11-21', to: '2026-11-30' });
    expect(daysBeforeLedger('prepaid', 1, '2026-11-21')).toEqual({ from: '2026-11-21', to: '2026-11-30' });
    expect(daysBeforeLedger('prepaid', 1, '2026-11-25')).toEqual({ from: '2026-11-25', to: '2026-12-31' });
  });

  it('ERPNext’s first month begins after them, and its bill is still to come, whatever the day', () => {
    const day = fc.nat(3_000).map((n) => addDays('2026-01-01', n));
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 31 }), (begun, dueDay) => {
        const { from, to } = daysBeforeLedger('prepaid', dueDay, begun);
        expect(from).toBe(begun);
        expect(addDays(to, 1 - ledgerLeadDays) > begun).toBe(true);
        expect(daysOf({ from, to })).toBeLessThanOrEqual(62);
      }),
      { numRuns: 300 },
    );
  });
});
