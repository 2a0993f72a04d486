import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields } from './client.ts';
import { customText, subscriptionDoctype } from './subscription.ts';

/**
 * Writes a text (the username, the serial of the modem) to a Subscription: looks first, writes only a difference and only to the version that it saw, and
 * looks again, for Frappe drops an unknown field without a word.
 */
export async function writeUsername(
  client: ErpnextClient,
  field: string,
  subscription: string,
  username: string,
): Promise<Result<'written' | 'unchanged', LedgerFailure>> {
  const before = await present(client, subscription);
  if (!before.ok) return before;
  if ((customText(before.value[field]) ?? '') === username) return ok('unchanged');
  const written = await client.update(subscriptionDoctype, subscription, {
    [field]: username,
    modified: before.value.modified,
  });
  if (!written.ok) return written;
  const after = await present(client, subscription);
  if (!after.ok) return after;
  if ((customText(after.value[field]) ?? '') === username) return ok('written');
  return err(field in after.value ? overtaken(subscription) : notInstalled(field));
}

async function present(client: ErpnextClient, subscription: string): Promise<Result<Fields, LedgerFailure>> {
  const document = await client.document(subscriptionDoctype, subscription);
  if (!document.ok) return document;
  if (document.value === null) return err({ reason: 'rejected', detail: `Subscription ${subscription} is gone` });
  return ok(document.value);
}

const overtaken = (subscription: string): LedgerFailure => ({
  reason: 'unreachable',
  detail: `Subscription ${subscription} was changed by somebody else meanwhile`,
});

const notInstalled = (field: string): LedgerFailure => ({
  reason: 'rejected',
  detail: `ERPNext's Subscription has no field ${field}: add it as a custom field of type Data`,
});
