import type { AttributeRow } from '#domain/access.ts';

/** The one attribute of a group that RouterOS changes in a running session and that a plan differs by (MikroTik's manual). */
const rateLimit = 'Mikrotik-Rate-Limit';

/**
 * How a session that was let in under some rows comes to have others: it has them already, it can be told the rate limit
 * as it runs, or it must log in anew. Check rows play no part: they are asked at a login alone.
 */
export type Course =
  | { readonly course: 'same' }
  | { readonly course: 'change'; readonly rateLimit: string; readonly isSlower: boolean }
  | { readonly course: 'drop' };

const rest = (rows: readonly AttributeRow[]): string =>
  JSON.stringify(
    rows
      .filter(({ attribute }) => attribute !== rateLimit)
      .map(({ attribute, op, value }) => `${attribute} ${op} ${value}`)
      .sort(),
  );

const rateOf = (rows: readonly AttributeRow[]): string | null => {
  const [first, ...others] = rows.filter(({ attribute }) => attribute === rateLimit);
  return first && others.length === 0 ? first.value : null;
};

const unit = { k: 1_000, M: 1_000_000 } as const;

/** The highest of the speeds that a rate limit names, burst included, in bits a second, whichever way. */
export function highestSpeed(rate: string): number {
  const speeds = [...rate.matchAll(/(\d+)([kM])/g)].map(
    ([, count, scale]) => Number(count) * unit[scale === 'M' ? 'M' : 'k'],
  );
  return Math.max(0, ...speeds);
}

/** From one group's reply rows to another's (spec R2). */
export function courseBetween(from: readonly AttributeRow[], to: readonly AttributeRow[]): Course {
  if (rest(from) !== rest(to)) return { course: 'drop' };
  const [old, wanted] = [rateOf(from), rateOf(to)];
  if (old === wanted) return { course: 'same' };
  // Taken away altogether it cannot be told; a login without it gets what the router's profile says.
  if (wanted === null) return { course: 'drop' };
  return {
    course: 'change',
    rateLimit: wanted,
    isSlower: old === null || highestSpeed(wanted) < highestSpeed(old),
  };
}

/** Measurement and rounding are allowed so much. */
const tolerance = 1.25;

/** Whether a session that moved so many octets one way in so long was faster than the limit allows. */
export const isFasterThan = (rate: string, octets: number, ms: number): boolean =>
  ms > 0 && (octets * 8 * 1_000) / ms > highestSpeed(rate) * tolerance;
