import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, verdictOf } from '#outbox/dispatching.ts';

type DescribeIntent = Extract<Intent, { kind: 'user.describe' }>;

/** Who has the line at this moment: what waited in the outbox meanwhile may have changed. */
const customerOf = (tx: Tx, tenantId: string, subscriptionId: string) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', subscriptionId)
    .select(['s.canonical_username as username', 's.radius_db', 'c.id', 'c.updated_at'])
    .select(['c.name', 'c.email', 'c.phone', 'c.address'])
    .executeTakeFirst();

type Customer = NonNullable<Awaited<ReturnType<typeof customerOf>>>;

/** Notes which version of whom RADIUS shows: another one is told anew. */
const note = (tx: Tx, tenantId: string, subscriptionId: string, { id, updated_at, radius_db }: Customer) => {
  const shown = { customer_id: id, customer_at: updated_at, radius_db };
  return tx
    .insertInto('described_lines')
    .values({ tenant_id: tenantId, subscription_id: subscriptionId, ...shown })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'subscription_id']).doUpdateSet(shown))
    .execute();
};

/** Has RADIUS's own console show who a user is (spec R1). The person's data are never in the outbox. */
export async function dispatchDescribe(d: Dispatching, claimed: Claimed, intent: DescribeIntent): Promise<void> {
  const { tenantId } = claimed;
  const { subscriptionId } = intent;
  const [enforcer, customer] = [
    await d.enforcerOf(tenantId),
    await d.db.look(tenantId, (tx) => customerOf(tx, tenantId, subscriptionId)),
  ];
  const written = enforcer && customer ? await enforcer.describe(customer) : null;
  const verdict: Verdict =
    customer === undefined
      ? { state: 'superseded' }
      : written === null
        ? noEnforcer
        : written.ok
          ? { state: 'done' }
          : verdictOf(written.error);
  await d.db.worker(tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (customer && verdict.state === 'done') await note(tx, tenantId, subscriptionId, customer);
  });
  logAttempt(d.log, claimed, verdict);
}
