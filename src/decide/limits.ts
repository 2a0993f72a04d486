import type { AccessState } from '#domain/access.ts';
import { type LineLimits, periodAt } from '#domain/limits.ts';
import type { Reason } from '#domain/reason.ts';

/** What validity and quota make of a line that owes nothing. */
export type Limited = {
  readonly state: Extract<AccessState, 'active' | 'isolated'>;
  /** Key of the plan that it is served at; null: its own. */
  readonly planKey: string | null;
  readonly reason: Reason;
  /** When it ends by itself, ms since 1970; null: it does not. */
  readonly endsAt: number | null;
};

/**
 * Whether a line has come to the end of its validity or of its quota at `now` (spec R6); null: to neither. A quota begins
 * anew with the calendar month of `zone`.
 */
export function limitedBy({ validUntil, quota }: LineLimits, zone: string, now: number): Limited | null {
  if (validUntil !== null && validUntil <= now) {
    const until = new Date(validUntil).toISOString();
    return { state: 'isolated', planKey: null, reason: { code: 'validity_over', until }, endsAt: null };
  }
  if (quota === null) return null;
  const { month, endsAt } = periodAt(now, zone);
  const used = quota.used.get(month) ?? 0n;
  if (used < quota.octets) return null;
  const words = { quota: quota.octets.toString(), until: new Date(endsAt).toISOString() };
  return quota.throttleTo === null
    ? { state: 'isolated', planKey: null, reason: { code: 'quota_used_up', ...words }, endsAt }
    : { state: 'active', planKey: quota.throttleTo, reason: { code: 'quota_throttled', ...words }, endsAt };
}
