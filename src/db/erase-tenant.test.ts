import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenFirst } from './erase-tenant.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** References without a circle: only from a later name to an earlier one. */
const edges = fc
  .array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 12 })
  .map((pairs) => pairs.map(([x, y]) => ({ child: names[Math.max(x, y)] ?? '', parent: names[Math.min(x, y)] ?? '' })));

describe('the order in which a tenant’s tables are emptied', () => {
  it('T4: whatever refers to another table comes before it, and each table comes once', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), edges, (tables, references) => {
        const ordered = childrenFirst(tables, references);
        expect([...ordered].sort()).toEqual(names);
        for (const { child, parent } of references) {
          if (child !== parent) expect(ordered.indexOf(child)).toBeLessThan(ordered.indexOf(parent));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('T4: a circle of references is told, not walked for ever', () => {
    const circle = [
      { child: 'a', parent: 'b' },
      { child: 'b', parent: 'a' },
    ];
    expect(() => childrenFirst(['a', 'b', 'c'], circle)).toThrow('in a circle: a, b');
  });
});
