import { useMemo } from 'react';
import { session } from '../../app/api/session.ts';
import { useStored } from '../../app/kept/stored.ts';
import type { Item } from './item.ts';
import { queue } from './queue.ts';

/** What whoever is logged in did on this phone; another's deeds wait for their own login, and are nobody else's business. */
export function useMyQueue(): readonly Item[] {
  const items = useStored(queue);
  const id = useStored(session)?.user.id;
  return useMemo(() => items.filter(({ userId }) => userId === id), [items, id]);
}
