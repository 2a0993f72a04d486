import type { Tx } from '#db/database.ts';
import { announce } from '#outbox/announce.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { newCorrelationId } from '#platform/log.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** A system that cannot be read since then, or could not until then. */
type OutageTold =
  | { readonly isAway: true; readonly since: Date; readonly detail: string }
  | { readonly isAway: false; readonly since: Date; readonly until: Date };

/** Writes to the tenant's admins, and tells its other systems, that its ledger or its stock is away, or back (REL-11). */
export async function tellOutage(
  tx: Tx,
  tenantId: string,
  system: 'ledger' | 'stock',
  told: OutageTold,
  appendMessage: AppendMessage,
): Promise<void> {
  const correlationId = newCorrelationId();
  const since = told.since.toISOString();
  const last = told.isAway ? told.detail : told.until.toISOString();
  await announce(
    tx,
    tenantId,
    told.isAway
      ? { type: `${system}.away`, data: { since, detail: last }, correlationId }
      : { type: `${system}.back`, data: { since, until: last }, correlationId },
  );
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
    const to = { email, userId };
    if (told.isAway) {
      const values = { since, detail: told.detail };
      await appendMessage(tx, tenantId, { event: `${system}_away`, to, language, values, correlationId });
    } else {
      const values = { since, until: last };
      await appendMessage(tx, tenantId, { event: `${system}_back`, to, language, values, correlationId });
    }
  }
}
