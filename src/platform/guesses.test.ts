import { describe, expect, it } from 'vitest';
import { createMemoryCounters } from './counters.ts';
import { createGuesses } from './guesses.ts';
import { Refusal } from './refusal.ts';

const isWrong = (error: unknown): boolean => error instanceof Error && error.message === 'wrong';
const guess = async (): Promise<never> => {
  throw new Error('wrong');
};
const faulty = async (): Promise<never> => {
  throw new Error('the database is away');
};
const newGuesses = () => createGuesses(createMemoryCounters(), { name: 'code', wrong: 3, windowSeconds: 60 });

describe('guesses at a code', () => {
  it('R4: after so many wrong ones even a right one has to wait, and is not looked at', async () => {
    const guesses = newGuesses();
    for (let n = 0; n < 3; n++) await expect(guesses.tried('a', guess, isWrong)).rejects.toThrow('wrong');
    let looked = false;
    const right = async (): Promise<void> => {
      looked = true;
    };
    const refusal = await guesses.tried('a', right, isWrong).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'RATE_LIMIT', details: { retry_after: expect.any(Number) } });
    expect(looked).toBe(false);
  });

  it('right ones, faults, and the wrong ones of others cost nothing', async () => {
    const guesses = newGuesses();
    for (let n = 0; n < 10; n++) {
      expect(await guesses.tried('a', async () => 'taken', isWrong)).toBe('taken');
      await expect(guesses.tried('a', faulty, isWrong)).rejects.toThrow('away');
      await expect(guesses.tried(`other ${n}`, guess, isWrong)).rejects.toThrow('wrong');
    }
    expect(await guesses.tried('a', async () => 'taken', isWrong)).toBe('taken');
  });
});
