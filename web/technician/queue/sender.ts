import { session } from '../../app/api/session.ts';
import { createStored } from '../../app/kept/stored.ts';
import { feedback } from '../scan/feedback.ts';
import { type Item, nextToSend } from './item.ts';
import { dropSent, queue, readQueue, writeItem } from './queue.ts';
import { follow, type Sent, sendItem } from './send-item.ts';

/** What the last try showed: whether the hub was reached, and whether somebody must log in. */
export const reach = createStored<{ readonly isAway: boolean; readonly needsLogin: boolean }>({
  isAway: false,
  needsLogin: false,
});

/** Something the pages show may be another by now: an order's state, the bag. */
export const news = createStored(0);

const now = (): number => Date.now();
/** What is held goes on by itself when the cause is gone: a hand-over that the warehouse scans later. */
const isFollowed = ({ state }: Item): boolean => state === 'following' || state === 'held';
const nextToFollow = (items: readonly Item[], userId: string): Item | undefined =>
  items.find((item) => item.userId === userId && isFollowed(item) && item.nextAt <= now());

/** What became of a scan is heard, also while the phone is in the pocket. */
function tell({ deed, state }: Item): void {
  news.write(news.read() + 1);
  if (state === 'refused' || state === 'held') feedback('bad');
  else if (deed.is === 'scan' && state === 'done') feedback('good');
}

async function settle(before: Item, { item, isAway, login }: Sent): Promise<boolean> {
  const needsLogin = login === true;
  reach.write({ isAway, needsLogin });
  if (item !== before) await writeItem(item);
  if (item.state !== before.state) tell(item);
  return !isAway && !needsLogin;
}

/** Sends all that may go, one after the other; stops where the hub cannot be reached. */
async function sendAll(userId: string): Promise<void> {
  for (;;) {
    const items = await readQueue();
    const item = nextToSend(items, userId, now());
    const going = item ?? nextToFollow(items, userId);
    if (!going) break;
    if (!(await settle(going, await (item ? sendItem(going, now) : follow(going, now))))) break;
  }
  await dropSent();
}

/** One tab at a time sends: two would ask for the same thing twice. The hub would do it once all the same. */
async function sendUnlessAnother(): Promise<void> {
  const userId = session.read()?.user.id;
  if (userId === undefined) return;
  await navigator.locks.request('technician-sending', { ifAvailable: true }, async (lock) => {
    if (lock) await sendAll(userId);
  });
}

let isRunning = false;
let isAskedAgain = false;

/** Sends now; asked while it sends, it looks once more at the end. */
export function send(): void {
  if (isRunning) {
    isAskedAgain = true;
    return;
  }
  isRunning = true;
  isAskedAgain = false;
  void sendUnlessAnother()
    // The phone's disk: what could not be written down is sent again, under the same name.
    .catch(reportError)
    .finally(() => {
      isRunning = false;
      if (isAskedAgain) send();
    });
}

/** Makes all that waits due at once: a person asks, or the signal is back. */
export async function sendNow(): Promise<void> {
  for (const item of queue.read()) {
    if (item.state === 'waiting' && item.nextAt > now()) await writeItem({ ...item, nextAt: 0 });
  }
  send();
}

const everyMs = 1_000;

/** Sends what is due each second while the page is open, and at once when the signal or the technician is back. */
export function keepSending(): void {
  const isDue = (item: Item): boolean => (item.state === 'waiting' || isFollowed(item)) && item.nextAt <= now();
  setInterval(() => queue.read().some(isDue) && send(), everyMs);
  addEventListener('online', () => void sendNow());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void sendNow());
}
