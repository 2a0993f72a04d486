import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerSubscription } from '#domain/facts.ts';
import type { plansBilling } from '#features/plans/verbs.ts';
import { linkLine, type StoredLine, tellLedger, tellLine } from '#features/subscriptions/verbs.ts';
import { askAboutCustomer } from './ask-customer.ts';
import { followRename } from './follow-rename.ts';

type Plans = Awaited<ReturnType<typeof plansBilling>>;
type Told = {
  readonly subscription: LedgerSubscription;
  /** Service plans that may be what it bills, the likeliest first. */
  readonly plans: Plans;
  readonly correlationId: string;
};

/** A line as it was before its plan became another, and what a month of that costs, in minor units. */
export type MovedPlan = { readonly line: StoredLine; readonly fee: bigint };

/** What of a line is not as the ledger has it. */
function changeFor(line: StoredLine, { subscription, plans }: Told) {
  const { billingMode, dueDay } = subscription;
  const [first] = plans;
  const isSamePlan = !first || plans.some((plan) => plan.id === line.service_plan_id);
  return {
    ...(billingMode !== null && billingMode !== line.billing_mode ? { billing_mode: billingMode } : {}),
    ...(dueDay !== null && dueDay !== line.due_day ? { due_day: dueDay } : {}),
    ...(isSamePlan ? {} : { service_plan_id: first.id, monthly_fee: first.price }),
  };
}

/** Whether the ledger is being told a username already, or has refused to hear it. */
async function isTold(tx: Tx, tenantId: string, erpSubscription: string): Promise<boolean> {
  const intent = await tx
    .selectFrom('outbox')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'ledger.username')
    .where('key', '=', erpSubscription)
    .where('state', 'in', ['ready', 'running', 'dead'])
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return intent !== undefined;
}

/** Has the ledger told the username where it has another one or none: the hub owns usernames (spec L1). */
export async function tellUsername(
  tx: Tx,
  tenantId: string,
  line: { readonly subscriptionId: string; readonly username: string; readonly subscription: LedgerSubscription },
  correlationId: string,
): Promise<void> {
  const { subscriptionId, username, subscription } = line;
  if (subscription.username === username || (await isTold(tx, tenantId, subscription.name))) return;
  await tellLedger(tx, tenantId, { id: subscriptionId, erpSubscription: subscription.name, username }, correlationId);
}

/** A line that was registered with the name of its subscription alone learns whose it is in the ledger. */
async function learnCustomer(tx: Tx, tenantId: string, line: StoredLine, erpCustomer: string): Promise<boolean> {
  const learned = await tx
    .updateTable('customers')
    .set({ erp_customer: erpCustomer, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', line.customer_id)
    .where('erp_customer', 'is', null)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('customers as other')
            .select('other.id')
            .where('other.tenant_id', '=', tenantId)
            .where('other.erp_customer', '=', erpCustomer)
            .where('other.deleted_at', 'is', null),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst();
  if (learned) await linkLine(tx, tenantId, line.id, [{ kind: 'erp_customer', value: erpCustomer }], 'erpnext');
  return learned !== undefined;
}

/**
 * Billing mode, due day and plan of a line follow its subscription in the ledger (spec L1: ERPNext wins). Answers how the
 * line stood, and what it costs now, where its plan is another one.
 */
export async function followSubscription(
  tx: Tx,
  tenantId: string,
  line: StoredLine,
  told: Told,
): Promise<MovedPlan | null> {
  if (line.terminated_at !== null) return null;
  const { subscription, correlationId } = told;
  const isRenamed = await followRename(tx, tenantId, line, told);
  const hasLearned = isRenamed || (await learnCustomer(tx, tenantId, line, subscription.customer));
  if (hasLearned) await askAboutCustomer(tx, tenantId, subscription.customer, correlationId);
  const change = changeFor(line, told);
  if (Object.keys(change).length > 0) {
    await tx
      .updateTable('subscriptions')
      .set({ ...change, updated_at: new Date() })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', line.id)
      .execute();
    await tellLine(tx, tenantId, line.id, {
      kind: 'ledger',
      text: `${Object.keys(change).join(', ')} followed ${subscription.name} of ERPNext.`,
      correlationId,
      data: { erp_subscription: subscription.name, changed: Object.keys(change) },
    });
  }
  if (hasLearned || Object.keys(change).length > 0) {
    await markLines(tx, { tenantId, correlationId, cause: `Subscription ${subscription.name}` }, [line.id]);
  }
  await tellUsername(tx, tenantId, { subscriptionId: line.id, username: line.username, subscription }, correlationId);
  return change.monthly_fee === undefined ? null : { line, fee: change.monthly_fee };
}
