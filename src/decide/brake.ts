import { type Decision, staysServed } from '#decide/access.ts';
import { isServed } from '#decide/evidence.ts';
import type { LineFacts } from '#domain/line.ts';
import type { Reason } from '#domain/reason.ts';
import { hasShrunk, type SourceSize } from '#domain/source-size.ts';

/** What a tenant lets go by itself (settings `brake_percent`, `brake_minimum`). */
export type BrakeLimits = { readonly percent: number; readonly minimum: number };

/** What the brake weighs a plan against. */
export type BrakeState = {
  readonly limits: BrakeLimits;
  /** The tenant's lines that are online, or may be. */
  readonly active: number;
  /** Lines cut in the last hour that no person had released. */
  readonly cutLately: number;
  /** Of the lines in the plan, those among `cutLately`: cutting one again cuts nobody more. */
  readonly recut: ReadonlySet<string>;
  /** How many lines were expected to fall due in this hour, as fixed 24 h before; null: nobody fixed it. */
  readonly forecast: number | null;
  /** The tenant has never had anybody cut: its share of lines says nothing yet of what is usual. */
  readonly isFirstRun: boolean;
  /** Lines that stand in an open hold. */
  readonly standing: ReadonlyMap<string, 'held' | 'released'>;
  /** The kill switch is on; `reason` in a person's words. */
  readonly stop: { readonly reason: string } | null;
  /** The ledger lists its subscriptions: how many; null: nobody has counted them. */
  readonly source: SourceSize | null;
};

/** A line and what was decided about it alone. */
export type Judged = { readonly facts: LineFacts; readonly decision: Decision };

/**
 * What becomes of a decision: `goes` uses up the allowance, `released` was let go by a person, `held` waits for one,
 * `stopped` waits for the kill switch; `free` is none of the brake's business.
 */
export type Braking = 'free' | 'goes' | 'released' | 'held' | 'stopped';

/** Whether a decision isolates for debt; holds by hand and ended subscriptions never wait. */
export const isolatesForDebt = ({ decision }: Judged): boolean => decision.reason.code === 'debt';

const margin = 1.2;

const isDoubtful = ({ source }: Pick<BrakeState, 'source'>): boolean => source !== null && hasShrunk(source);

/** How many lines may be cut in a rolling hour without a person (spec B8): none while the source has shrunk. */
export function limitOf(state: Omit<BrakeState, 'recut' | 'standing' | 'stop'>): number {
  if (isDoubtful(state)) return 0;
  const { limits, active, cutLately, forecast, isFirstRun } = state;
  const share = isFirstRun ? 0 : Math.floor(((active + cutLately) * limits.percent) / 100);
  return Math.max(limits.minimum, share, Math.ceil((forecast ?? 0) * margin));
}

const debtOf = ({ decision: { reason } }: Judged): Extract<Reason, { code: 'debt' }> | null =>
  reason.code === 'debt' ? reason : null;

/** The oldest debt goes first; at the same age the order is always the same. */
function byAge(a: Judged, b: Judged): number {
  const key = (one: Judged): string => `${debtOf(one)?.since ?? ''} ${one.facts.subscriptionId}`;
  return key(a) < key(b) ? -1 : 1;
}

function brakingOf(one: Judged, state: BrakeState, isRoom: () => boolean): Braking {
  if (!isolatesForDebt(one)) return 'free';
  const id = one.facts.subscriptionId;
  const standing = state.standing.get(id);
  const wouldCut = isServed(one.facts.present);
  if (wouldCut && state.stop) return 'stopped';
  if (standing === 'held') return 'held';
  if (!wouldCut) return 'free';
  if (standing === 'released') return 'released';
  return (state.recut.has(id) && !isDoubtful(state)) || isRoom() ? 'goes' : 'held';
}

/** Says of each line of a plan, by its id, whether it goes (spec B8). Gates cuts only: a restore never waits (law 14). */
export function brake(plan: readonly Judged[], state: BrakeState): ReadonlyMap<string, Braking> {
  let left = Math.max(0, limitOf(state) - state.cutLately);
  const isRoom = (): boolean => {
    left -= 1;
    return left >= 0;
  };
  return new Map(
    [...plan].sort(byAge).map((one) => [one.facts.subscriptionId, brakingOf(one, state, isRoom)] as const),
  );
}

/** The decision as the brake leaves it: whoever may not be cut keeps its service, with the reason why. */
export function afterBraking(one: Judged, braking: Braking, state: Pick<BrakeState, 'stop'>): Decision {
  const debt = debtOf(one);
  if (debt === null || (braking !== 'held' && braking !== 'stopped')) return one.decision;
  const { amount, invoices } = debt;
  const reason: Reason =
    braking === 'held'
      ? { code: 'held_by_brake', amount, invoices }
      : { code: 'cuts_stopped', amount, invoices, reason: state.stop?.reason ?? '' };
  return staysServed(one.facts, reason, one.decision);
}
