import { inStore } from '../../app/kept/database.ts';
import { createStored } from '../../app/kept/stored.ts';
import { fresh, type Item, type NewItem } from './item.ts';

/** The queue as the page shows it, the oldest first; what counts is what is on the phone's disk. */
export const queue = createStored<readonly Item[]>([]);

/** Other tabs of this page, which show the same queue. */
const others = new BroadcastChannel('technician-queue');

export async function readQueue(): Promise<readonly Item[]> {
  const items = await inStore<Item[]>('queue', 'readonly', (store) => store.getAll());
  queue.write(items);
  return items;
}

async function changed(): Promise<void> {
  await readQueue();
  others.postMessage('changed');
}

/** Shows what other tabs do to the queue. */
export const watchOthers = (): void => {
  others.onmessage = () => void readQueue();
};

/** Puts a deed on the phone's disk; from here on it is not lost. Throws where the disk is full. */
export async function enqueue(made: NewItem): Promise<number> {
  const no = await inStore('queue', 'readwrite', (store) => store.add(fresh(made)));
  await changed();
  return Number(no);
}

/** Writes an item back, unless somebody threw it away meanwhile. */
export async function writeItem(item: Item): Promise<void> {
  const there = await inStore('queue', 'readonly', (store) => store.getKey(item.no));
  if (there === undefined) return;
  await inStore('queue', 'readwrite', (store) => store.put(item));
  await changed();
}

export async function dropItem(no: number): Promise<void> {
  await inStore('queue', 'readwrite', (store) => store.delete(no));
  await changed();
}

/** So many sent ones are kept for looking at; older ones go by themselves. */
const shownSent = 30;

export async function dropSent(keepNewest = shownSent): Promise<void> {
  const items = await readQueue();
  const sent = items.filter(({ state }) => state === 'done');
  for (const { no } of sent.slice(0, Math.max(0, sent.length - keepNewest))) await dropItem(no);
}
