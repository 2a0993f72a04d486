import { hash, verify } from '@node-rs/bcrypt';
import { Refusal } from '#platform/refusal.ts';

export type Passwords = {
  hash(plain: string): Promise<string>;
  /** Null where there is no such user: takes as long as a wrong password, and is one. */
  matches(plain: string, hashed: string | null): Promise<boolean>;
};

/** Hashing keeps a core busy for a fifth of a second: two at a time leave the others to everybody else. */
const atOnce = 2;
const mayWait = 100;

/** What bcrypt reads of a password. */
export const mostBytes = 72;

/** Runs at most `atOnce` pieces of work; more than `mayWait` waiting ones are turned away. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (waiting.length >= mayWait)
      throw new Refusal('UNAVAILABLE', 'Too many are logging in at once. Try again shortly.');
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** bcrypt of at most 72 bytes, cost 12 (spec I2); tests ask for less. */
export function createPasswords(cost = 12): Passwords {
  const inTurn = createTurns();
  const options = { cost, rejectLongPasswords: true };
  const nobody = hash('nobody has this password', options);
  return {
    hash: (plain) => inTurn(() => hash(plain, options)),
    matches: async (plain, hashed) => {
      const against = hashed ?? (await nobody);
      const isSame = await inTurn(() => verify(plain, against));
      // Verifying reads the first 72 bytes only; what is longer was never a password here.
      return isSame && hashed !== null && Buffer.byteLength(plain) <= mostBytes;
    },
  };
}
