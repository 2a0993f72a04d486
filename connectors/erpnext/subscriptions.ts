import type { LedgerSubscription } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Known, LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, Filter } from './client.ts';
import { forEach } from './each.ts';
import { documentHead, readFields } from './field-shapes.ts';
import type { Versioned } from './invoice.ts';
import type { ErpnextMapping } from './mapping.ts';
import { readSubscription, subscriptionDoctype } from './subscription.ts';
import { sweep } from './sweep.ts';

/** Subscriptions of customers that are not cancelled. */
export const live: readonly Filter[] = [
  ['status', '!=', 'Cancelled'],
  ['party_type', '=', 'Customer'],
];

/**
 * All subscriptions that are not cancelled. Plans and custom fields stand in the document only: a list that is asked
 * for a custom field which is not installed fails as a whole.
 */
export async function listSubscriptions(
  client: ErpnextClient,
  custom: ErpnextMapping['Subscription'],
  pageLength: number,
  known: Known,
): Promise<Result<readonly Versioned<LedgerSubscription>[], LedgerFailure>> {
  const rows = await sweep(client, subscriptionDoctype, { fields: ['name', 'modified'], filters: live, pageLength });
  if (!rows.ok) return rows;
  const all = await forEach(rows.value.rows, (row) => whole(client, custom, row, known));
  if (!all.ok) return all;
  return ok(all.value.filter((entry) => entry !== null && !entry.fact.cancelled).flatMap((entry) => entry ?? []));
}

/** Null: it went away meanwhile, or is none of a customer. */
async function whole(
  client: ErpnextClient,
  custom: ErpnextMapping['Subscription'],
  row: Fields,
  known: Known,
): Promise<Result<Versioned<LedgerSubscription> | null, LedgerFailure>> {
  const head = readFields(subscriptionDoctype, documentHead, row);
  if (!head.ok) return err({ reason: 'nonsense', detail: head.error });
  const version = { doctype: subscriptionDoctype, ...head.value };
  const held = known(version);
  if (held?.kind === 'subscription') return ok({ version, fact: held });
  const document = await client.document(subscriptionDoctype, head.value.name);
  if (!document.ok || document.value === null) return document.ok ? ok(null) : document;
  const read = readSubscription(document.value, custom);
  return read.ok ? read : err({ reason: 'nonsense', detail: read.error });
}

/** Names of a customer's live subscriptions. */
export async function subscriptionsOf(
  { client, pageLength }: { readonly client: ErpnextClient; readonly pageLength: number },
  customer: string,
): Promise<Result<readonly string[], LedgerFailure>> {
  const filters: readonly Filter[] = [...live, ['party', '=', customer]];
  const rows = await sweep(client, subscriptionDoctype, { fields: ['name'], filters, pageLength });
  return rows.ok ? ok(rows.value.rows.map(({ name }) => String(name))) : rows;
}
