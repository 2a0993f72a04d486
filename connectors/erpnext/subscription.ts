import { z } from 'zod';
import type { LedgerSubscription } from '#domain/facts.ts';
import { ok, type Result } from '#domain/result.ts';
import { documentHead, optionalText, readFields, text } from './field-shapes.ts';
import type { Versioned } from './invoice.ts';
import type { ErpnextMapping } from './mapping.ts';

export const subscriptionDoctype = 'Subscription';

const shape = documentHead
  .extend({
    party_type: optionalText,
    party: text,
    status: text,
    plans: z.array(z.object({ plan: text })),
  })
  // Custom fields are read by the names of the mapping, and may be missing.
  .loose();

/** Reads a whole Subscription; null: it is a supplier's. A custom field that is absent, empty or no choice of ours is null. */
export function readSubscription(
  value: unknown,
  custom: ErpnextMapping['Subscription'],
): Result<Versioned<LedgerSubscription> | null, string> {
  const read = readFields(subscriptionDoctype, shape, value);
  if (!read.ok) return read;
  const fields = read.value;
  if (fields.party_type !== 'Customer') return ok(null);
  const mode = customText(fields[custom.billing_mode])?.toLowerCase();
  const day = Number(customText(fields[custom.due_day]) ?? Number.NaN);
  return ok({
    version: { doctype: subscriptionDoctype, name: fields.name, modified: fields.modified },
    fact: {
      kind: 'subscription',
      name: fields.name,
      customer: fields.party,
      cancelled: fields.status === 'Cancelled',
      plans: fields.plans.map(({ plan }) => plan),
      billingMode: mode === 'prepaid' || mode === 'postpaid' ? mode : null,
      dueDay: Number.isInteger(day) && day >= 1 && day <= 31 ? day : null,
      username: customText(fields[custom.username]),
    },
  });
}

/** The trimmed text of a custom field; null when it is unset or not there at all. */
export function customText(value: unknown): string | null {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed === '' ? null : trimmed;
}
