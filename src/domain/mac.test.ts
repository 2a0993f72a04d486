import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockedMac, macLock, normalMac } from './mac.ts';

const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'));
const notation = fc.constantFrom<(address: string) => string>(
  (address) => address,
  (address) => address.toLowerCase(),
  (address) => address.replaceAll(':', '-'),
  (address) => address.replaceAll(':', '').toLowerCase(),
  (address) => address.replaceAll(':', '').replace(/(....)(....)(....)/, '$1.$2.$3'),
);

describe('the lock on a modem', () => {
  it('R3: one row lets the modem in whatever the notation, and no other modem', () => {
    fc.assert(
      fc.property(mac, mac, notation, (own, other, write) => {
        const { value } = macLock(own);
        expect(new RegExp(value).test(write(own))).toBe(true);
        expect(new RegExp(value).test(write(other))).toBe(own === other);
        expect(new RegExp(value).test(`${write(own)}0`)).toBe(false);
        expect(new RegExp(value).test(`0${write(own)}`)).toBe(false);
        expect(value.length).toBeLessThanOrEqual(253);
      }),
      { numRuns: 200 },
    );
  });

  it('R3: control: compared letter by letter the very same modem is refused in another notation', () => {
    const isSame = (locked: string, sent: string): boolean => locked === sent;
    const letterByLetter = fc.property(mac, notation, (own, write) => isSame(own, write(own)));
    expect(fc.check(letterByLetter, { numRuns: 100 }).failed).toBe(true);
  });

  it('R3: the row is read back as the MAC that it locks to, and so is a plain one; another pattern is not', () => {
    fc.assert(
      fc.property(mac, notation, (own, write) => {
        expect(lockedMac(macLock(own))).toBe(own);
        expect(lockedMac({ attribute: 'Calling-Station-Id', op: '==', value: write(own) })).toBe(normalMac(own));
      }),
      { numRuns: 100 },
    );
    for (const value of ['AA:BB:CC:DD:EE:FF', '^(AA:BB:CC:DD:EE:FF|11:22:33:44:55:66)$', '^AA']) {
      expect(lockedMac({ attribute: 'Calling-Station-Id', op: '=~', value })).toBeNull();
    }
  });
});
