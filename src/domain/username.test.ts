import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUsername, usernameProposal } from './username.ts';

const characters = fc.constantFrom(
  ...'aAbBzZ09@._-',
  ' ',
  '\t',
  '\u0000',
  'á',
  'ı',
  'İ',
  'ｋ',
  '\u212a',
  'ß',
  '\u00a0',
  '😀',
  "'",
);
const text = fc.string({ unit: characters, maxLength: 40 });

/** A name and another one that people would take for it. */
const alike = fc
  .tuple(text, fc.constantFrom('upper', 'blanks', 'same'))
  .map(
    ([name, how]) => [name, how === 'upper' ? name.toUpperCase() : how === 'blanks' ? `  ${name}\t` : name] as const,
  );
const pair = fc.oneof(alike, fc.tuple(text, text));

describe('the canonical username', () => {
  it('SEC-5: of 10,000 pairs of names two are one exactly if they differ in case and outer blanks only', () => {
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const [a, b] = [canonicalUsername(one), canonicalUsername(two)];
        for (const canonical of [a, b]) {
          if (!canonical.ok) continue;
          expect(canonical.value).toMatch(/^[a-z0-9@._-]{1,32}$/);
          expect(canonicalUsername(canonical.value)).toEqual(canonical);
        }
        if (!a.ok || !b.ok) return;
        expect(a.value === b.value).toBe(one.trim().toLowerCase() === two.trim().toLowerCase());
      }),
      { numRuns: 10_000 },
    );
  });

  it('SEC-5: what only looks like a letter, ends early, or is too long is no username', () => {
    for (const name of ['\u212aelvin', 'bud\u0131', 'budi\u0000', 'búdi', 'ｂudi', 'x'.repeat(33), '', ' \t ']) {
      expect(canonicalUsername(name).ok, JSON.stringify(name)).toBe(false);
    }
  });

  it('C7: the proposal for a taken name is of the tenant’s own', () => {
    expect(usernameProposal(' Budi@alpha ', 'beta')).toBe('budi@beta');
  });
});
