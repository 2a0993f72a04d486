/**
 * One limit for many waits, with one timer: they end in the order in which they began. `end` is called for a wait that
 * was not over in time; what `begin` answers says that it is over.
 */
export function createDeadlines(ms: number): { begin(end: () => void): () => void } {
  const waits = new Set<{ readonly until: number; readonly end: () => void }>();
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    const now = performance.now();
    for (const wait of waits) {
      if (wait.until > now) {
        timer = setTimeout(look, Math.ceil(wait.until - now)).unref();
        return;
      }
      waits.delete(wait);
      wait.end();
    }
  }

  return {
    begin(end) {
      const wait = { until: performance.now() + ms, end };
      waits.add(wait);
      if (timer === null) timer = setTimeout(look, ms).unref();
      return () => waits.delete(wait);
    },
  };
}
