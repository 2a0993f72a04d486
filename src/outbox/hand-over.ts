import { AsyncLocalStorage } from 'node:async_hooks';
import type { IntentKind } from '#domain/intents.ts';
import type { Handing } from '#outbox/append.ts';
import { type Busy, type Lane, startDispatch } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createForeseenRows } from '#outbox/foreseen-rows.ts';

/**
 * Hands intents to this process's own lanes at their birth: no claim, no wake-up. What a lane does together in a burst
 * is not handed over one by one: beyond a few it waits for a claim, of which `onLeft` is told.
 */
export function createHanding(
  dispatching: Omit<Dispatching, 'handing'>,
  lanes: ReadonlyMap<Lane, Busy>,
  onLeft: () => void,
): Handing {
  const laneOf = (kind: IntentKind) => [...lanes].find(([lane]) => lane.kinds.includes(kind));
  // What a request hands over is not the request's own work any more: its key and its precondition end with it.
  const outside = AsyncLocalStorage.snapshot();
  const rows = createForeseenRows(dispatching);
  const handing: Handing = {
    leaseMs: dispatching.leaseMs,
    moves: dispatching.stock.foreseen,
    rows: { ...rows, begin: (...one) => outside(() => rows.begin(...one)) },
    room(kind) {
      const found = laneOf(kind);
      return found ? Math.max(0, (found[0].handed ?? 0) - found[1].size) : 0;
    },
    take({ claimed, isSomeLeft }) {
      for (const one of claimed) {
        const busy = laneOf(one.intent.kind)?.[1];
        if (busy) outside(() => startDispatch({ ...dispatching, handing }, [one], busy));
      }
      if (isSomeLeft) onLeft();
    },
  };
  return handing;
}
