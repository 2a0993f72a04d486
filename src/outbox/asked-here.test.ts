import { describe, expect, it } from 'vitest';
import { type AskedHere, createAskedHere } from './asked-here.ts';

/** Two processes that claim one operation in turn: who asks the tracker at which claim, and who waits first. */
function claims(order: readonly number[], memories: readonly AskedHere[]): readonly string[] {
  let attempts = 0;
  return order.map((process) => {
    attempts += 1;
    if (memories[process]?.('operation', attempts)) return 'asks';
    // It waits without an attempt.
    attempts -= 1;
    return 'waits';
  });
}

describe('who asked last', () => {
  it('A4: a process that goes on by itself does not wait; whoever takes over waits once, and then asks', () => {
    expect(claims([0, 0, 0], [createAskedHere(), createAskedHere()])).toEqual(['asks', 'asks', 'asks']);
    expect(claims([0, 1, 1, 1], [createAskedHere(), createAskedHere()])).toEqual(['asks', 'waits', 'asks', 'asks']);
  });

  it('A4: however often an operation goes to and fro, nobody asks right after another has asked', () => {
    const order = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1];
    const done = claims(order, [createAskedHere(), createAskedHere()]);
    expect(done).toContain('asks');
    expect(hasty(order, done)).toEqual([]);
  });

  it('control: whoever remembers only that it has met the operation asks right after another has asked', () => {
    const met = (): AskedHere => {
      const known = new Set<string>();
      return (id, attempts) => attempts === 1 || known.has(id) || !known.add(id);
    };
    const order = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1];
    expect(hasty(order, claims(order, [met(), met()])).length).toBeGreaterThan(0);
  });
});

/** Claims at which a process asked although another had asked since it was here last. */
function hasty(order: readonly number[], done: readonly string[]): readonly number[] {
  return order.flatMap((process, no) => {
    if (done[no] !== 'asks') return [];
    const lastHere = order.lastIndexOf(process, no - 1);
    const asked = order.some((other, n) => other !== process && n < no && n > lastHere && done[n] === 'asks');
    return asked && no > 0 ? [no] : [];
  });
}
