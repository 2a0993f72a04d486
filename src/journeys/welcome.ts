import type { Tx } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { Who } from '#platform/caller.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** How people are written to. */
export type Writing = { readonly appendMessage: AppendMessage };

/** The message to a new customer that it is registered, where it has an address (spec C7, M1). */
export async function welcome(
  tx: Tx,
  { appendMessage }: Writing,
  { tenantId, correlationId }: Who,
  customerId: string,
  planId: string,
): Promise<void> {
  const row = await tx
    .selectFrom('customers as c')
    .innerJoin('tenants as t', 't.id', 'c.tenant_id')
    .innerJoin('service_plans as p', 'p.tenant_id', 'c.tenant_id')
    .where('c.tenant_id', '=', tenantId)
    .where('c.id', '=', customerId)
    .where('p.id', '=', planId)
    .select(['c.email', 'c.name', 'c.customer_code', 'p.name as plan', 't.settings'])
    .executeTakeFirstOrThrow();
  if (row.email === null) return;
  await appendMessage(tx, tenantId, {
    event: 'registration',
    to: { email: row.email, customerId },
    language: readTenantSettings(row.settings).language,
    values: { name: row.name, customer_code: row.customer_code, plan: row.plan },
    correlationId,
  });
}
