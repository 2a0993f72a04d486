import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerSubscription } from '#domain/facts.ts';
import { canonicalUsername } from '#domain/username.ts';
import { linkLine, type StoredLine, tellLine } from '#features/subscriptions/verbs.ts';
import { askAboutCustomer } from './ask-customer.ts';

type Found = { readonly line: StoredLine; readonly customerId: string; readonly hasErpCustomer: boolean };

const unlinked = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.erp_subscription', 'is', null)
    .where('s.terminated_at', 'is', null)
    .where('c.deleted_at', 'is', null)
    .selectAll('s')
    .select('c.erp_customer');

/** The line that carries the username which the ledger's subscription names, unless it is another customer's. */
async function byUsername(tx: Tx, tenantId: string, { username, customer }: LedgerSubscription): Promise<Found | null> {
  const canonical = username === null ? null : canonicalUsername(username);
  if (!canonical?.ok) return null;
  const row = await unlinked(tx, tenantId).where('s.canonical_username', '=', canonical.value).executeTakeFirst();
  if (!row) return null;
  const { erp_customer, ...line } = row;
  if (erp_customer === customer) return { line, customerId: line.customer_id, hasErpCustomer: true };
  if (erp_customer !== null) return null;
  const holder = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('erp_customer', '=', customer)
    .where('deleted_at', 'is', null)
    .select('id')
    .executeTakeFirst();
  return { line, customerId: holder?.id ?? line.customer_id, hasErpCustomer: holder !== undefined };
}

/** The one line of the ledger's customer on such a plan; of several nobody can tell which it is. */
async function byPlan(
  tx: Tx,
  tenantId: string,
  { customer }: LedgerSubscription,
  planIds: readonly string[],
): Promise<Found | null> {
  const rows = await unlinked(tx, tenantId)
    .where('c.erp_customer', '=', customer)
    .where('s.service_plan_id', 'in', planIds)
    .execute();
  const [row] = rows;
  if (!row || rows.length > 1) return null;
  const { erp_customer, ...line } = row;
  return { line, customerId: line.customer_id, hasErpCustomer: erp_customer !== null };
}

/**
 * The line that a subscription of the ledger has been all along: registered by hand, or adopted from RADIUS before the
 * ledger was connected. Without this its subscriber would get a second account and could never be isolated.
 */
export async function lineToLink(
  tx: Tx,
  tenantId: string,
  subscription: LedgerSubscription,
  plans: readonly { readonly id: string }[],
): Promise<Found | null> {
  const planIds = plans.map((plan) => plan.id);
  return (await byUsername(tx, tenantId, subscription)) ?? (await byPlan(tx, tenantId, subscription, planIds));
}

/** Links a line, and its customer, to the subscription of the ledger. */
export async function linkToLedger(
  tx: Tx,
  tenantId: string,
  { line, customerId, hasErpCustomer }: Found,
  { subscription, correlationId }: { readonly subscription: LedgerSubscription; readonly correlationId: string },
): Promise<StoredLine> {
  const { name, customer } = subscription;
  const linked = await tx
    .updateTable('subscriptions')
    .set({ erp_subscription: name, customer_id: customerId, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', line.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (!hasErpCustomer) {
    await tx
      .updateTable('customers')
      .set({ erp_customer: customer, updated_at: new Date() })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', customerId)
      .execute();
    await askAboutCustomer(tx, tenantId, customer, correlationId);
  }
  const links = [
    { kind: 'erp_customer' as const, value: customer },
    { kind: 'erp_subscription' as const, value: name },
  ];
  await linkLine(tx, tenantId, line.id, links, 'erpnext');
  const text = `This is ${name} in ERPNext.`;
  await tellLine(tx, tenantId, line.id, { kind: 'ledger', text, correlationId, data: { erp_subscription: name } });
  await markLines(tx, { tenantId, correlationId, cause: `Subscription ${name}` }, [line.id]);
  return linked;
}
