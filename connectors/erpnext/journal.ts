import { z } from 'zod';
import type { LedgerJournal } from '#domain/facts.ts';
import { ok, type Result } from '#domain/result.ts';
import { optionalText, readFields, submittable } from './field-shapes.ts';
import { invoiceDoctype, type Versioned } from './invoice.ts';

export const journalDoctype = 'Journal Entry';

const row = z.object({
  party_type: optionalText,
  party: optionalText,
  reference_type: optionalText,
  reference_name: optionalText,
});
const shape = submittable.extend({ accounts: z.array(row).nullish() });

/** Reads a Journal Entry; null: it moves no customer's account. */
export function readJournal(value: unknown): Result<Versioned<LedgerJournal> | null, string> {
  const read = readFields(journalDoctype, shape, value);
  if (!read.ok) return read;
  const { name, modified, docstatus, accounts } = read.value;
  const rows = (accounts ?? []).filter(({ party_type }) => party_type === 'Customer');
  const customer = rows.find(({ party }) => party !== null)?.party ?? null;
  if (customer === null) return ok(null);
  const pays = rows.flatMap(({ reference_type, reference_name }) =>
    reference_type === invoiceDoctype && reference_name !== null ? [reference_name] : [],
  );
  const fact = { kind: 'journal', name, customer, submitted: docstatus === '1', pays: [...new Set(pays)] } as const;
  return ok({ version: { doctype: journalDoctype, name, modified }, fact });
}
