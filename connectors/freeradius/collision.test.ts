import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUsername } from '#domain/username.ts';

const base = fc.stringMatching(/^[a-z0-9@._-]{1,34}$/);
const disguise = fc.constantFrom(
  (name: string) => name,
  (name: string) => name.toUpperCase(),
  (name: string) => ` ${name}\t`,
  (name: string) => `${name}\u00a0`,
  (name: string) => `${name}\u0000`,
  (name: string) => `${name}\u200b`,
  (name: string) => name.replace('k', '\u212a'),
  (name: string) => name.replace('a', '\u0430'),
  (name: string) => name.replace('o', '\u00f6'),
  (name: string) => name.replace(/^./, (first) => String.fromCodePoint((first.codePointAt(0) ?? 0) + 0xfee0)),
  (name: string) => `${name}${'x'.repeat(64)}`,
);

/** As a database compares that folds case, accents and outer blanks: the widest equality that any RADIUS table has. */
const folded = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();

describe('usernames in one RADIUS database', () => {
  it('SEC-5: of 10,000 pairs none stands for two users yet looks like one to the database', () => {
    fc.assert(
      fc.property(base, fc.option(base), disguise, disguise, (first, second, one, other) => {
        const a = canonicalUsername(one(first));
        const b = canonicalUsername(other(second ?? first));
        if (!a.ok || !b.ok) return;
        if (folded(a.value) === folded(b.value)) expect(a.value).toBe(b.value);
        expect(folded(a.value)).toBe(a.value);
        expect(a.value.length).toBeLessThanOrEqual(32);
      }),
      { numRuns: 10_000 },
    );
  });

  it('SEC-5: a name in canonical form is its own canonical form', () => {
    fc.assert(
      fc.property(base, disguise, (name, change) => {
        const first = canonicalUsername(change(name));
        if (first.ok) expect(canonicalUsername(first.value)).toEqual(first);
      }),
      { numRuns: 1_000 },
    );
  });
});
