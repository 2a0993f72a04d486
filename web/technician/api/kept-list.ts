import { useCallback, useEffect } from 'react';
import { ask } from '../../app/api/ask.ts';
import type { ListOf } from '../../app/api/request.ts';
import { session } from '../../app/api/session.ts';
import { keep, readKept } from '../../app/kept/database.ts';
import { createStored, type Stored, useStored } from '../../app/kept/stored.ts';
import { news } from '../queue/sender.ts';

/** A list of the hub's as this phone last saw it. */
export type Kept<T> = {
  readonly rows: readonly T[] | null;
  readonly at: number | null;
  /** Whether the hub could not be asked, or has not answered yet. */
  readonly isStale: boolean;
  readonly isLoading: boolean;
};

export type KeptList<T> = { readonly kept: Stored<Kept<T>>; refresh(): Promise<void> };

/** A list that is shown from the phone at once, and from the hub where it can be reached. Each user's own. */
export function keptList<T>(name: string, pathOf: (userId: string) => string): KeptList<T> {
  const nothing: Kept<T> = { rows: null, at: null, isStale: true, isLoading: true };
  const kept = createStored(nothing);
  let of = '';
  async function refresh(): Promise<void> {
    const userId = session.read()?.user.id;
    if (userId === undefined) return;
    const key = `${name}:${userId}`;
    if (of !== userId) {
      of = userId;
      kept.write(nothing);
      const before = await readKept<Pick<Kept<T>, 'rows' | 'at'>>(key);
      if (before && of === userId) kept.write({ ...nothing, ...before });
    }
    const asked = Date.now();
    const outcome = await ask<ListOf<T>>('GET', pathOf(userId));
    if (of !== userId) return;
    if (outcome.is !== 'done') return kept.write({ ...kept.read(), isStale: true, isLoading: false });
    const now = { rows: outcome.body.data, at: asked };
    kept.write({ ...now, isStale: false, isLoading: false });
    await keep(key, now);
  }
  return { kept, refresh };
}

/** The list, asked for anew when it is first shown and whenever something that was sent may have changed it. */
export function useKeptList<T>({ kept, refresh }: KeptList<T>): Kept<T> & { readonly refresh: () => void } {
  const latest = useStored(news);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `latest` is why it is asked again
  useEffect(() => void refresh(), [refresh, latest]);
  return { ...useStored(kept), refresh: useCallback(() => void refresh(), [refresh]) };
}
