import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordFault, passwordFrom } from './password.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);

describe('passwords', () => {
  it('C7: a password has 8 letters and digits, none of which looks like another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        const password = passwordFrom(bytes);
        if (password !== null) expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{8}$/);
      }),
      { numRuns: 200 },
    );
  });

  it('C7: no character is likelier than another', () => {
    const counts = new Map<string, number>();
    for (const byte of everyByte) {
      const first = passwordFrom(new Uint8Array(8).fill(byte))?.[0];
      if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect(counts.size).toBe(57);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('asks for more bytes rather than answering a short password', () => {
    expect(passwordFrom(new Uint8Array(7))).toBeNull();
    expect(passwordFrom(new Uint8Array(64).fill(255))).toBeNull();
  });

  it('refuses a chosen password that FreeRADIUS would run, take apart or not carry', () => {
    expect(['`reboot`', '"a"', "'a'"].map(passwordFault)).toEqual(['quote', 'quote', 'quote']);
    expect(['', 'x'.repeat(129), 'é'.repeat(65)].map(passwordFault)).toEqual(['length', 'length', 'length']);
    expect(['sandi\u0000', 'a\nb', '\ud800'].map(passwordFault)).toEqual(['character', 'character', 'character']);
    expect(['Ab3dEf7h', 'p@$%w^rd', 'kata sandí'].map(passwordFault)).toEqual([null, null, null]);
  });
});
