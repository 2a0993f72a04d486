import type { Applied } from './port.ts';

export type FakeFences = {
  /** Whether this generation would be written. */
  admits(name: string, generation: bigint): boolean;
  /** The fence as if nobody had ever written behind it. */
  forget(name: string): void;
  /** Law 2 in memory: `write` runs unless a newer generation was there first, or nothing differs. */
  apply(
    name: string,
    generation: bigint,
    before: readonly string[],
    after: readonly string[],
    write: () => void,
  ): Applied;
};

const differing = (rows: readonly string[], others: readonly string[]): number =>
  rows.filter((row) => !others.includes(row)).length;

/** The fences of the enforcer in memory. */
export function createFakeFences(now: () => Date): FakeFences {
  const fences = new Map<string, { readonly generation: bigint; readonly appliedAt: Date }>();
  const admits = (name: string, generation: bigint) => (fences.get(name)?.generation ?? -1n) <= generation;
  return {
    admits,
    forget: (name) => {
      fences.delete(name);
    },
    apply: (name, generation, before, after, write) => {
      const fence = fences.get(name);
      if (!admits(name, generation)) {
        return { outcome: 'superseded', rowsChanged: 0, appliedAt: fence?.appliedAt ?? now() };
      }
      const rowsChanged = Math.max(differing(after, before), differing(before, after));
      const appliedAt = rowsChanged > 0 || !fence ? now() : fence.appliedAt;
      fences.set(name, { generation, appliedAt });
      write();
      return { outcome: rowsChanged > 0 ? 'written' : 'unchanged', rowsChanged, appliedAt };
    },
  };
}
