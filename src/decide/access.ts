import { type Debt, debtOf } from '#decide/debt.ts';
import { limitedBy } from '#decide/limits.ts';
import type { AccessState, DesiredAccess } from '#domain/access.ts';
import { type GroupKind, groupName } from '#domain/groups.ts';
import type { LedgerFacts, LineFacts, LinePolicy } from '#domain/line.ts';
import type { Reason } from '#domain/reason.ts';

export type Decision = {
  readonly desired: DesiredAccess;
  readonly reason: Reason;
  /** The ledger must be read again before this line may be cut. */
  readonly needsEvidence: boolean;
  /** When to look again although nothing happens, ms since 1970. */
  readonly lookAgainAt: number | null;
  /** Key of the plan whose group it is in while it is served: beyond its quota another than its own. */
  readonly servedAs: string;
};

type Standing = Omit<Decision, 'desired' | 'servedAs'> & { readonly state: AccessState };

const stands = (state: AccessState, reason: Reason, lookAgainAt: number | null = null): Standing => ({
  state,
  reason,
  needsEvidence: false,
  lookAgainAt,
});

const isFresh = (ledger: LedgerFacts, policy: LinePolicy, now: number): boolean =>
  ledger.readAt !== null && now - ledger.readAt <= policy.evidenceMaxAgeMs && ledger.readAt <= now;

/** States in which a line is online, or may be: taking it from there is a cut. */
export const isServed = (present: AccessState | null): boolean => present === 'active' || present === null;

/** A line with debt: isolated, unless cutting it would rest on old, unsettled or missing evidence (law 3). */
function withDebt(facts: LineFacts, ledger: LedgerFacts, debt: Debt, policy: LinePolicy, now: number): Standing {
  const amount = debt.amount.toString();
  const isolated = stands(
    'isolated',
    { code: 'debt', amount, invoices: debt.invoices, since: debt.since ?? '' },
    debt.nextCutAt,
  );
  if (!isServed(facts.present)) return isolated;
  if (ledger.settlesAt !== null && ledger.settlesAt > now) {
    const until = new Date(ledger.settlesAt).toISOString();
    return stands('active', { code: 'debt_settling', amount, until }, ledger.settlesAt);
  }
  if (isFresh(ledger, policy, now)) return isolated;
  return { ...stands('active', { code: 'debt_unproved', amount, invoices: debt.invoices }), needsEvidence: true };
}

function withoutDebt(facts: LineFacts, debt: Debt): Standing {
  if (debt.ambiguous.length === 0 || facts.present === null)
    return stands('active', { code: 'nothing_due' }, debt.nextCutAt);
  const kept = facts.present === 'isolated' ? 'isolated' : 'active';
  return stands(kept, { code: 'ambiguous_invoice', invoices: debt.ambiguous }, debt.nextCutAt);
}

const awaitsFirstPayment = (facts: LineFacts, paidBefore: boolean): boolean =>
  facts.billingMode === 'prepaid' && !facts.activatedBefore && !paidBefore && facts.limits.validUntil === null;

function standing(facts: LineFacts, policy: LinePolicy, now: number): Standing {
  if (facts.terminated) return stands('terminated', { code: 'terminated' });
  if (facts.hold) return stands('suspended', { code: 'held', reason: facts.hold.reason });
  if (!facts.installed) return stands('pending', { code: 'awaiting_installation' });
  if (!facts.ledger) {
    return awaitsFirstPayment(facts, false)
      ? stands('pending', { code: 'awaiting_first_payment' })
      : stands('active', { code: 'nothing_due' });
  }
  const debt = debtOf(facts.subscriptionId, facts.lines, facts.ledger, { ...policy, mode: facts.billingMode }, now);
  if (awaitsFirstPayment(facts, debt.paidBefore)) {
    return stands('pending', { code: 'awaiting_first_payment' }, debt.nextCutAt);
  }
  return debt.amount > 0n ? withDebt(facts, facts.ledger, debt, policy, now) : withoutDebt(facts, debt);
}

const groupKindOf = (state: AccessState, planKey: string): GroupKind => {
  if (state === 'active') return { plan: planKey };
  return state === 'terminated' ? 'terminated' : 'isolir';
};

/**
 * What should be true of one line at `now` (ms since 1970), and why (spec B3, C9, R4, R5). Pure: the same facts and the
 * same time always give the same answer.
 */
export function decideAccess(facts: LineFacts, policy: LinePolicy, now: number): Decision {
  const stood = standing(facts, policy, now);
  const limited = limitedBy(facts.limits, policy.zone, now);
  const servedAs = limited?.planKey ?? facts.planKey;
  const { validUntil } = facts.limits;
  const next = [
    stood.lookAgainAt,
    limited?.endsAt ?? null,
    validUntil !== null && validUntil > now ? validUntil : null,
  ];
  const moments = next.filter((at): at is number => at !== null);
  const again = { ...stood, lookAgainAt: moments.length > 0 ? Math.min(...moments) : null };
  if (stood.state !== 'active' || limited === null) return decisionOf(facts, again, servedAs);
  return decisionOf(facts, { ...again, state: limited.state, reason: limited.reason }, servedAs);
}

/** The line stays online, or comes back, although it owes: `reason` says why, and the next look stays as it was. */
export const staysServed = (facts: LineFacts, reason: Reason, { lookAgainAt, servedAs }: Decision): Decision =>
  decisionOf(facts, stands('active', reason, lookAgainAt), servedAs);

function decisionOf(facts: LineFacts, { state, ...rest }: Standing, servedAs: string): Decision {
  return {
    ...rest,
    servedAs,
    desired: {
      state,
      group: groupName(facts.tenantId, groupKindOf(state, servedAs)),
      mac: facts.mac,
      reply: state === 'active' ? facts.reply : [],
    },
  };
}
