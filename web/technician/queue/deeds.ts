import { session } from '../../app/api/session.ts';
import type { Deed, Item, Offer } from './item.ts';
import { again, isBehind } from './item.ts';
import { dropItem, enqueue, queue, writeItem } from './queue.ts';
import { send } from './sender.ts';

type Of = Pick<Item, 'lane' | 'label'>;

/** Keeps a deed of whoever is logged in, and sends it as soon as it can be. Throws where the phone's disk is full. */
export async function deed(what: Deed, { lane, label }: Of): Promise<number> {
  const user = session.read()?.user;
  if (!user) throw new Error('nobody is logged in');
  const no = await enqueue({ ref: crypto.randomUUID(), userId: user.id, madeAt: Date.now(), deed: what, lane, label });
  send();
  return no;
}

/** Sends a refused deed once more: the same `client_ref`, so that it is still done once. */
export async function retry(item: Item): Promise<void> {
  await writeItem(again(item));
  send();
}

export async function drop(item: Item): Promise<void> {
  await dropItem(item.no);
  send();
}

export const canUndo = (item: Item): boolean =>
  item.deed.is === 'scan' && item.deed.scan.kind === 'install' && item.state !== 'refused';

/**
 * Takes an installation back. What has not left the phone never will (unless it is just being sent: then the hub knows it,
 * and the return follows it); what has, is undone by returning the modem.
 */
export async function undo(item: Item): Promise<void> {
  if (item.deed.is !== 'scan') return;
  const { code, work_order_id, subscription_id } = item.deed.scan;
  const isUntried = item.state === 'waiting' && item.tries === 0 && isBehind(item, queue.read());
  if (isUntried) return drop(item);
  const scan = {
    kind: 'return' as const,
    code,
    scanned_at: new Date().toISOString(),
    condition: 'ok' as const,
    ...(work_order_id !== undefined && { work_order_id }),
    ...(subscription_id !== undefined && { subscription_id }),
  };
  await deed({ is: 'scan', scan }, item);
}

/** Sends a refused scan as the hub offered it instead; the refused one goes. */
export async function accept(item: Item, { change }: Offer): Promise<void> {
  if (item.deed.is !== 'scan') return;
  await deed({ is: 'scan', scan: { ...item.deed.scan, ...change } }, item);
  await drop(item);
}
