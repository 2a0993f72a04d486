import { type Debt, type DueBill, debtOf } from '#decide/debt.ts';
import { isFresh, isServed } from '#decide/evidence.ts';
import { limitedBy } from '#decide/limits.ts';
import { missingNotice, noticeTime, untold } from '#decide/notice.ts';
import { runningPromise } from '#decide/promise.ts';
import type { AccessState, DesiredAccess } from '#domain/access.ts';
import { type GroupKind, groupName } from '#domain/groups.ts';
import type { LedgerFacts, LineFacts, LinePolicy } from '#domain/line.ts';
import { closedAt, permittedAt } from '#domain/no-cut.ts';
import type { Reason } from '#domain/reason.ts';

export type Decision = {
  readonly desired: DesiredAccess;
  readonly reason: Reason;
  /** The ledger must be read again before this line may be cut. */
  readonly needsEvidence: boolean;
  /** When to look again although nothing happens, ms since 1970. */
  readonly lookAgainAt: number | null;
  /** When it is expected to be cut for debt if nothing happens; null: not as far as can be seen. */
  readonly cutAt: number | null;
  /** Bills of which the debtor is to be told now, so that it may be cut when its time comes (spec X7). */
  readonly wantsNotice: readonly DueBill[];
  /** Key of the plan whose group it is in while it is served: beyond its quota another than its own. */
  readonly servedAs: string;
};

type Standing = Omit<Decision, 'desired' | 'servedAs'> & { readonly state: AccessState };

/** `cutAt` left out: where the line is online, a cut is what is looked for. */
const stands = (
  state: AccessState,
  reason: Reason,
  lookAgainAt: number | null = null,
  cutAt: number | null = state === 'active' ? lookAgainAt : null,
): Standing => ({ state, reason, needsEvidence: false, lookAgainAt, cutAt, wantsNotice: [] });

/** What keeps a line online that owes, before its ledger is asked once more; null: nothing does. */
function sparing(facts: LineFacts, ledger: LedgerFacts, debt: Debt, policy: LinePolicy, now: number): Standing | null {
  const owes = { amount: debt.amount.toString(), invoices: debt.invoices };
  if (ledger.settlesAt !== null && ledger.settlesAt > now) {
    const until = new Date(ledger.settlesAt).toISOString();
    return stands('active', { code: 'debt_settling', amount: owes.amount, until }, ledger.settlesAt);
  }
  const lack = missingNotice(facts, debt, policy, now);
  if (lack) {
    const reason: Reason = { code: 'awaiting_notice', ...owes, hours: policy.noticeHours, because: lack.because };
    return { ...stands('active', reason, lack.until), wantsNotice: untold(debt.bills, facts) };
  }
  const closed = closedAt(policy.noCut, now, policy.zone);
  if (!closed) return null;
  const until = new Date(closed.until).toISOString();
  return stands('active', { code: 'no_cut_time', ...owes, until, day: closed.name ?? '' }, closed.until);
}

/** A line with debt: isolated, unless somebody promised, or cutting it would rest on old or missing evidence (law 3). */
function withDebt(facts: LineFacts, ledger: LedgerFacts, debt: Debt, policy: LinePolicy, now: number): Standing {
  const owes = { amount: debt.amount.toString(), invoices: debt.invoices };
  const promised = runningPromise(facts, policy, now);
  if (promised !== null && facts.promise) {
    return stands('active', { code: 'promised', ...owes, until: facts.promise.until }, promised);
  }
  const isolated = stands('isolated', { code: 'debt', ...owes, since: debt.since ?? '' }, debt.nextCutAt);
  if (!isServed(facts.present)) return isolated;
  const spared = sparing(facts, ledger, debt, policy, now);
  if (spared) return spared;
  if (isFresh(ledger, policy, now)) return isolated;
  return { ...stands('active', { code: 'debt_unproved', ...owes }), needsEvidence: true };
}

/** A promise that lets an isolated line be online lets it stay so when its own debt is paid, and another bill is unclear. */
function withoutDebt(facts: LineFacts, debt: Debt, policy: LinePolicy, now: number): Standing {
  if (debt.ambiguous.length === 0 || facts.present === null)
    return stands('active', { code: 'nothing_due' }, debt.nextCutAt);
  const kept = facts.present === 'isolated' && runningPromise(facts, policy, now) === null ? 'isolated' : 'active';
  return stands(kept, { code: 'ambiguous_invoice', invoices: debt.ambiguous }, debt.nextCutAt);
}

const awaitsFirstPayment = (facts: LineFacts, paidBefore: boolean): boolean =>
  facts.billingMode === 'prepaid' && !facts.activatedBefore && !paidBefore && facts.limits.validUntil === null;

const debtAt = (facts: LineFacts, ledger: LedgerFacts, policy: LinePolicy, at: number): Debt =>
  debtOf(facts.subscriptionId, facts.lines, ledger, { ...policy, mode: facts.billingMode }, at);

function standing(facts: LineFacts, policy: LinePolicy, now: number): Standing {
  if (facts.terminated) return stands('terminated', { code: 'terminated' });
  if (facts.hold) return stands('suspended', { code: 'held', reason: facts.hold.reason });
  if (!facts.installed) return stands('pending', { code: 'awaiting_installation' });
  if (!facts.ledger) {
    return awaitsFirstPayment(facts, false)
      ? stands('pending', { code: 'awaiting_first_payment' })
      : stands('active', { code: 'nothing_due' });
  }
  const debt = debtAt(facts, facts.ledger, policy, now);
  if (awaitsFirstPayment(facts, debt.paidBefore)) {
    return stands('pending', { code: 'awaiting_first_payment' }, debt.nextCutAt);
  }
  return debt.amount > 0n ? withDebt(facts, facts.ledger, debt, policy, now) : withoutDebt(facts, debt, policy, now);
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
  const stood = foreseeing(facts, policy, now, standing(facts, policy, now));
  const limited = limitedBy(facts.limits, policy.zone, now);
  const servedAs = limited?.planKey ?? facts.planKey;
  const { validUntil } = facts.limits;
  const runsOutAt = validUntil !== null && validUntil > now ? validUntil : null;
  const again = { ...stood, lookAgainAt: sooner(sooner(stood.lookAgainAt, limited?.endsAt ?? null), runsOutAt) };
  if (stood.state !== 'active' || limited === null) return decisionOf(facts, again, servedAs);
  return decisionOf(facts, { ...again, state: limited.state, reason: limited.reason }, servedAs);
}

const sooner = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** Looks ahead to the cut that would come: when it is permitted, and who must be told of it before. */
function foreseeing(facts: LineFacts, policy: LinePolicy, now: number, one: Standing): Standing {
  const running = runningPromise(facts, policy, now);
  const lookAgainAt = sooner(one.lookAgainAt, running);
  if (one.cutAt === null) return { ...one, lookAgainAt };
  const due = Math.max(one.cutAt, running ?? one.cutAt);
  const cutAt = permittedAt(policy.noCut, due, policy.zone);
  const isForewarned = policy.noticeHours === 0 || facts.ledger === null || one.reason.code === 'awaiting_notice';
  if (isForewarned) return { ...one, lookAgainAt, cutAt };
  const tellAt = noticeTime(cutAt, policy);
  if (tellAt > now) return { ...one, lookAgainAt: sooner(lookAgainAt, tellAt), cutAt };
  return { ...one, lookAgainAt, cutAt, wantsNotice: untold(debtAt(facts, facts.ledger, policy, due).bills, facts) };
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
