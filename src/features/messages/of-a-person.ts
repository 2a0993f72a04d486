import type { Tx } from '#db/database.ts';
import { contentPlace, recipientPlace } from '#outbox/append-message.ts';
import type { TenantVault } from '#platform/secrets.ts';

const ofCustomer = (tx: Tx, tenantId: string, customerId: string) =>
  tx.selectFrom('messages').where('tenant_id', '=', tenantId).where('customer_id', '=', customerId);

/** What a customer was written, opened, for the customer itself (SEC-28). */
export async function messagesOf(tx: Tx, tenantId: string, customerId: string, vault: TenantVault) {
  const rows = await ofCustomer(tx, tenantId, customerId)
    .select(['id', 'event', 'state', 'recipient', 'content', 'created_at', 'sent_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ recipient, content, ...row }) => ({
    ...row,
    to: vault.open(recipient, recipientPlace(row.id)),
    said: JSON.parse(vault.open(content, contentPlace(row.id))) as unknown,
  }));
}

/** Takes away what a customer was written, and to where. That it wants no more stays: a keyed hash names nobody. */
export async function forgetMessagesOf(tx: Tx, tenantId: string, customerId: string): Promise<void> {
  await tx.deleteFrom('messages').where('tenant_id', '=', tenantId).where('customer_id', '=', customerId).execute();
}
