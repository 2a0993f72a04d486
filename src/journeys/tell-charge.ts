import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { toDecimal } from '#domain/money.ts';
import type { ChargeRow } from '#features/charges/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** What a charge came to that somebody should know of, in words. */
export type ToldCharge = {
  readonly charge: ChargeRow;
  readonly text: string;
  readonly correlationId: string;
  /** Whether a person must do something about it. */
  readonly isUrgent: boolean;
};

/** Whoever looks after money. */
const keepers = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', 'in', ['admin', 'finance'])
    .where('is_active', '=', true)
    .select(['id', 'email'])
    .execute();

async function writeToKeepers(tx: Tx, told: ToldCharge, appendMessage: AppendMessage): Promise<void> {
  const { charge, text, correlationId } = told;
  const tenantId = charge.tenant_id;
  const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
  const { language } = readTenantSettings(tenant?.settings);
  const values = {
    charge: charge.id,
    gateway: charge.gateway,
    customer: charge.customer_code ?? 'deposit',
    amount: `IDR ${toDecimal(charge.amount, 'IDR')}`,
    problem: text,
  };
  for (const { id: userId, email } of await keepers(tx, tenantId)) {
    await appendMessage(tx, tenantId, {
      event: 'charge_problem',
      to: { email, userId },
      language,
      values,
      correlationId,
    });
  }
}

/** Tells the timelines of the customer's lines what became of a charge, and those who look after money where they must act. */
export async function tellCharge(tx: Tx, told: ToldCharge, appendMessage: AppendMessage): Promise<void> {
  const { charge, text, correlationId, isUrgent } = told;
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', charge.tenant_id)
    .where('customer_id', '=', charge.customer_id)
    .where('terminated_at', 'is', null)
    .select('id')
    .execute();
  const data = { charge_id: charge.id, gateway: charge.gateway };
  const entries = lines.map(({ id }) => ({ subscriptionId: id, kind: 'charge', text, correlationId, data }));
  await appendTimeline(tx, charge.tenant_id, entries);
  if (isUrgent) await writeToKeepers(tx, told, appendMessage);
}
