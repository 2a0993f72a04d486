import { loadBrake } from '#access/brake-state.ts';
import { type LoadedLine, loadFacts } from '#access/load-facts.ts';
import { readPolicy } from '#access/policy.ts';
import type { Tx } from '#db/database.ts';
import { type Decision, decideAccess } from '#decide/access.ts';
import {
  afterBraking,
  type BrakeState,
  type Braking,
  brake,
  isolatesForDebt,
  type Judged,
  limitOf,
} from '#decide/brake.ts';
import { isServed } from '#decide/evidence.ts';
import { noticeTime } from '#decide/notice.ts';
import { cutTimeOf } from '#domain/dunning.ts';
import type { Invoice } from '#domain/facts.ts';
import type { LineFacts, LinePolicy, Notice } from '#domain/line.ts';
import { permittedAt } from '#domain/no-cut.ts';
import type { Language } from '#domain/reason.ts';

/** What a plan supposes to be otherwise than it is. */
export type WhatIf = {
  readonly graceDaysPlus: number;
  /** The name of an invoice that is taken for paid; null: none. */
  readonly invoicePaid: string | null;
  readonly isLedgerUnreachable: boolean;
};

export type PlannedLine = {
  readonly subscriptionId: string;
  readonly username: string;
  readonly was: LineFacts['present'];
  readonly decision: Decision;
  readonly braking: Braking;
};
export type Plan = { readonly lines: readonly PlannedLine[]; readonly limit: number; readonly language: Language };

const paid = (invoice: Invoice, name: string | null): Invoice =>
  invoice.name === name ? { ...invoice, outstanding: 0n } : invoice;

/** The planned moment, and the one from which it is looked at; ms since 1970. */
export type PlanTimes = { readonly at: number; readonly now: number };

/** Reminders that the hub itself will send are taken for delivered when their time comes; what failed stays so. */
function toldMeanwhile(facts: LineFacts, invoices: readonly Invoice[], policy: LinePolicy, now: number) {
  if (policy.noticeHours === 0 || !facts.isReachable) return facts.notices;
  const notices = new Map<string, Notice>(facts.notices);
  const rule = { ...policy, mode: facts.billingMode };
  for (const invoice of invoices) {
    const { name, terms } = invoice;
    const state = notices.get(name)?.state ?? 'wanted';
    if (state !== 'wanted' && state !== 'queued') continue;
    const dues = terms.map(({ dueDate }) => cutTimeOf(invoice, dueDate, rule));
    const tellAt = noticeTime(permittedAt(policy.noCut, Math.min(...dues), policy.zone), policy);
    notices.set(name, { state: 'delivered', at: Math.max(now, tellAt) });
  }
  return notices;
}

/** The facts as they would be: the ledger answers the same and is read just then, or is out of reach. */
function supposed({ facts }: LoadedLine, { at, now }: PlanTimes, policy: LinePolicy, whatIf: WhatIf): LineFacts {
  if (!facts.ledger) return facts;
  const invoices = facts.ledger.invoices.map((invoice) => paid(invoice, whatIf.invoicePaid));
  const readThen = whatIf.isLedgerUnreachable ? null : at;
  const ledger = { ...facts.ledger, invoices, readAt: facts.ledger.readAt === 'now' ? 'now' : readThen } as const;
  return { ...facts, ledger, notices: toldMeanwhile(facts, invoices, policy, now) };
}

const batch = 500;

async function loadAll(tx: Tx, tenantId: string): Promise<readonly LoadedLine[]> {
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .select('id')
    .orderBy('id')
    .execute();
  const lines: LoadedLine[] = [];
  for (let from = 0; from < rows.length; from += batch) {
    const ids = rows.slice(from, from + batch).map(({ id }) => id);
    lines.push(...(await loadFacts(tx, tenantId, ids)));
  }
  return lines;
}

/** Every cut comes so many days later. */
function withMoreGrace<Policy extends LinePolicy>(policy: Policy, days: number): Policy {
  const { graceDays, isolation } = policy;
  return {
    ...policy,
    graceDays: graceDays + days,
    isolation: isolation ? { ...isolation, days: isolation.days + days } : null,
  };
}

/** A cut by quota or validity is none of the brake's; the kill switch stops it where cuts go out (dispatch-access.ts). */
const isStoppedOnTheWay = ({ facts, decision }: Judged, { stop }: Pick<BrakeState, 'stop'>): boolean =>
  stop !== null && decision.desired.state === 'isolated' && isServed(facts.present);

/**
 * What the hub would decide about a tenant's lines at a time if nothing happened until then: the very
 * functions that act, in a transaction that may only read (spec B7, X4).
 */
export async function planLines(tx: Tx, tenantId: string, times: PlanTimes, whatIf: WhatIf): Promise<Plan> {
  const { at } = times;
  const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow();
  const set = readPolicy(tenant.settings);
  const policy = withMoreGrace(set, whatIf.graceDaysPlus);
  const loaded = await loadAll(tx, tenantId);
  const judged = loaded.map((line) => {
    const facts = supposed(line, times, policy, whatIf);
    return { facts, decision: decideAccess(facts, policy, at) };
  });
  const isolated = judged.filter(isolatesForDebt).map(({ facts }) => facts.subscriptionId);
  const state = await loadBrake(tx, tenantId, isolated, set.brake, at);
  const plan = brake(judged, state);
  const lines = judged.map((one, i): PlannedLine => {
    const braking = isStoppedOnTheWay(one, state) ? 'stopped' : (plan.get(one.facts.subscriptionId) ?? 'free');
    return {
      subscriptionId: one.facts.subscriptionId,
      username: loaded[i]?.username ?? '',
      was: one.facts.present,
      decision: afterBraking(one, braking, state),
      braking,
    };
  });
  return { lines, limit: limitOf(state), language: set.language };
}
