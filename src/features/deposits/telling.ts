import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { settingsOf } from '#db/settings-of.ts';
import { moneyText } from '#domain/money-text.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { newCorrelationId } from '#platform/log.ts';

type Told = { readonly resellerId: string; readonly balance: bigint; readonly correlationId: string };

/** Whoever logs in for a reseller; of one that nobody does for, its own address. */
async function readersOf(tx: Tx, tenantId: string, resellerId: string) {
  const users = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('is_active', '=', true)
    .select(['id as userId', 'email', 'name'])
    .execute();
  if (users.length > 0) return users;
  const reseller = await tx
    .selectFrom('resellers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', resellerId)
    .select(['email', 'name'])
    .executeTakeFirst();
  return reseller?.email ? [{ email: reseller.email, name: reseller.name }] : [];
}

async function tell<E extends 'deposit_low' | 'deposit_topped_up'>(
  tx: Tx,
  tenantId: string,
  event: E,
  told: Told & { readonly amount: bigint },
  appendMessage: AppendMessage,
): Promise<void> {
  const { resellerId, balance, amount, correlationId } = told;
  const { language, currency } = await settingsOf(tx, tenantId);
  const text = (minor: bigint): string => moneyText(minor, currency, language);
  for (const { name, ...to } of await readersOf(tx, tenantId, resellerId)) {
    const values = { name, balance: text(balance), amount: text(amount) };
    await appendMessage(tx, tenantId, { event, to, language, values, correlationId });
  }
}

/** Writes to a reseller that its deposit was topped up by so much. */
export const tellToppedUp = (
  tx: Tx,
  tenantId: string,
  told: Told & { readonly amount: bigint },
  appendMessage: AppendMessage,
): Promise<void> => tell(tx, tenantId, 'deposit_topped_up', told, appendMessage);

/**
 * Writes to resellers whose deposit has fallen below their mark, once until it is back above: what is spent does not wait
 * for a message to be written.
 */
export const tellLow = (db: Database, tenantId: string, now: number, appendMessage: AppendMessage): Promise<void> =>
  db.worker(tenantId, async (tx) => {
    const { rows } = await sql<{ resellerId: string; balance: bigint; amount: bigint }>`
      update deposits set low_told_at = ${new Date(now)}
      where tenant_id = ${tenantId} and balance < low_mark and low_told_at is null
      returning reseller_id as "resellerId", balance, low_mark as amount`.execute(tx);
    for (const row of rows) {
      await tell(tx, tenantId, 'deposit_low', { ...row, correlationId: newCorrelationId() }, appendMessage);
    }
  });
