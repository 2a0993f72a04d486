import type { Counters } from '#platform/counters.ts';
import { tooMany } from '#platform/limits.ts';

/** Slows down whoever guesses at something that is found by a code alone, over all processes. */
export type Guesses = {
  /** Runs `check` where `key` has wrong ones left, else throws RATE_LIMIT. What `isWrong` says of a throw counts. */
  tried<T>(key: string, check: () => Promise<T>, isWrong: (error: unknown) => boolean): Promise<T>;
};

/**
 * At most `wrong` wrong ones of a key in a window. Right ones cost nothing, so that a counter that redeems all day is
 * never stopped. Those that are on their way at once are not counted yet: by so many the limit may be passed, which the
 * callers' own limit bounds.
 */
export function createGuesses(
  counters: Counters,
  { name, wrong, windowSeconds }: { readonly name: string; readonly wrong: number; readonly windowSeconds: number },
): Guesses {
  return {
    tried: async (key, check, isWrong) => {
      const place = `${name}:${key}`;
      const counted = await counters.read(place);
      if (counted && counted.total >= wrong)
        throw tooMany('Too many wrong codes. Wait before the next one.', counted.msLeft);
      try {
        return await check();
      } catch (error) {
        if (isWrong(error)) await counters.add(place, 1, windowSeconds);
        throw error;
      }
    },
  };
}
