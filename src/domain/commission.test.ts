import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseOf,
  type CommissionRule,
  type CommissionTerms,
  commissionOccasions,
  commissionOf,
  divided,
  ruleFor,
} from './commission.ts';
import { lesser } from './money.ts';

const rule = (id: string, over: Partial<CommissionRule> = {}): CommissionRule => ({
  ...{ id, resellerId: null, planId: null, occasion: 'every', validFrom: '2026-01-01', validTo: null },
  ...{ kind: 'percent', value: 500n, tiers: [] },
  ...over,
});
const sale = { resellerId: 'r', planId: 'p', occasion: 'recurring', on: '2026-11-21' } as const;
const found = (...rules: CommissionRule[]): string | undefined => ruleFor(rules, sale)?.id;

describe('which rule counts for a sale (spec S3)', () => {
  it('the most particular: one reseller, then one plan, then one occasion; then the later', () => {
    const [all, recurring, plan] = [rule('a'), rule('b', { occasion: 'recurring' }), rule('c', { planId: 'p' })];
    const own = rule('d', { resellerId: 'r' });
    expect(found(all, recurring)).toBe('b');
    expect(found(all, recurring, plan)).toBe('c');
    expect(found(all, recurring, plan, own)).toBe('d');
    expect(found(own, rule('e', { resellerId: 'r', validFrom: '2026-11-01' }))).toBe('e');
  });

  it('none that is another’s, of another plan or occasion, over, or not begun', () => {
    const others = [{ resellerId: 'x' }, { planId: 'x' }, { occasion: 'first' }] as const;
    expect(found(...others.map((over, n) => rule(`${n}`, over)))).toBeUndefined();
    expect(found(rule('a', { validTo: '2026-11-20' }), rule('b', { validFrom: '2026-11-22' }))).toBeUndefined();
    expect(found(rule('a', { validFrom: '2026-11-21', validTo: '2026-11-21' }))).toBe('a');
  });

  it('is the same in whatever order the rules stand', () => {
    const some = fc.record({
      resellerId: fc.constantFrom(null, 'r', 'x'),
      planId: fc.constantFrom(null, 'p', 'x'),
      occasion: fc.constantFrom(...commissionOccasions),
      validFrom: fc.constantFrom('2026-01-01', '2026-11-01', '2027-01-01'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.func(fc.integer()), (shapes, mixed) => {
        const rules = shapes.map((shape, n) => rule(`${n}`, shape));
        const turned = [...rules].sort((a, b) => mixed(a.id) - mixed(b.id));
        expect(found(...turned)).toBe(found(...rules));
      }),
    );
  });
});

const money = fc.bigInt({ min: 1n, max: 10n ** 13n });
const terms: fc.Arbitrary<CommissionTerms> = fc
  .record({
    kind: fc.constantFrom('percent' as const, 'fixed' as const),
    value: fc.bigInt({ min: 0n, max: 10_000n }),
    tiers: fc.array(fc.record({ from: fc.nat(100), value: fc.bigInt({ min: 0n, max: 10_000n }) }), { maxLength: 3 }),
  })
  .map((one) => (one.kind === 'percent' ? one : { ...one, value: one.value * 1_000n }));

describe('commission of money', () => {
  it('S3: shares never exceed the payment, however it is divided between bills and taxed', () => {
    const bill = fc.record({ total: money, untaxed: fc.nat(10_000), terms });
    fc.assert(
      fc.property(fc.array(bill, { minLength: 1, maxLength: 5 }), money, fc.nat(200), (bills, wish, customers) => {
        const sum = bills.reduce((all, { total }) => all + total, 0n);
        const payment = lesser(wish, sum);
        const parts = divided(payment, bills);
        expect(parts.reduce((all, { paid }) => all + paid, 0n)).toBe(payment);
        let shares = 0n;
        for (const { paid, total, untaxed, terms: own } of parts) {
          const part = { paid, total, net: (total * BigInt(untaxed)) / 10_000n };
          const share = commissionOf(own, part, customers);
          expect(share >= 0n && share <= baseOf(part) && baseOf(part) <= paid).toBe(true);
          shares += share;
        }
        expect(shares <= payment).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves tax out, rounds half up to the minor unit, and knows the tiers', () => {
    const part = { paid: 111_000n, net: 100_000n, total: 111_000n };
    const percent: CommissionTerms = { kind: 'percent', value: 500n, tiers: [{ from: 50, value: 750n }] };
    expect([49, 50].map((customers) => commissionOf(percent, part, customers))).toEqual([5_000n, 7_500n]);
    expect(commissionOf(percent, { paid: 10n, net: 10n, total: 10n }, 0)).toBe(1n);
    expect(commissionOf(percent, { paid: 9n, net: 9n, total: 9n }, 0)).toBe(0n);
  });

  it('a fixed amount is for the whole bill: paid in parts it is earned once, and off by a half for each at most', () => {
    const fixed: CommissionTerms = { kind: 'fixed', value: 10_000n, tiers: [] };
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 12 }), (paid) => {
        const total = 100_000n + paid.reduce((all, one) => all + one, 0n);
        const parts = [...paid, 100_000n].map((one) => ({ paid: one, net: total, total }));
        const earned = parts.reduce((all, part) => all + commissionOf(fixed, part, 0), 0n);
        expect(Math.abs(Number(earned - 10_000n))).toBeLessThanOrEqual(parts.length / 2);
      }),
    );
    expect(commissionOf(fixed, { paid: 4_000n, net: 4_000n, total: 4_000n }, 0)).toBe(4_000n);
  });
});
