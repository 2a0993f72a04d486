import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

function rig(threshold = 3, coolDownMs = 1000) {
  const clock = { ms: 0 };
  return { clock, breaker: createBreaker({ threshold, coolDownMs, now: () => clock.ms }) };
}

describe('B10: circuit breaker', () => {
  it('opens after the threshold of failures in a row and says how long it refuses', () => {
    const { breaker, clock } = rig();
    for (const expected of ['closed', 'closed', 'open']) {
      expect(breaker.admit()).toBeNull();
      breaker.failed();
      expect(breaker.state()).toBe(expected);
    }
    clock.ms = 400;
    expect(breaker.admit()).toBe(600);
  });

  it('a success in between starts the count anew', () => {
    const { breaker } = rig(2);
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    expect(breaker.state()).toBe('closed');
  });

  it('after the cool-down exactly one call tries; its success closes, its failure opens again', () => {
    const { breaker, clock } = rig(1);
    breaker.failed();
    clock.ms = 1000;
    expect(breaker.state()).toBe('half-open');
    expect(breaker.admit()).toBeNull();
    expect(breaker.admit()).toBe(1000);
    breaker.failed();
    expect(breaker.state()).toBe('open');
    clock.ms = 2000;
    expect(breaker.admit()).toBeNull();
    breaker.succeeded();
    expect(breaker.state()).toBe('closed');
    expect([breaker.admit(), breaker.admit()]).toEqual([null, null]);
  });

  it('a trial that is never reported does not block for ever', () => {
    const { breaker, clock } = rig(1);
    breaker.failed();
    clock.ms = 1000;
    expect(breaker.admit()).toBeNull();
    clock.ms = 2000;
    expect(breaker.admit()).toBeNull();
  });

  it('calls that were under way when it opened do not push the trial further away', () => {
    const { breaker, clock } = rig(1);
    breaker.failed();
    clock.ms = 900;
    breaker.failed();
    expect(breaker.admit()).toBe(100);
  });

  it('any story of failures and waiting lets at most one call per cool-down through while the target is down', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { minLength: 1, maxLength: 50 }), (waits) => {
        const { breaker, clock } = rig(1);
        breaker.failed();
        let lastAdmitted = 0;
        for (const wait of waits) {
          clock.ms += wait;
          if (breaker.admit() !== null) continue;
          expect(clock.ms - lastAdmitted).toBeGreaterThanOrEqual(1000);
          lastAdmitted = clock.ms;
          breaker.failed();
        }
      }),
      { numRuns: 300 },
    );
  });
});
