import type { Database, Tx } from '#db/database.ts';
import { type Language, type Reason, reasonText } from '#domain/reason.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { DryRun, DryRunAsk } from './schema.ts';
import { customersOf, type Named } from './store.ts';

/** A line as the hub would decide about it. */
type Planned = {
  readonly subscriptionId: string;
  readonly username: string;
  readonly was: string | null;
  readonly decision: { readonly desired: { readonly state: string }; readonly reason: Reason };
};
type Plan = { readonly lines: readonly Planned[]; readonly limit: number; readonly language: Language };
type WhatIf = {
  readonly graceDaysPlus: number;
  readonly invoicePaid: string | null;
  readonly isLedgerUnreachable: boolean;
};

export type DryRunDeps = {
  readonly db: Database;
  /** The functions that act, in a transaction that may only read; `at` in ms since 1970. */
  readonly plan: (tx: Tx, tenantId: string, at: number, whatIf: WhatIf) => Promise<Plan>;
};

const whatIfOf = ({ what_if }: DryRunAsk): WhatIf => ({
  graceDaysPlus: what_if?.grace_days_plus ?? 0,
  invoicePaid: what_if?.invoice_paid ?? null,
  isLedgerUnreachable: what_if?.ledger_unreachable ?? false,
});

const stateOf = ({ decision }: Planned): string => decision.desired.state;
const isCut = (one: Planned): boolean => stateOf(one) === 'isolated' && one.was !== 'isolated';
const isRestore = (one: Planned): boolean => stateOf(one) === 'active' && one.was === 'isolated';
const waits = (one: Planned, code: Reason['code']): boolean => one.decision.reason.code === code;

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
export async function dryRun({ db, plan }: DryRunDeps, tenantId: string, ask: DryRunAsk): Promise<DryRun> {
  const at = Date.parse(ask.at);
  return db.look(tenantId, async (tx) => {
    const { lines, limit, language } = await plan(tx, tenantId, at, whatIfOf(ask));
    const held = lines.filter((one) => waits(one, 'held_by_brake'));
    const [cuts, restores] = [lines.filter(isCut), lines.filter(isRestore)];
    const ids = [...held, ...cuts, ...restores].map(({ subscriptionId }) => subscriptionId);
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
      stopped: lines.filter((one) => waits(one, 'cuts_stopped')).length,
      limit,
    };
  });
}

export async function askDryRun(deps: DryRunDeps, who: Who, ask: DryRunAsk): Promise<DryRun> {
  demand(who.caller, 'safety:read');
  return dryRun(deps, who.tenantId, ask);
}
