import { describe, expect, it } from 'vitest';
import { createHints } from './hints.ts';

const bill = (n: number, tenantId = 'a') => ({ tenantId, doctype: 'Sales Invoice', name: `INV-${n}` });

describe('hints', () => {
  it('a hint is given once, to whoever looks at that document of that tenant', () => {
    const hints = createHints();
    hints.note(bill(1), 'Budi');
    expect(hints.take(bill(1, 'b'))).toBeNull();
    expect(hints.take(bill(2))).toBeNull();
    expect(hints.take(bill(1))).toBe('Budi');
    expect(hints.take(bill(1))).toBeNull();
  });

  it('a thousand are kept at most, the newest', () => {
    const hints = createHints();
    for (let n = 0; n < 1_500; n++) hints.note(bill(n), 'Budi');
    const kept = Array.from({ length: 1_500 }, (_, n) => hints.take(bill(n))).map((hint) => hint !== null);
    expect(kept.filter(Boolean)).toHaveLength(1_000);
    expect(kept.slice(500)).not.toContain(false);
  });
});
