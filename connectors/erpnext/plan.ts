import type { LedgerPlan } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import {
  amount,
  type Counting,
  documentHead,
  foreignCurrency,
  optionalText,
  readFields,
  text,
} from './field-shapes.ts';
import type { Versioned } from './invoice.ts';

export const planDoctype = 'Subscription Plan';

/** Reads a plan. `cost` is 0 where ERPNext takes the price from a price list. */
export function planReader(counting: Counting): (value: unknown) => Result<Versioned<LedgerPlan>, string> {
  const shape = documentHead.extend({
    item: text,
    cost: amount(counting.currency, 'floor').nullish(),
    currency: optionalText,
  });
  return (value) => {
    const read = readFields(planDoctype, shape, value);
    if (!read.ok) return read;
    const fields = read.value;
    const foreign = foreignCurrency(counting, fields.currency);
    if (foreign !== null)
      return err(`${planDoctype} ${fields.name} is in ${foreign}, but this tenant counts in ${counting.currency}`);
    return ok({
      version: { doctype: planDoctype, name: fields.name, modified: fields.modified },
      fact: { kind: 'plan', name: fields.name, item: fields.item, cost: fields.cost ?? 0n },
    });
  };
}
