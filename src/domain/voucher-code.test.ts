import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedCode, typedCode, voucherAlphabet, voucherSecret, voucherSymbols } from './voucher-code.ts';

const random = fc.uint8Array({ minLength: voucherSymbols, maxLength: voucherSymbols });
const prefix = fc.stringMatching(/^[A-Z0-9]{0,8}$/);
const secret = random.map(voucherSecret);
const other = (letter: string, by: number): string =>
  voucherAlphabet[(voucherAlphabet.indexOf(letter) + by) % voucherAlphabet.length] ?? '';

describe('the code of a voucher', () => {
  it('R4: holds sixty bits at least, in letters that nobody takes for one another', () => {
    expect(new Set(voucherAlphabet).size).toBe(32);
    expect(voucherAlphabet).not.toMatch(/[01IOa-z]/);
    expect(voucherSymbols * Math.log2(voucherAlphabet.length)).toBeGreaterThanOrEqual(60);
  });

  it('R4: each bit of the randomness that it takes is in it', () => {
    fc.assert(
      fc.property(random, fc.nat(voucherSymbols - 1), fc.nat(4), (bytes, place, bit) => {
        const flipped = bytes.map((byte, i) => (i === place ? byte ^ (1 << bit) : byte));
        expect(voucherSecret(flipped)).not.toBe(voucherSecret(bytes));
      }),
    );
  });

  it('is read back as it was printed, in any case and with anything between', () => {
    fc.assert(
      fc.property(prefix, secret, fc.constantFrom('', ' ', '-', ' - ', '.'), (name, hidden, between) => {
        const printed = printedCode(name, hidden);
        expect(typedCode(printed)).toEqual({ prefix: name, secret: hidden });
        expect(typedCode(` ${printed.toLowerCase().replaceAll('-', between)} `)).toEqual({
          prefix: name,
          secret: hidden,
        });
      }),
    );
  });

  it('is not taken with one letter mistyped', () => {
    fc.assert(
      fc.property(secret, fc.nat(voucherSymbols), fc.integer({ min: 1, max: 31 }), (hidden, place, by) => {
        const letters = [...hidden];
        letters[place] = other(letters[place] ?? '', by);
        expect(typedCode(letters.join(''))).toBeNull();
      }),
    );
  });

  it('is not taken with two letters that changed places', () => {
    fc.assert(
      fc.property(secret, fc.nat(voucherSymbols), fc.nat(voucherSymbols), (hidden, one, two) => {
        const letters = [...hidden];
        [letters[one], letters[two]] = [letters[two] ?? '', letters[one] ?? ''];
        fc.pre(letters.join('') !== hidden);
        expect(typedCode(letters.join(''))).toBeNull();
      }),
    );
  });

  it('is none where text holds none', () => {
    for (const text of ['', '-', 'KCB', '2345', '０123456789ABC', "' or 1=1 --", '2'.repeat(12)])
      expect(typedCode(text), text).toBeNull();
  });
});
