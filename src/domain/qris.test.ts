import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQris } from './qris.ts';

/** As a merchant in Indonesia has one, but for its check sum. */
const body = '00020101021126360014ID.CO.QRIS.WWW0215ID10200123456785204481453033605802ID5908SATU NET6007JAKARTA6304';

/** The remainder of the polynomial division that CRC-16/CCITT-FALSE is, all at once. */
function remainder(text: string): string {
  let rest = (BigInt(`0x${Buffer.from(text).toString('hex')}`) ^ (0xffffn << BigInt(8 * (text.length - 2)))) << 16n;
  for (let bit = 8 * text.length + 15; bit >= 16; bit -= 1)
    if ((rest >> BigInt(bit)) & 1n) rest ^= 0x11021n << BigInt(bit - 16);
  return rest.toString(16).toUpperCase().padStart(4, '0');
}
const whole = body + remainder(body);

describe('QRIS as text', () => {
  it('is known by its check sum, that of EMV', () => {
    expect(remainder('123456789')).toBe('29B1');
    expect(isQris(whole)).toBe(true);
    expect(isQris(body)).toBe(false);
    expect(isQris(`${whole}0`)).toBe(false);
  });

  it('no mistyped character is taken', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, code) => {
        const typed = whole.slice(0, at) + String.fromCharCode(code) + whole.slice(at + 1);
        expect(isQris(typed)).toBe(typed === whole || (at >= whole.length - 4 && typed.toUpperCase() === whole));
      }),
      { numRuns: 500 },
    );
  });
});
