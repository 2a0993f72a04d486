import { ask } from '../../app/api/ask.ts';
import type { Outcome } from '../../app/api/request.ts';
import { session } from '../../app/api/session.ts';
import { forgetKept, keep, readKept } from '../../app/kept/database.ts';

/** A request that moves money or makes a customer: its key is made once, and kept until the hub has answered it. */
export type Attempt<B> = { readonly key: string; readonly body: B; readonly isSent: boolean };

/** What it is about: where it goes, and whom or what it is for. */
export type About = { readonly path: string; readonly of: string };

/** Each user's own; another login on this phone neither sees nor sends it. */
const placeOf = ({ path, of }: About): string => `attempt:${session.read()?.user.id}:${path}:${of}`;

/** One that was sent and not answered; what was never confirmed is no attempt. */
export async function unansweredAttempt<B>(about: About): Promise<Attempt<B> | null> {
  const kept = await readKept<Attempt<B>>(placeOf(about));
  return kept?.isSent ? kept : null;
}

/** Makes the key: with the first touch, before anything is sent. An unanswered one stays as it is. */
export async function makeAttempt<B>(about: About, body: B): Promise<Attempt<B>> {
  const before = await unansweredAttempt<B>(about);
  if (before) return before;
  const made = { key: crypto.randomUUID(), body, isSent: false };
  await keep(placeOf(about), made);
  return made;
}

/** The hub is at it still, or asks who this is: neither says what became of it. */
const isUndecided = (outcome: Outcome<unknown>): boolean =>
  outcome.is === 'refused' &&
  (outcome.status === 401 ||
    (outcome.status === 409 && 'header' in outcome.details && !('correlation_id' in outcome.details)));

/** A file of a thousand customers takes a minute of a busy hub. */
const filePatienceMs = 180_000;

/** Sends it; whatever was lost on the way, the same key makes it happen once. Only an answer makes the phone forget it. */
export async function sendAttempt<T>(about: About, attempt: Attempt<unknown>): Promise<Outcome<T>> {
  await keep(placeOf(about), { ...attempt, isSent: true });
  const sent =
    attempt.body instanceof Blob ? { blob: attempt.body, patienceMs: filePatienceMs } : { json: attempt.body };
  const outcome = await ask<T>('POST', about.path, { ...sent, headers: { 'Idempotency-Key': attempt.key } });
  if (isUndecided(outcome)) return { is: 'away', afterMs: null };
  if (outcome.is !== 'away') await forgetKept(placeOf(about));
  return outcome;
}
