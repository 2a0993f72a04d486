import { timingSafeEqual } from 'node:crypto';

/**
 * Whether a text that came from outside is the one that was reckoned, in a time that does not tell how far they agree.
 * An empty expectation is met by nothing.
 */
export function isSameText(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || expected === '') return false;
  const ours = Buffer.from(expected, 'utf8');
  const theirs = Buffer.from(given, 'utf8');
  return theirs.length === ours.length && timingSafeEqual(theirs, ours);
}
