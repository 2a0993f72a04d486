import { z } from 'zod';
import type { LedgerJournal } from '#domain/facts.ts';
import { ok, type Result } from '#domain/result.ts';
import { amount, type Counting, optionalDate, optionalText, readFields, submittable } from './field-shapes.ts';
import { invoiceDoctype, type Versioned } from './invoice.ts';

export const journalDoctype = 'Journal Entry';

/** What moves money, by ERPNext's own kinds of entry. */
const moneyEntries = ['Bank Entry', 'Cash Entry'];

function shapes({ currency }: Counting) {
  const row = z.object({
    party_type: optionalText,
    party: optionalText,
    reference_type: optionalText,
    reference_name: optionalText,
    // Rounding never makes debt.
    debit_in_account_currency: amount(currency, 'floor').nullish(),
    credit_in_account_currency: amount(currency, 'ceiling').nullish(),
  });
  return submittable.extend({
    voucher_type: optionalText,
    posting_date: optionalDate.optional(),
    accounts: z.array(row).nullish(),
  });
}

type Row = NonNullable<z.infer<ReturnType<typeof shapes>>['accounts']>[number];
type PartyRow = Row & { readonly party: string };

const isOfCustomer = (row: Row): row is PartyRow => row.party_type === 'Customer' && row.party !== null;

/** What the rows come to for each customer. */
function movesOf(rows: readonly PartyRow[]): NonNullable<LedgerJournal['moves']> {
  const sums = new Map<string, bigint>();
  for (const { party, debit_in_account_currency: debit, credit_in_account_currency: credit } of rows)
    sums.set(party, (sums.get(party) ?? 0n) + (debit ?? 0n) - (credit ?? 0n));
  return [...sums].map(([customer, moved]) => ({ customer, amount: moved }));
}

type JournalReader = (value: unknown) => Result<Versioned<LedgerJournal> | null, string>;

/** Reads a Journal Entry; null: it moves no customer's account. */
export function journalReader(counting: Counting): JournalReader {
  const shape = shapes(counting);
  return (value) => {
    const read = readFields(journalDoctype, shape, value);
    if (!read.ok) return read;
    const { name, modified, docstatus, accounts, voucher_type: type, posting_date: postedOn } = read.value;
    const rows = (accounts ?? []).filter(isOfCustomer);
    const [first] = rows;
    if (!first) return ok(null);
    const pays = rows.flatMap(({ reference_type, reference_name }) =>
      reference_type === invoiceDoctype && reference_name !== null ? [reference_name] : [],
    );
    const fact: LedgerJournal = {
      kind: 'journal',
      name,
      customer: first.party,
      submitted: docstatus === '1',
      pays: [...new Set(pays)],
      ...(typeof postedOn === 'string' ? { postedOn } : {}),
      isMoney: type !== null && moneyEntries.includes(type),
      moves: movesOf(rows),
    };
    return ok({ version: { doctype: journalDoctype, name, modified }, fact });
  };
}
