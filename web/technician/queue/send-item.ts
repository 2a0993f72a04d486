import { ask } from '../../app/api/ask.ts';
import type { Outcome } from '../../app/api/request.ts';
import type { ScanAnswer } from '../api/shapes.ts';
import { followed, type Item, putOff, refusedWith, sent } from './item.ts';
import { offersOf } from './offers.ts';

/** `login`: the hub knows this phone no more; nothing can be sent until somebody logs in. */
export type Sent = { readonly item: Item; readonly isAway: boolean; readonly login?: true };

/** Each names what it is by `client_ref`, so that trying again does nothing twice; a photo is known by its content. */
function post({ deed, ref, madeAt }: Item): Promise<Outcome<unknown>> {
  if (deed.is === 'scan') return ask('POST', 'scans', { json: { ...deed.scan, client_ref: ref } });
  if (deed.is === 'move') {
    const json = { ...deed.body, at: new Date(madeAt).toISOString(), client_ref: ref };
    return ask('PATCH', `work-orders/${deed.orderId}`, { json });
  }
  if (deed.is === 'attendance') return ask('POST', 'attendance/check-ins', { json: { ...deed.body, client_ref: ref } });
  return ask('POST', `work-orders/${deed.orderId}/photos${deed.query}`, { blob: deed.photo });
}

function done(item: Item, body: unknown, now: number): Item {
  // The contract's answer to POST scans; the others' answers are not looked at.
  return item.deed.is === 'scan' ? followed(item, body as ScanAnswer, now) : sent(item, now);
}

/** Tells the hub of a deed, and answers what became of it. What never arrived is put off, whatever the reason. */
export async function sendItem(item: Item, now: () => number): Promise<Sent> {
  const outcome = await post(item);
  if (outcome.is === 'away') return { item: putOff(item, now(), outcome.afterMs), isAway: true };
  if (outcome.is === 'done') return { item: done(item, outcome.body, now()), isAway: false };
  if (outcome.status === 401) return { item, isAway: true, login: true };
  return { item: refusedWith(item, outcome.message, offersOf(item, outcome.details)), isAway: false };
}

/** Asks how far a scan has come. */
export async function follow(item: Item, now: () => number): Promise<Sent> {
  const outcome = await ask<ScanAnswer>('GET', `scans/${item.scanId}`);
  if (outcome.is === 'done') return { item: followed(item, outcome.body, now()), isAway: false };
  if (outcome.is === 'away') return { item: putOff(item, now(), outcome.afterMs), isAway: true };
  return { item: putOff(item, now(), null), isAway: false, ...(outcome.status === 401 && { login: true }) };
}
