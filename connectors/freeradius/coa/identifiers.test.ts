import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentifiers, restMs } from './identifiers.ts';

describe('identifiers of one source port', () => {
  it('REL-15: 256 per NAS, then none until the first has rested 300 s', () => {
    let time = 0;
    const identifiers = createIdentifiers(() => time, 250);
    const taken = Array.from({ length: 256 }, () => identifiers.take('a'));
    expect(taken[0]).toBe(250);
    expect(new Set(taken).size).toBe(256);
    expect(identifiers.take('a')).toBeNull();
    identifiers.release('a', 250);
    time = restMs - 1;
    expect(identifiers.take('a')).toBeNull();
    time = restMs;
    expect(identifiers.take('a')).toBe(250);
  });

  it('another NAS has its own 256', () => {
    const identifiers = createIdentifiers(() => 0, 0);
    for (let turn = 0; turn < 256; turn += 1) identifiers.take('a');
    expect(identifiers.take('a')).toBeNull();
    expect(identifiers.take('b')).toBe(0);
  });

  it('a port is idle when nothing is in flight and all have rested', () => {
    let time = 0;
    const identifiers = createIdentifiers(() => time, 0);
    expect(identifiers.isIdle()).toBe(true);
    identifiers.take('a');
    time = 10 * restMs;
    expect(identifiers.isIdle()).toBe(false);
    identifiers.release('a', 0);
    expect(identifiers.isIdle()).toBe(false);
    time += restMs;
    expect(identifiers.isIdle()).toBe(true);
  });

  it('REL-15: in any course of requests no identifier is given out while it is in flight or resting', () => {
    const step = fc.record({ nas: fc.constantFrom('a', 'b'), waitMs: fc.nat(20_000), release: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(255), fc.array(step, { minLength: 300, maxLength: 700 }), (first, steps) => {
        let time = 0;
        const identifiers = createIdentifiers(() => time, first);
        const releasedAt = new Map<string, number>();
        for (const { nas, waitMs, release } of steps) {
          time += waitMs;
          const identifier = identifiers.take(nas);
          if (identifier === null) continue;
          const key = `${nas}${identifier}`;
          expect(time - (releasedAt.get(key) ?? -Infinity)).toBeGreaterThanOrEqual(restMs);
          releasedAt.set(key, release ? time : Infinity);
          if (release) identifiers.release(nas, identifier);
        }
      }),
      { numRuns: 100 },
    );
  });
});
