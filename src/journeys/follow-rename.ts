import { type RawBuilder, sql } from 'kysely';
import { markDocuments } from '#access/mark-dirty.ts';
import { renameInJournals } from '#db/customer-account/journals.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerSubscription } from '#domain/facts.ts';
import type { StoredLine } from '#features/subscriptions/verbs.ts';

async function isKnownGone(tx: Tx, tenantId: string, name: string): Promise<boolean> {
  const known = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', 'Customer')
    .where('name', '=', name)
    .select('gone')
    .executeTakeFirst();
  return known?.gone === true;
}

/** The name that ERPNext had for the line's customer, where nobody else here has the new one. */
async function formerName(tx: Tx, tenantId: string, line: StoredLine, now: string): Promise<string | null> {
  const rows = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('id', '=', line.customer_id), eb('erp_customer', '=', now)]))
    .select(['id', 'erp_customer'])
    .execute();
  const [own, ...others] = rows;
  if (!own || others.length > 0 || own.id !== line.customer_id) return null;
  return own.erp_customer;
}

/** What is held of the customer's documents is held under the new name: paid bills are not read again. */
async function rename(tx: Tx, tenantId: string, customerId: string, from: string, to: string): Promise<void> {
  const run = (statement: RawBuilder<unknown>) => statement.execute(tx);
  await run(sql`
    update customers set erp_customer = ${to}, updated_at = now() where tenant_id = ${tenantId} and id = ${customerId}`);
  await run(sql`
    update bridge_links l set value = ${to}, source = 'erpnext', recorded_at = now() from subscriptions s
    where l.tenant_id = ${tenantId} and l.kind = 'erp_customer' and l.value = ${from}
      and s.tenant_id = l.tenant_id and s.id = l.subscription_id and s.customer_id = ${customerId}`);
  await run(sql`
    update ledger_documents set customer = ${to}, fact = fact || jsonb_build_object('customer', ${to}::text)
    where tenant_id = ${tenantId} and customer = ${from} and fact ? 'customer'`);
  await run(renameInJournals(tenantId, from, to));
}

/**
 * Follows a customer that was renamed in ERPNext: only the new name is told there, and its documents are re-pointed without
 * a word. A subscription that names another customer than its line's shows it, once the old name is proved to be gone;
 * while it is there the subscription was given to somebody else, which is a person's to sort out. True: it was renamed.
 */
export async function followRename(
  tx: Tx,
  tenantId: string,
  line: StoredLine,
  { subscription, correlationId }: { readonly subscription: LedgerSubscription; readonly correlationId: string },
): Promise<boolean> {
  const { customer } = subscription;
  const former = await formerName(tx, tenantId, line, customer);
  if (former === null || former === customer) return false;
  if (await isKnownGone(tx, tenantId, former)) {
    await rename(tx, tenantId, line.customer_id, former, customer);
    return true;
  }
  // Found gone, it has its subscriptions looked at again.
  await markDocuments(tx, tenantId, [{ doctype: 'Customer', name: former, correlationId }]);
  return false;
}
