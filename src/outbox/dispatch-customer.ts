import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';
import { callLanes, hurry } from '#outbox/hurry.ts';
import type { Ledger } from '#ports/ledger/port.ts';

type CustomerIntent = Extract<Intent, { kind: 'ledger.customer' }>;

const customerOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select(['id', 'name', 'phone', 'email', 'address', 'erp_customer', 'erased_at'])
    .executeTakeFirst();

/** Keeps the ledger's name for the customer, and links its lines to it (spec B1). */
async function keepName(tx: Tx, tenantId: string, customerId: string, erpCustomer: string): Promise<void> {
  const kept = await tx
    .updateTable('customers')
    .set({ erp_customer: erpCustomer, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', customerId)
    .where('erp_customer', 'is', null)
    .where('erased_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!kept) return;
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select('id')
    .execute();
  if (lines.length === 0) return;
  const links = lines.map(({ id }) => ({
    tenant_id: tenantId,
    subscription_id: id,
    kind: 'erp_customer' as const,
    value: erpCustomer,
    source: 'hub',
  }));
  await tx
    .insertInto('bridge_links')
    .values(links)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const ids = lines.map(({ id }) => id);
  await hurry(tx, tenantId, ['ledger.subscription', 'ledger.invoice'], ids);
}

type Made = { readonly verdict: Verdict; readonly erpCustomer: string | null };
const unmade = (verdict: Verdict): Made => ({ verdict, erpCustomer: null });

async function make(d: Dispatching, ledger: Ledger, claimed: Claimed, customerId: string): Promise<Made> {
  const row = await d.db.worker(claimed.tenantId, (tx) => customerOf(tx, claimed.tenantId, customerId));
  // Linked meanwhile by the ledger itself, or erased.
  if (!row || row.erased_at !== null || row.erp_customer !== null) return unmade({ state: 'superseded' });
  const { id: hubRef, name, phone, email, address } = row;
  const made = await ledger.createCustomer({ hubRef, name, phone, email, address });
  if (made.ok) return { verdict: { state: 'done' }, erpCustomer: made.value };
  return unmade({ state: made.error.reason === 'rejected' ? 'dead' : 'retry', error: made.error.detail });
}

/** Has the ledger get a customer who arose here, and keeps its name there (spec L1): once, by the hub's reference. */
export async function dispatchCustomer(d: Dispatching, claimed: Claimed, intent: CustomerIntent): Promise<void> {
  const { tenantId } = claimed;
  const ledger = await d.ledgerOf(tenantId);
  const { verdict, erpCustomer } = ledger
    ? await make(d, ledger, claimed, intent.customerId)
    : unmade({ state: 'later', error: 'no ledger is connected', waitMs: 60_000 });
  await d.db.worker(tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (erpCustomer !== null) await keepName(tx, tenantId, intent.customerId, erpCustomer);
  });
  if (erpCustomer !== null) callLanes(d);
  logAttempt(d.log, claimed, verdict);
}
