import type { Tx } from '#db/database.ts';
import { announce } from '#outbox/announce.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { newCorrelationId } from '#platform/log.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** A hold of the safety brake, as far as its admins are told of it. */
export type Engaged = {
  readonly id: string;
  readonly since: Date;
  /** How many lines wait. */
  readonly lines: number;
  /** Why it holds, where the count of lines does not say so, or why a release was stopped. */
  readonly note: string | null;
};

/** Writes to the tenant's admins, and tells its other systems, that the safety brake waits for a person (spec B8). */
export async function tellHeld(
  tx: Tx,
  tenantId: string,
  { id, since, lines, note }: Engaged,
  appendMessage: AppendMessage,
): Promise<void> {
  const correlationId = newCorrelationId();
  const data = { id, since: since.toISOString(), lines, note };
  await announce(tx, tenantId, { type: 'brake.engaged', data, correlationId });
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const admins = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .select(['id', 'email'])
    .execute();
  for (const admin of admins) {
    await appendMessage(tx, tenantId, {
      event: 'brake_engaged',
      to: { email: admin.email, userId: admin.id },
      language: readTenantSettings(settings).language,
      values: { lines: String(lines), note: note ?? '' },
      correlationId,
    });
  }
}
