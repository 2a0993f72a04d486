import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MasterKeys, soleKey } from '#platform/master-keys.ts';
import { keyIdIn, keyIdOf } from '#platform/sealing.ts';
import { createVault } from '#platform/secrets.ts';

const master = randomBytes(32);
const vault = createVault(master);
const [alpha, beta] = ['a', 'b'].map((c) => `${c.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const alphaKey = vault.newDataKey(alpha);
const alphas = vault.tenant(alpha, alphaKey);
const betas = vault.tenant(beta, vault.newDataKey(beta));

const name = fc.string({ minLength: 1, maxLength: 20 });
const place = fc.record({ table: name, column: name, row: name });
const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

const rotated = (keys: MasterKeys): MasterKeys => ({
  current: randomBytes(32),
  former: [keys.current, ...keys.former],
  derivation: keys.derivation,
});

describe('sealed values', () => {
  it('SEC-21: open in their place and nowhere else: not in another row, column, table or tenant', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), place, place, (plain, here, there) => {
        const sealed = alphas.seal(plain, here);
        expect(alphas.open(sealed, here)).toBe(Buffer.from(plain).toString());
        expect(() => betas.open(sealed, here)).toThrow();
        if (!same(here, there)) expect(() => alphas.open(sealed, there)).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('SEC-21: another tenant’s data key is of no use to a tenant, nor are its values under the same key bytes', () => {
    expect(() => vault.tenant(beta, alphaKey)).toThrow();
    const here = { table: 't', column: 'c', row: 'r' };
    expect(() => vault.installation.open(alphas.seal('x', here), here)).toThrow(/another key/);
  });

  it('SEC-21: no flipped bit of nonce, text or tag opens', () => {
    const here = { table: 't', column: 'c', row: 'r' };
    const sealed = alphas.seal('a secret of some length', here);
    const [v, id, ...parts] = sealed.split(':');
    const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
    let flips = 0;
    for (const [p, part] of bytes.entries()) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        const broken = bytes.map((one) => Buffer.from(one));
        const target = broken[p];
        if (target) target[bit >> 3] = (target[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const text = [v, id, ...broken.map((one) => one.toString('base64url'))].join(':');
        expect(() => alphas.open(text, here)).toThrow();
        flips += 1;
      }
    }
    expect(flips).toBeGreaterThan(300);
  });

  it.each(['', 'v1', 'v1:', 'v2:aaaa:b:c:d', 'plain text', 'v1:00000000:::', 'v1:00000000:a:b'])(
    'what is no sealed value does not open: %j',
    (text) => {
      expect(() => alphas.open(text, { table: 't', column: 'c', row: 'r' })).toThrow();
    },
  );

  it('two sealings of one value differ, its blind index does not, and is another in another column or tenant', () => {
    const here = { table: 't', column: 'c', row: 'r' };
    expect(alphas.seal('3171', here)).not.toBe(alphas.seal('3171', here));
    const index = alphas.blindIndex('3171', 'customers.national_id');
    expect(alphas.blindIndex('3171', 'customers.national_id')).toEqual(index);
    expect(alphas.blindIndex('3171', 'another')).not.toEqual(index);
    expect(betas.blindIndex('3171', 'customers.national_id')).not.toEqual(index);
  });
});

describe('changing the master key', () => {
  const before = soleKey(master);
  const after = rotated(before);
  const here = { table: 't', column: 'c', row: 'r' };

  it('SEC-21: what was sealed before opens, what is sealed now is under the new key', () => {
    const changed = createVault(after);
    expect(changed.tenant(alpha, alphaKey).open(alphas.seal('x', here), here)).toBe('x');
    expect(changed.installation.open(vault.installation.seal('y', here), here)).toBe('y');
    expect(keyIdIn(changed.newDataKey(alpha))).toBe(keyIdOf(after.current));
    expect(keyIdIn(changed.installation.seal('y', here))).toBe(keyIdOf(after.current));
  });

  it('a rewrapped data key is the same one, and needs the former master key no more', () => {
    const anew = createVault(after).rewrap(alpha, alphaKey);
    const alone = createVault({ ...after, former: [] });
    expect(alone.tenant(alpha, anew).open(alphas.seal('x', here), here)).toBe('x');
    expect(() => alone.tenant(alpha, alphaKey)).toThrow(/another key/);
    expect(() => alone.tenant(beta, anew)).toThrow();
  });

  it('what is derived stays the same through all changes', () => {
    const twice = rotated(after);
    const derived = vault.derive('links');
    expect(createVault(after).derive('links')).toEqual(derived);
    expect(createVault({ ...twice, former: [] }).derive('links')).toEqual(derived);
    expect(vault.derive('other')).not.toEqual(derived);
  });

  it('a running process learns of the new key when it meets it, and seals with no key that the file has lost', () => {
    let file = before;
    const running = createVault(before, () => file);
    file = rotated(before);
    const anew = createVault(file).rewrap(alpha, alphaKey);
    expect(running.tenant(alpha, anew).open(alphas.seal('x', here), here)).toBe('x');
    const idle = createVault(before, () => file);
    file = { ...rotated(file), former: [] };
    expect(keyIdIn(idle.newDataKey(beta))).toBe(keyIdOf(file.current));
    expect(keyIdIn(idle.installation.seal('y', here))).toBe(keyIdOf(file.current));
  });
});
