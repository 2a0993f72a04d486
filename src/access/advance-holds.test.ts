import { describe, expect, it } from 'vitest';
import { nextStep, type Tally } from './advance-holds.ts';

const none: Tally = { held: 0, released: 0, cut: 0, spared: 0, unwritten: 0, dead: 0, deaf: 0 };
const releasing = (wave: number) => ({ state: 'releasing' as const, wave });

describe('a release from the safety brake', () => {
  it('X3: goes on in waves of 1, 10, 100, then all the rest', () => {
    const lines = [0, 1, 2, 3, 4].map((wave) => nextStep(releasing(wave), { ...none, held: 5_000 }));
    expect(lines).toEqual([1, 10, 100, 5_000, 5_000].map((count) => ({ kind: 'wave', lines: count })));
  });

  it('X3: waits until the wave before was decided about and written', () => {
    expect(nextStep(releasing(1), { ...none, held: 9, released: 1 })).toEqual({ kind: 'wait' });
    expect(nextStep(releasing(1), { ...none, held: 9, cut: 1, unwritten: 1 })).toEqual({ kind: 'wait' });
  });

  it('X3: stops where a line could not be written, routers are silent, or lines owe nothing', () => {
    const sick = [{ dead: 1 }, { deaf: 2 }, { spared: 2 }];
    for (const one of sick) {
      expect(nextStep(releasing(2), { ...none, held: 9, cut: 10, ...one }).kind, JSON.stringify(one)).toBe('stop');
    }
    expect(nextStep(releasing(2), { ...none, held: 9, cut: 10, spared: 1, deaf: 1 }).kind).toBe('wave');
  });

  it('B8: a hold waits for a person, and ends when nobody waits in it', () => {
    const waiting = { state: 'waiting' as const, wave: 0 };
    expect(nextStep(waiting, { ...none, held: 1 })).toEqual({ kind: 'wait' });
    expect(nextStep(waiting, { ...none, spared: 3 })).toEqual({ kind: 'end', state: 'lapsed' });
    expect(nextStep(releasing(4), { ...none, cut: 9 })).toEqual({ kind: 'end', state: 'released' });
  });
});
