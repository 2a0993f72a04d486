/** What is made once for a tenant and kept while its settings stay as they are. */
export type PerTenant<T> = {
  get(tenantId: string): Promise<T>;
  forget(tenantId: string): void;
  close(): Promise<void>;
};

/** Another process may have changed the settings: so often it is asked whether it has. */
const checkedMs = 5_000;
/** Whoever is using what was replaced has ended by then. */
const closeAfterMs = 60_000;

type Kept<T> = { checkedAt: number; readonly version: string; readonly value: Promise<T> };

async function close(value: unknown): Promise<void> {
  if (typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function')
    await value.close();
}

/** Keeps `make`'s answers while `versionOf` says the same; what failed is made again at the next call. */
export function createPerTenant<T>(
  versionOf: (tenantId: string) => Promise<string>,
  make: (tenantId: string) => Promise<T>,
): PerTenant<T> {
  const kept = new Map<string, Kept<T>>();
  const retired = new Set<Promise<T>>();

  function retire(tenantId: string): void {
    const old = kept.get(tenantId);
    if (!old) return;
    kept.delete(tenantId);
    retired.add(old.value);
    setTimeout(() => {
      retired.delete(old.value);
      // A value that could not be made needs no closing; its maker has told why.
      old.value.then(close, () => undefined);
    }, closeAfterMs).unref();
  }

  return {
    async get(tenantId) {
      const known = kept.get(tenantId);
      if (known && performance.now() - known.checkedAt < checkedMs) return known.value;
      const version = await versionOf(tenantId);
      const still = kept.get(tenantId);
      if (still?.version === version) {
        still.checkedAt = performance.now();
        return still.value;
      }
      retire(tenantId);
      const value = make(tenantId);
      kept.set(tenantId, { checkedAt: performance.now(), version, value });
      value.catch(() => kept.delete(tenantId));
      return value;
    },
    forget: retire,
    async close() {
      const values = await Promise.allSettled([...retired, ...[...kept.values()].map(({ value }) => value)]);
      await Promise.all(values.map((one) => (one.status === 'fulfilled' ? close(one.value) : undefined)));
    },
  };
}
