import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

type Endpoint = { readonly tenantId: string; readonly id: string; readonly url: string };

const dayMs = 24 * 3_600_000;

const change = (tx: Tx, { tenantId, id }: Endpoint) =>
  tx.updateTable('webhook_endpoints').where('tenant_id', '=', tenantId).where('id', '=', id);

/** Whatever failed before is over. */
export async function endpointAnswered(tx: Tx, endpoint: Endpoint): Promise<void> {
  await change(tx, endpoint).set({ failing_since: null }).where('failing_since', 'is not', null).execute();
}

async function turnOff(tx: Tx, endpoint: Endpoint, reason: string): Promise<boolean> {
  const off = await change(tx, endpoint)
    .set({ is_active: false, disabled_at: new Date(), disabled_reason: reason })
    .where('is_active', '=', true)
    .returning('id')
    .executeTakeFirst();
  return off !== undefined;
}

/** It said itself that nobody is there any more. */
export async function endpointGone(tx: Tx, endpoint: Endpoint): Promise<void> {
  await turnOff(tx, endpoint, 'It answered 410 Gone.');
}

async function tellAdmins(
  tx: Tx,
  { tenantId, url }: Endpoint,
  reason: string,
  language: 'id' | 'en',
  correlationId: string,
  appendMessage: AppendMessage,
): Promise<void> {
  const admins = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .select(['id', 'email'])
    .execute();
  for (const { id, email } of admins) {
    await appendMessage(tx, tenantId, {
      event: 'webhook_disabled',
      to: { email, userId: id },
      language,
      values: { url: new URL(url).origin, reason },
      correlationId,
    });
  }
}

/**
 * Notes a failure. An endpoint that has done nothing but fail for the tenant's `webhook_disable_days` is turned off, and
 * the tenant's admins are written to.
 */
export async function endpointFailed(
  tx: Tx,
  endpoint: Endpoint,
  error: string,
  correlationId: string,
  appendMessage: AppendMessage,
): Promise<void> {
  const row = await change(tx, endpoint)
    .set({ failing_since: sql<Date>`coalesce(failing_since, now())` })
    .where('is_active', '=', true)
    .returning('failing_since')
    .executeTakeFirst();
  if (!row?.failing_since) return;
  const tenant = await tx
    .selectFrom('tenants')
    .where('id', '=', endpoint.tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const { webhook_disable_days: days, language } = readTenantSettings(tenant.settings);
  if (Date.now() - row.failing_since.getTime() < days * dayMs) return;
  const reason = `It has done nothing but fail for ${days} days; the last time: ${error}.`;
  if (await turnOff(tx, endpoint, reason)) {
    await tellAdmins(tx, endpoint, reason, language, correlationId, appendMessage);
  }
}
