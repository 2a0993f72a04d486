import type { Call } from './call.ts';

/**
 * What befalls one request. `after` means: it is done, and the client does not learn of it. `late`: the client is cut off at
 * once, and what the request had meant to do, by what it had read, is done when the test says `settle`.
 */
export type Fault =
  | {
      readonly kind:
        | 'lost before'
        | 'cut after'
        | 'hangs after'
        | 'error before'
        | 'error after'
        | 'login refused'
        | 'late';
    }
  | { readonly kind: 'slow'; readonly ms: number };

/** Asked once a request, before anything else; null: it is answered as usual. */
export type Fate = (call: Pick<Call, 'method' | 'path' | 'query' | 'body'>) => Fault | null | Promise<Fault | null>;

/**
 * Where requests wait between what they have read and what they write, so that tests can let two of them meet there. Each
 * passes when `count` of them stand in it.
 */
export function meetingPoint(): { meet(count: number): void; arrive(): Promise<void> } {
  let wanted = 0;
  let waiting: (() => void)[] = [];
  return {
    meet: (count) => {
      wanted = count;
    },
    arrive: async () => {
      if (wanted === 0) return;
      const isLast = waiting.length + 1 >= wanted;
      if (!isLast) return new Promise((resolve) => waiting.push(resolve));
      const others = waiting;
      waiting = [];
      wanted = 0;
      for (const pass of others) pass();
    },
  };
}
