import type { Count, Counters } from '#platform/counters.ts';

/** Counters in memory on a clock that a test sets; `calls` is how often they were asked. */
export function clockedCounters(clock: () => number): Counters & { calls(): number } {
  const windows = new Map<string, { total: number; until: number }>();
  let calls = 0;
  const open = (key: string): { total: number; until: number } | null => {
    const window = windows.get(key);
    return window && window.until > clock() ? window : null;
  };
  const told = ({ total, until }: { total: number; until: number }): Count => ({ total, msLeft: until - clock() });
  return {
    add: async (key, points, windowSeconds) => {
      calls += 1;
      const window = open(key) ?? { total: 0, until: clock() + windowSeconds * 1_000 };
      window.total += points;
      windows.set(key, window);
      return told(window);
    },
    read: async (key) => {
      calls += 1;
      const window = open(key);
      return window && told(window);
    },
    forget: async (key) => {
      calls += 1;
      windows.delete(key);
    },
    close: async () => undefined,
    calls: () => calls,
  };
}
