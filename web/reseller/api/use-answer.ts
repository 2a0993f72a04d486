import { useCallback, useEffect, useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import { createStored, useStored } from '../../app/kept/stored.ts';

/** What the hub answers to a question of the page; `shown` stays in sight while it is asked again. */
export type Answer<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'shown'; readonly body: T }
  | { readonly is: 'away' }
  | { readonly is: 'refused'; readonly code: string; readonly message: string };

const loading = { is: 'loading' } as const;

/** Something was done that may change what any page shows: a payment, a sale, a new customer. */
const news = createStored(0);
export const tellNews = (): void => news.write(news.read() + 1);

/** Asks when it is first shown, when the path changes, after news, and when it is told to. A late answer is dropped. */
export function useAnswer<T>(path: string): { readonly answer: Answer<T>; readonly refresh: () => void } {
  const [held, setHeld] = useState<{ readonly path: string; readonly answer: Answer<T> }>({ path, answer: loading });
  const [turn, setTurn] = useState(0);
  const latest = useStored(news);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` and `latest` are why it is asked again
  useEffect(() => {
    let isWanted = true;
    void ask<T>('GET', path).then((outcome) => {
      if (!isWanted) return;
      const answer: Answer<T> = outcome.is === 'done' ? { is: 'shown', body: outcome.body } : outcome;
      // What is in sight stays there while the hub is away.
      setHeld((was) =>
        answer.is === 'away' && was.path === path && was.answer.is === 'shown' ? was : { path, answer },
      );
    });
    return () => {
      isWanted = false;
    };
  }, [path, turn, latest]);
  return { answer: held.path === path ? held.answer : loading, refresh: useCallback(() => setTurn((n) => n + 1), []) };
}
