import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { daysBeforeLedger } from '#domain/ledger-start.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import type { Claimed } from '#outbox/claim.ts';
import { awaitCustomer, dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { callLanes, hurry } from '#outbox/hurry.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewLedgerSubscription } from '#ports/ledger/push/port.ts';

type SubscriptionIntent = Extract<Intent, { kind: 'ledger.subscription' }>;

const lineOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .innerJoin('tenants as t', 't.id', 's.tenant_id')
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', id)
    .select(['s.username', 's.billing_mode', 's.due_day', 's.created_at', 's.terminated_at', 's.erp_subscription'])
    .select(['s.customer_id', 'c.erp_customer', 'c.erased_at', 'p.erp_item', 'p.name as plan', 't.settings'])
    // Whoever is changing its plan goes first: from this look on the plan is no longer changed here.
    .forUpdate('s')
    .executeTakeFirst();

async function read(tx: Tx, claimed: Claimed, id: string): ReturnType<Pushing<NewLedgerSubscription>['read']> {
  const line = await lineOf(tx, claimed.tenantId, id);
  // Linked meanwhile by the ledger itself, ended, or its customer erased.
  if (!line || line.erp_subscription !== null || line.terminated_at !== null || line.erased_at !== null) {
    return { verdict: { state: 'superseded' } };
  }
  if (line.erp_item === null) {
    const error = `the service plan ${line.plan} names no item of ERPNext (erp_item)`;
    return { verdict: { state: 'dead', error } };
  }
  if (line.erp_customer === null) return { verdict: await awaitCustomer(tx, claimed, line.customer_id) };
  const { username, billing_mode: billingMode, due_day: dueDay, erp_customer: customer, erp_item: item } = line;
  const begun = localDate(line.created_at.getTime(), readTenantSettings(line.settings).time_zone);
  // The days before are a bill of the hub's making (journeys/push-customer.ts).
  const startsOn = addDays(daysBeforeLedger(billingMode, dueDay, begun).to, 1);
  return { row: { hubRef: id, customer, item, username, billingMode, dueDay, startsOn } };
}

/** Links the line to its subscription there, unless the ledger's own word was faster (spec B1). */
async function keep(tx: Tx, tenantId: string, id: string, erpSubscription: string): Promise<void> {
  // The bill of its first days names it.
  await hurry(tx, tenantId, ['ledger.invoice'], [id]);
  const kept = await tx
    .updateTable('subscriptions')
    .set({ erp_subscription: erpSubscription, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('erp_subscription', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('subscriptions as other')
            .where('other.tenant_id', '=', tenantId)
            .where('other.erp_subscription', '=', erpSubscription)
            .select('other.id'),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst();
  if (!kept) return;
  const link = { tenant_id: tenantId, subscription_id: id, kind: 'erp_subscription' as const, source: 'hub' };
  await tx
    .insertInto('bridge_links')
    .values({ ...link, value: erpSubscription })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Has the ledger get a line that arose here, as one Subscription, and links the two. */
export async function dispatchSubscription(
  d: Dispatching,
  claimed: Claimed,
  { subscriptionId }: SubscriptionIntent,
): Promise<void> {
  await dispatchPush<NewLedgerSubscription>(d, claimed, {
    read: (tx) => read(tx, claimed, subscriptionId),
    push: (push, subscription) => push.createSubscription(subscription),
    keep: (tx, name) => keep(tx, claimed.tenantId, subscriptionId, name),
    words: `subscription ${subscriptionId}`,
  });
  callLanes(d);
}
