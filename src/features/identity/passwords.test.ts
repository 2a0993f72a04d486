import { parseOptions } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';
import { guessablePasswords } from './guessable-passwords.ts';
import { createPasswords } from './passwords.ts';
import { NewUser } from './schema.ts';

const cheap = createPasswords(4);
const isRefused = (password: string): boolean =>
  !NewUser.safeParse({ email: 'a@b.example', name: 'A', role: 'admin', password }).success;

describe('passwords', () => {
  it('I2: are kept as bcrypt of cost 12', async () => {
    const hashed = await createPasswords().hash('correct horse');
    expect(parseOptions(hashed).cost).toBe(12);
  });

  it('match themselves and nothing else', async () => {
    const hashed = await cheap.hash('correct horse');
    expect(await cheap.matches('correct horse', hashed)).toBe(true);
    expect(await cheap.matches('correct horsf', hashed)).toBe(false);
    expect(await cheap.matches('', hashed)).toBe(false);
  });

  it('SEC-10: for an unknown user no password matches, not even the one that is hashed in its stead', async () => {
    expect(await cheap.matches('nobody has this password', null)).toBe(false);
    expect(await cheap.matches('correct horse', null)).toBe(false);
  });

  it('SEC-9: shorter than 8 characters, longer than 72 bytes or with a NUL is refused, never cut', async () => {
    expect(isRefused('xkcd936')).toBe(true);
    expect(isRefused('xkcd9361')).toBe(false);
    expect(isRefused('x'.repeat(72))).toBe(false);
    expect(isRefused('x'.repeat(73))).toBe(true);
    expect(isRefused('é'.repeat(37))).toBe(true);
    expect(isRefused('correct\0horse')).toBe(true);
    await expect(cheap.hash('x'.repeat(73))).rejects.toThrow();
    const longest = await cheap.hash('x'.repeat(72));
    expect(await cheap.matches('x'.repeat(72), longest)).toBe(true);
    expect(await cheap.matches(`${'x'.repeat(72)}y`, longest)).toBe(false);
  });

  it('SEC-9: what guessers try first is refused, in any case; what only begins like it is not', () => {
    const common = [
      'password',
      'Password123',
      '12345678',
      '1q2w3e4r',
      'QWERTYUIOP',
      'iloveyou',
      'rahasia123',
      'bismillah',
    ];
    expect(common.filter((password) => !isRefused(password))).toEqual([]);
    const own = ['password of my dog', 'rahasia kami berdua', 'correct horse', '12345678 monkeys'];
    expect(own.filter(isRefused)).toEqual([]);
    expect(guessablePasswords).toBeGreaterThan(3_000);
  });

  it('at most two are hashed at once, and a flood is turned away with 503 instead of piling up', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 150 }, () => cheap.hash('correct horse')));
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(48);
    expect(refused[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    expect(await cheap.hash('afterwards')).toMatch(/^\$2/);
  });
});
