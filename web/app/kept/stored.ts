import { useSyncExternalStore } from 'react';

/** A value that the whole page sees, and who is told of its changes. */
export type Stored<T> = {
  read(): T;
  write(value: T): void;
  subscribe(listener: () => void): () => void;
};

export function createStored<T>(initial: T): Stored<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    read: () => value,
    write: (next) => {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStored = <T>(stored: Stored<T>): T => useSyncExternalStore(stored.subscribe, stored.read);
