import { beforeAll, describe, expect, it } from 'vitest';
import { createKeyRing } from './key-ring.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';
import type { KeptKey } from './signing-keys.ts';

let first: SigningKey;
let second: SigningKey;
beforeAll(async () => {
  [first, second] = await Promise.all([makeSigningKey(), makeSigningKey()]);
});

/** A ring over `kept`, which a test changes as another process would. */
function ringOver(kept: KeptKey[]) {
  const time = { now: 0 };
  const reads = { count: 0, fails: false };
  const ring = createKeyRing(
    async () => {
      reads.count += 1;
      if (reads.fails) throw new Error('the bridge is away');
      return [...kept];
    },
    () => time.now,
  );
  return { ring, time, reads };
}
const current = (key: SigningKey): KeptKey => ({ key, madeAt: 0, retiredAt: null });

describe('the ring of signing keys', () => {
  it('is read once for many who ask at once, and not again within a minute', async () => {
    const { ring, reads, time } = ringOver([current(first)]);
    await Promise.all(Array.from({ length: 20 }, () => ring.current()));
    time.now = 59_000;
    expect((await ring.current()).id).toBe(first.id);
    expect(reads.count).toBe(1);
  });

  it("I1: another process's new key verifies at once and signs within a minute; the previous one goes on verifying", async () => {
    const kept = [current(first)];
    const { ring, time } = ringOver(kept);
    await ring.current();
    kept.splice(0, 1, current(second), { key: first, madeAt: 0, retiredAt: 1 });
    time.now = 2_000;
    expect((await ring.find(second.id))?.id).toBe(second.id);
    time.now = 61_000;
    expect((await ring.current()).id).toBe(second.id);
    expect((await ring.find(first.id))?.id).toBe(first.id);
    expect((await ring.published()).map(({ kid }) => kid)).toEqual([second.id, first.id]);
  });

  it('looks again for an unknown id at most once a second, however many are made up', async () => {
    const { ring, reads, time } = ringOver([current(first)]);
    await ring.current();
    time.now = 1_500;
    for (let n = 0; n < 100; n++) expect(await ring.find(`made up ${n}`)).toBeNull();
    expect(reads.count).toBe(2);
  });

  it('goes on with what it has while the bridge is away', async () => {
    const { ring, reads, time } = ringOver([current(first)]);
    await ring.current();
    reads.fails = true;
    time.now = 120_000;
    expect((await ring.current()).id).toBe(first.id);
    expect(await ring.find('unknown')).toBeNull();
  });

  it('publishes no private part of a key', async () => {
    const { ring } = ringOver([current(first)]);
    for (const key of await ring.published())
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});
