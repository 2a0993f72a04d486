import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from './half-up.ts';
import { type TaxRules, type TaxTerms, taxLines, taxTermsOn } from './tax.ts';

const ppn: TaxRules = {
  enabled: true,
  inclusive: false,
  rates: [
    { from: '2025-01-01', rateBp: 1200, baseNumerator: 11, baseDenominator: 12 },
    { from: '2022-04-01', rateBp: 1100, baseNumerator: 1, baseDenominator: 1 },
  ],
};
const on = (inclusive: boolean): TaxTerms | null => taxTermsOn({ ...ppn, inclusive }, '2026-11-21', true);
const amounts = fc.array(fc.bigInt({ min: -1_000_000_000_000n, max: 1_000_000_000_000n }), { maxLength: 12 });
const terms = fc.record({
  rateBp: fc.integer({ min: 0, max: 5_000 }),
  baseNumerator: fc.integer({ min: 1, max: 12 }),
  baseDenominator: fc.constant(12),
  inclusive: fc.boolean(),
});
const sum = (all: readonly bigint[]): bigint => all.reduce((total, one) => total + one, 0n);
const runs = { numRuns: 500 };

describe('tax', () => {
  it.each([
    [150_000n, 137_500n, 16_500n],
    [99_999n, 91_666n, 11_000n],
  ])('L2: PPN of 12 %% on 11/12 of %d is reckoned on %d and makes %d', (price, base, tax) => {
    expect(taxLines([price], on(false))).toEqual([{ net: price, tax, base, rateBp: 1200 }]);
  });

  it('L2: a price that has the tax in it is divided by 1.11, and is what is paid', () => {
    expect(taxLines([166_500n], on(true))).toEqual([{ net: 150_000n, tax: 16_500n, base: 137_500n, rateBp: 1200 }]);
    expect(taxLines([100_000n], on(true))).toEqual([{ net: 90_090n, tax: 9_910n, base: 82_583n, rateBp: 1200 }]);
  });

  it('L2: the rate is that of the day of issue; before the first there is none, nor for who is not taxable', () => {
    expect(taxTermsOn(ppn, '2024-12-31', true)?.rateBp).toBe(1100);
    expect(taxTermsOn(ppn, '2025-01-01', true)?.rateBp).toBe(1200);
    expect(taxTermsOn(ppn, '2022-03-31', true)).toBeNull();
    expect(taxTermsOn(ppn, '2026-01-01', false)).toBeNull();
    expect(taxTermsOn({ ...ppn, enabled: false }, '2026-01-01', true)).toBeNull();
  });

  it('L2: lines sum to the tax of the bill, which is rounded once, and none bears more than one minor unit of it', () => {
    fc.assert(
      fc.property(amounts, terms, (lines, rate) => {
        const taxed = taxLines(lines, rate);
        const [bill] = taxLines([sum(lines)], rate);
        expect(sum(taxed.map(({ tax }) => tax))).toBe(bill?.tax);
        expect(sum(taxed.map(({ net }) => net))).toBe(bill?.net);
        expect(sum(taxed.map(({ base }) => base ?? 0n))).toBe(bill?.base);
        for (const [i, line] of taxed.entries()) {
          const own = taxLines([lines[i] ?? 0n], rate)[0]?.tax ?? 0n;
          expect(line.tax - own).toBeLessThanOrEqual(1n);
          expect(own - line.tax).toBeLessThanOrEqual(1n);
        }
      }),
      runs,
    );
  });

  it('L2: net and tax of an inclusive price are the price', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 100_000_000_000_000n }), terms, (price, rate) => {
        const [line] = taxLines([price], { ...rate, inclusive: true });
        expect((line?.net ?? 0n) + (line?.tax ?? 0n)).toBe(price);
      }),
      runs,
    );
  });

  it('rounds half up, below zero as well', () => {
    expect([shareOf(5n, 1n, 10n), shareOf(-5n, 1n, 10n), shareOf(-6n, 1n, 10n), shareOf(4n, 1n, 10n)]).toEqual([
      1n,
      0n,
      -1n,
      0n,
    ]);
  });
});
