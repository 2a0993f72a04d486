import { err, ok, type Result } from '#domain/result.ts';

/** A request for money to come into a deposit, or to be given back out of it. */
type TopUpState = 'requested' | 'approved_once' | 'done' | 'rejected';

export type TopUpStanding = {
  readonly state: TopUpState;
  /** Minor units. */
  readonly amount: bigint;
  readonly firstBy: string | null;
  /** ms since 1970. */
  readonly expiresAt: number;
};
export type TopUpRefusal = 'over' | 'expired' | 'same_person';

/** Whether nobody has decided, and nobody will any more. */
export const isExpired = ({ state, expiresAt }: TopUpStanding, now: number): boolean =>
  (state === 'requested' || state === 'approved_once') && expiresAt <= now;

/**
 * What becomes of a request when `by` says yes: from `twoFrom` on (minor units; null: never) two different people have to
 * (spec S2). The first yes is remembered, the second one does it.
 */
export function approved(
  standing: TopUpStanding,
  by: string,
  { twoFrom, now }: { readonly twoFrom: bigint | null; readonly now: number },
): Result<'approved_once' | 'done', TopUpRefusal> {
  if (standing.state === 'done' || standing.state === 'rejected') return err('over');
  if (isExpired(standing, now)) return err('expired');
  if (standing.firstBy === by) return err('same_person');
  const needsTwo = twoFrom !== null && standing.amount >= twoFrom;
  return ok(needsTwo && standing.firstBy === null ? 'approved_once' : 'done');
}
