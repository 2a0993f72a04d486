import { describe, expect, it } from 'vitest';
import { createEarlyLooks } from '#outbox/early-look.ts';

describe('what was looked up before it was needed', () => {
  const clock = { ms: 0 };
  const looks = () => createEarlyLooks<{ readonly kind: string }, number>(100, () => clock.ms);

  it('is given once, and for the very same object', async () => {
    const early = looks();
    const key = { kind: 'cut' };
    early.begin(key, async () => 7);
    expect(await early.take({ kind: 'cut' })).toBeNull();
    expect(await early.take(key)).toBe(7);
    expect(await early.take(key)).toBeNull();
  });

  it('REL-22: is not given after a pause of the process, nor if its answer was so long in coming', async () => {
    const early = looks();
    const [paused, slow] = [{ kind: 'paused' }, { kind: 'slow' }];
    early.begin(paused, async () => 7);
    clock.ms += 100;
    expect(await early.take(paused)).toBeNull();
    early.begin(slow, async () => {
      clock.ms += 100;
      return 7;
    });
    expect(await early.take(slow)).toBeNull();
  });

  it('is looked up anew where the early look failed', async () => {
    const early = looks();
    const key = { kind: 'cut' };
    early.begin(key, () => Promise.reject(new Error('the database is away')));
    expect(await early.take(key)).toBeNull();
  });
});
