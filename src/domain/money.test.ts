import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorUnits, toDecimal, toMinor } from './money.ts';
import { err, ok } from './result.ts';

const currency = fc.constantFrom('IDR', 'USD', 'KWD');
const safe = BigInt(Number.MAX_SAFE_INTEGER);
const amount = fc.bigInt({ min: -safe, max: safe });

describe('money', () => {
  it('law 11: an amount written as a decimal reads back as the same amount', () => {
    fc.assert(
      fc.property(amount, currency, (minor, code) => {
        expect(toMinor(toDecimal(minor, code), code)).toEqual(ok(minor));
      }),
      { numRuns: 1000 },
    );
  });

  it('law 11: what ERPNext prints of a float with two decimals is read exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), (cents) => {
        const printed = String(cents / 100);
        expect(toMinor(printed, 'USD')).toEqual(ok(BigInt(cents)));
      }),
      { numRuns: 1000 },
    );
  });

  it('law 11: floor and ceiling enclose the true value and differ by at most one unit', () => {
    const fraction = fc.stringMatching(/^[0-9]{1,9}$/);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fraction, (whole, digits) => {
        const floor = toMinor(`${whole}.${digits}`, 'IDR', 'floor');
        const ceiling = toMinor(`${whole}.${digits}`, 'IDR', 'ceiling');
        if (!floor.ok || !ceiling.ok) throw new Error('both are numbers');
        const even = BigInt(digits) === 0n;
        expect(ceiling.value - floor.value).toBe(even ? 0n : 1n);
        expect(whole >= 0n ? floor.value : ceiling.value).toBe(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it('sums of floors never exceed the floor of the sum, so parts of a paid bill never look unpaid', () => {
    const cents = fc.integer({ min: 0, max: 10 ** 9 });
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const floor = (n: number): bigint => {
          const read = toMinor(toDecimal(BigInt(n), 'USD'), 'IDR', 'floor');
          return read.ok ? read.value : -1n;
        };
        expect(floor(a) + floor(b) <= floor(a + b)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['150000.0', 'IDR', 150000n],
    ['-50.0', 'USD', -5000n],
    ['0.0', 'IDR', 0n],
    ['-0.0', 'IDR', 0n],
    ['1e3', 'IDR', 1000n],
    ['1.5E+2', 'IDR', 150n],
    ['5e-2', 'USD', 5n],
    ['0e999', 'IDR', 0n],
    ['0.10', 'USD', 10n],
    ['9007199254740991', 'IDR', 9007199254740991n],
    ['1.234', 'KWD', 1234n],
  ])('%s %s is %s', (text, code, minor) => {
    expect(toMinor(text, code)).toEqual(ok(minor));
  });

  it('below zero floor still goes down and ceiling up', () => {
    expect(toMinor('-0.5', 'IDR', 'floor')).toEqual(ok(-1n));
    expect(toMinor('-0.5', 'IDR', 'ceiling')).toEqual(ok(0n));
  });

  it.each([
    ['', 'not_a_number'],
    [' 5', 'not_a_number'],
    ['5,0', 'not_a_number'],
    ['0x10', 'not_a_number'],
    ['NaN', 'not_a_number'],
    ['1e9999', 'not_a_number'],
    ['1.', 'not_a_number'],
    ['+1', 'not_a_number'],
    ['0.5', 'fraction'],
    ['0.000000001', 'fraction'],
    ['9007199254740992', 'too_large'],
    ['-9007199254740993', 'too_large'],
    ['1e400', 'too_large'],
    ['1e-400', 'too_large'],
    ['1'.repeat(50), 'too_large'],
  ] as const)('%s is refused as %s', (text, fault) => {
    expect(toMinor(text, 'IDR')).toEqual(err(fault));
  });

  it('IDR has no minor unit in common use, unlike ISO 4217', () => {
    expect([minorUnits('IDR'), minorUnits('USD'), minorUnits('KWD'), minorUnits('XXX')]).toEqual([0, 2, 3, 2]);
  });
});
