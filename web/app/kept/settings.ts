import { pageName } from '../page-name.ts';
import { createStored, type Stored } from './stored.ts';

const prefix = `${pageName()}.`;

/** A small choice that is there before the first paint; a value that is none of the allowed is the `usual` one. */
export function setting<T extends string>(name: string, usual: T, isOne: (value: string) => boolean): Stored<T> {
  const kept = localStorage.getItem(prefix + name);
  // `isOne` has just said so.
  const stored = createStored<T>(kept !== null && isOne(kept) ? (kept as T) : usual);
  return {
    ...stored,
    write: (value) => {
      localStorage.setItem(prefix + name, value);
      stored.write(value);
    },
  };
}
