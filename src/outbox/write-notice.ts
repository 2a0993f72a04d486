import type { Tx } from '#db/database.ts';
import { toDecimal } from '#domain/money.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** A bill of which its debtor is reminded before a cut; `amount` in minor units. */
export type Reminding = {
  readonly invoice: string;
  readonly amount: bigint;
  readonly dueDate: string;
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
};

/** Writes the reminder that must be delivered before a cut, in the caller's transaction (spec X7); answers its id. */
export async function writeNotice(
  tx: Tx,
  tenantId: string,
  { invoice, amount, dueDate, customerId, name, email }: Reminding,
  correlationId: string,
  appendMessage: AppendMessage,
): Promise<string> {
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const { currency, language, notice_hours: hours } = readTenantSettings(settings);
  return appendMessage(tx, tenantId, {
    event: 'cut_notice',
    to: { email, customerId },
    language,
    values: {
      name,
      invoice,
      amount: `${currency} ${toDecimal(amount, currency)}`,
      due_date: dueDate,
      hours: String(hours),
    },
    correlationId,
  });
}
