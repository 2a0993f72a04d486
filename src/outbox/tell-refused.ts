import type { Tx } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** What ERPNext does not have and will not get until a person has seen to it. */
export type Refused = { readonly what: string; readonly detail: string; readonly correlationId: string };

/** Writes to the tenant's admins that ERPNext has refused something of the hub's for good. */
export async function tellRefused(
  tx: Tx,
  tenantId: string,
  { what, detail, correlationId }: Refused,
  appendMessage: AppendMessage,
): Promise<void> {
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const { language } = readTenantSettings(settings);
  const admins = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .select(['id', 'email'])
    .execute();
  for (const { id: userId, email } of admins) {
    const message = { event: 'push_refused', to: { email, userId }, language, values: { what, detail } } as const;
    await appendMessage(tx, tenantId, { ...message, correlationId });
  }
}
