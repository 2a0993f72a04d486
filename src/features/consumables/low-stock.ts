import type { Tx } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { Who } from '#platform/caller.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type ConsumableRow, keepers, settingsOf } from './store.ts';

/** How much there was, and how much was wanted; null: it has just arisen. */
type Before = Pick<ConsumableRow, 'quantity' | 'minimum'> | null;

const isEnough = (before: Before): boolean => before === null || before.quantity >= before.minimum;

/** Writes to whoever sees to it, once for each time that a quantity falls below its minimum (P49). */
export async function tellIfLow(
  tx: Tx,
  { tenantId, correlationId }: Who,
  before: Before,
  after: ConsumableRow,
  appendMessage: AppendMessage,
): Promise<void> {
  const { name, place, unit, quantity, minimum } = after;
  // A minimum that was raised is a crossing like a quantity that fell.
  if (!isEnough(before) || isEnough(after)) return;
  const { language } = readTenantSettings(await settingsOf(tx, tenantId));
  const values = { item: name, place, quantity: `${quantity} ${unit}`, minimum: `${minimum} ${unit}` };
  for (const { id: userId, email } of await keepers(tx, tenantId)) {
    await appendMessage(tx, tenantId, { event: 'low_stock', to: { email, userId }, language, values, correlationId });
  }
}
