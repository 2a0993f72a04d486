import type { Database } from '#db/database.ts';
import { accountOf, forgetPaymentNotes } from '#features/billing/verbs.ts';
import { eraseCustomer, exportCustomer } from '#features/customers/verbs.ts';
import { eraseLeadOf, leadsOf } from '#features/leads/verbs.ts';
import { forgetMessagesOf, messagesOf } from '#features/messages/verbs.ts';
import { forgetPromiseNotes, promisesOf } from '#features/promises/verbs.ts';
import { forgetRequestsOf, requestsAbout } from '#features/reseller-desk/verbs.ts';
import { vouchersOf } from '#features/vouchers/verbs.ts';
import { forgetOrdersOf, ordersOf } from '#features/work-orders/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';

export type PersonalData = {
  readonly db: Database;
  readonly files: TenantFiles;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
};

/** All that the rooms hold of one customer (SEC-28). */
export async function exportPerson({ db, vaultOf }: PersonalData, who: Who, customerId: string) {
  const vault = await vaultOf(who.tenantId);
  return db.tenant(who.tenantId, async (tx) => ({
    ...(await exportCustomer(tx, who, customerId, vault)),
    leads: await leadsOf(tx, who.tenantId, customerId),
    promises: await promisesOf(tx, who.tenantId, customerId),
    account: await accountOf(tx, who.tenantId, customerId),
    vouchers: await vouchersOf(tx, who.tenantId, customerId),
    work_orders: await ordersOf(tx, who.tenantId, customerId),
    reseller_requests: await requestsAbout(tx, who.tenantId, customerId),
    messages: await messagesOf(tx, who.tenantId, customerId, vault),
  }));
}

/** Takes what is personal out of every room, in one transaction, and removes photos after it. */
export async function erasePerson({ db, files, vaultOf }: PersonalData, who: Who, customerId: string): Promise<void> {
  const vault = await vaultOf(who.tenantId);
  const gone = await db.tenant(who.tenantId, async (tx) => {
    await eraseLeadOf(tx, who.tenantId, customerId);
    await forgetMessagesOf(tx, who.tenantId, customerId);
    await forgetPromiseNotes(tx, who.tenantId, customerId);
    await forgetPaymentNotes(tx, who.tenantId, customerId);
    await forgetRequestsOf(tx, who.tenantId, customerId);
    const proof = await forgetOrdersOf(tx, who.tenantId, customerId);
    const { photo } = await eraseCustomer(tx, who, customerId, vault);
    return photo === null ? proof : [...proof, photo];
  });
  for (const file of gone) await files.remove(who.tenantId, file);
}
