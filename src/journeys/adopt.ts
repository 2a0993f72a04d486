import type { Tx } from '#db/database.ts';
import type { LedgerCustomer } from '#domain/facts.ts';
import type { LedgerLine } from '#domain/ledger-line.ts';
import { followLedger } from '#features/customers/verbs.ts';
import { plansBilling } from '#features/plans/verbs.ts';
import { lineOfErpSubscription } from '#features/subscriptions/verbs.ts';
import type { Log } from '#platform/log.ts';
import { followSubscription, tellUsername } from './follow-subscription.ts';
import { lineToLink, linkToLedger } from './link-to-ledger.ts';
import { pushPlanChange } from './push-plan-change.ts';
import { registerFromLedger } from './register-from-ledger.ts';
import type { Surroundings } from './tenant-context.ts';

export type Adopting = Surroundings & { readonly log: Log };

async function adoptLine(
  tx: Tx,
  adopting: Adopting,
  tenantId: string,
  ledgerLine: LedgerLine,
  correlationId: string,
): Promise<void> {
  const { subscription, billed } = ledgerLine;
  if (subscription.cancelled) return;
  const told = { tenant: tenantId, document: subscription.name };
  const plans = await plansBilling(tx, tenantId, billed);
  const [first] = plans;
  const line = await lineOfErpSubscription(tx, tenantId, subscription.name);
  if (line) {
    const moved = await followSubscription(tx, tenantId, line, { subscription, plans, correlationId });
    if (moved) await pushPlanChange(tx, { tenantId, correlationId }, moved, ledgerLine.repriced, adopting.clock());
    return;
  }
  if (!first) {
    adopting.log.warn(
      `a subscription of ERPNext has no service plan: give one the erp_item ${billed.join(' or ') || 'of its plan'}`,
      told,
    );
    return;
  }
  const found = await lineToLink(tx, tenantId, subscription, plans);
  if (found) {
    const linked = await linkToLedger(tx, tenantId, found, { subscription, correlationId });
    await followSubscription(tx, tenantId, linked, { subscription, plans, correlationId });
    return;
  }
  const registered = await registerFromLedger(tx, adopting, tenantId, ledgerLine, first.id, correlationId);
  if (!registered.ok) {
    // Somebody else was a moment faster.
    if (await lineOfErpSubscription(tx, tenantId, subscription.name)) return;
    adopting.log.warn('a subscription of ERPNext could not become a line', { ...told, error: registered.error });
    return;
  }
  await tellUsername(tx, tenantId, { ...registered.value, subscription }, correlationId);
}

/**
 * What becomes of the ledger's subscriptions and customers here (spec L1), in the transaction that records the fact.
 * Doing it again, or twice at once, makes nothing twice.
 */
export const createAdopt = (adopting: Adopting) => ({
  line: (tx: Tx, tenantId: string, line: LedgerLine, correlationId: string): Promise<void> =>
    adoptLine(tx, adopting, tenantId, line, correlationId),
  customer: (tx: Tx, tenantId: string, { name, customerName, phone, email }: LedgerCustomer): Promise<void> =>
    followLedger(tx, tenantId, name, { name: customerName, phone, email }),
});
