import type { Database, Tx } from '#db/database.ts';
import { type Language, type Reason, reasonText } from '#domain/reason.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { DryRun, DryRunAsk } from './schema.ts';
import { customersOf, type Named } from './store.ts';

/** A line as the hub would decide about it. */
type Planned = {
  readonly subscriptionId: string;
  readonly username: string;
  readonly was: string | null;
  readonly braking: string;
  readonly decision: { readonly desired: { readonly state: string }; readonly reason: Reason };
};
type Plan = { readonly lines: readonly Planned[]; readonly limit: number; readonly language: Language };
type Times = { readonly at: number; readonly now: number };
type WhatIf = {
  readonly graceDaysPlus: number;
  readonly invoicePaid: string | null;
  readonly isLedgerUnreachable: boolean;
};

export type DryRunDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** The functions that act, in a transaction that may only read; times in ms since 1970. */
  readonly plan: (tx: Tx, tenantId: string, times: Times, whatIf: WhatIf) => Promise<Plan>;
};

const whatIfOf = ({ what_if }: DryRunAsk): WhatIf => ({
  graceDaysPlus: what_if?.grace_days_plus ?? 0,
  invoicePaid: what_if?.invoice_paid ?? null,
  isLedgerUnreachable: what_if?.ledger_unreachable ?? false,
});

const stateOf = ({ decision }: Planned): string => decision.desired.state;
const isStopped = ({ braking }: Planned): boolean => braking === 'stopped';
const isCut = (one: Planned): boolean => stateOf(one) === 'isolated' && one.was !== 'isolated' && !isStopped(one);
const isRestore = (one: Planned): boolean => stateOf(one) === 'active' && one.was === 'isolated';
const waits = (one: Planned, code: Reason['code']): boolean => one.decision.reason.code === code;

/** Reasons other than the brake and the kill switch for which a line that owes is online. */
const sparingCodes = ['promised', 'no_cut_time', 'awaiting_notice'] as const satisfies readonly Reason['code'][];

function viewOf(one: Planned, { customer_id: id, code, name }: Named, language: Language): DryRun['cuts'][number] {
  const { reason } = one.decision;
  return {
    subscription_id: one.subscriptionId,
    username: one.username,
    customer: { id, code, name },
    reason: reasonText(reason, language),
    reason_code: reason.code,
  };
}

/** Who of a tenant would be cut off and who restored at a time, and why; nothing is changed (spec B7). */
export async function dryRun({ db, clock, plan }: DryRunDeps, tenantId: string, ask: DryRunAsk): Promise<DryRun> {
  const at = Date.parse(ask.at);
  return db.look(tenantId, async (tx) => {
    const { lines, limit, language } = await plan(tx, tenantId, { at, now: clock() }, whatIfOf(ask));
    const held = lines.filter((one) => waits(one, 'held_by_brake'));
    const spared = lines.filter((one) => sparingCodes.some((code) => waits(one, code)));
    const [cuts, restores] = [lines.filter(isCut), lines.filter(isRestore)];
    const ids = [...held, ...cuts, ...restores, ...spared].map(({ subscriptionId }) => subscriptionId);
    const names = await customersOf(tx, tenantId, ids);
    const told = (some: readonly Planned[]): DryRun['cuts'] =>
      some.flatMap((one) => {
        const named = names.get(one.subscriptionId);
        return named ? [viewOf(one, named, language)] : [];
      });
    return {
      at: new Date(at).toISOString(),
      cuts: told(cuts),
      restores: told(restores),
      held: held.length,
      held_lines: told(held),
      stopped: lines.filter(isStopped).length,
      spared: told(spared),
      limit,
    };
  });
}

export async function askDryRun(deps: DryRunDeps, who: Who, ask: DryRunAsk): Promise<DryRun> {
  demand(who.caller, 'safety:read');
  return dryRun(deps, who.tenantId, ask);
}
