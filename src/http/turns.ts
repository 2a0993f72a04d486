/** One request's turn: `begin` waits until it has come, at once where it has; `end` gives it to the next. */
type Turn = { readonly begin: () => Promise<void>; readonly end: () => void };

/** Lets `most` have their turn at a time, in the order in which they begin to wait. */
export function createTurns(most: number): { take(): Turn } {
  const waiting: (() => void)[] = [];
  let free = most;

  const come = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const pass = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };

  return {
    take() {
      let mine: Promise<void> | null = null;
      return {
        begin: () => {
          mine ??= come();
          return mine;
        },
        end: () => {
          // One that still waits is passed on once it comes.
          mine?.then(pass, pass);
        },
      };
    },
  };
}
