import { type RawBuilder, sql } from 'kysely';
import type { Sight } from './sight.ts';

/** Characters of a value that stand in `customer_terms` from each position on. */
const keptCharacters = 16;
/** Shorter terms are looked for at the beginning of words only. */
const shortCharacters = 3;

/** No character comes after it, so that `term` and this bound all that begins with `term`. */
const last = '\u{10ffff}';

/** A phone number as people write it: digits, and what they put between them. */
const phoneLike = /^[0-9+][0-9 ().-]*$/;

/** The forms in which a term may stand in the table: as it was typed, and a phone number by its digits alone. */
function formsOf(term: string): readonly { readonly text: string; readonly digitsOnly: boolean }[] {
  const digits = phoneLike.test(term) ? term.replace(/[^0-9]/g, '') : '';
  const byDigits = digits.length >= shortCharacters && digits !== term ? [{ text: digits, digitsOnly: true }] : [];
  return [{ text: term, digitsOnly: false }, ...byDigits];
}

const ids = (tenantId: string, condition: RawBuilder<boolean>, fields: readonly string[]) =>
  sql`select customer_id from customer_terms
    where tenant_id = ${tenantId} and ${condition} and field = any(${sql.val(fields)}::text[])`;

/** `lower` is the database's: what it wrote the terms with. */
function found(sight: Sight, text: string, fields: readonly string[]) {
  if ([...text].length < shortCharacters) {
    return ids(sight.tenantId, sql<boolean>`term = lower(${text}::text) collate "C"`, ['N', 'C']);
  }
  const start = sql`left(lower(${text}::text), ${sql.lit(keptCharacters)})`;
  const end = sql`(${start} || ${last}::text)`;
  return ids(sight.tenantId, sql<boolean>`term >= ${start} collate "C" and term < ${end} collate "C"`, fields);
}

/**
 * The ids of customers whose name, code, phone or e-mail holds `term`, whatever its case (spec C4, P11); of a term of one
 * or two characters, those of whom a word of the name, or the code, begins with it. Who does not see phone and e-mail does
 * not find by them either.
 */
export function idsFound(sight: Sight, term: string): RawBuilder<{ customer_id: string }> {
  const fields = sight.seesContact ? ['n', 'c', 'p', 'e'] : ['n', 'c'];
  const known = formsOf(term).filter(({ digitsOnly }) => sight.seesContact || !digitsOnly);
  const forms = known.map(({ text, digitsOnly }) => found(sight, text, digitsOnly ? ['p'] : fields));
  return sql<{ customer_id: string }>`(${sql.join(forms, sql` union `)})`;
}

/** Whether a found row holds the whole of a term that is longer than what the table keeps; null: it always does. */
export function holdsWhole(sight: Sight, term: string): RawBuilder<boolean> | null {
  if ([...term].length <= keptCharacters) return null;
  const columns = sight.seesContact ? ['name', 'customer_code', 'phone', 'email'] : ['name', 'customer_code'];
  const each = columns.map((column) => sql`strpos(lower(${sql.ref(`c.${column}`)}), lower(${term}::text)) > 0`);
  const digits = formsOf(term).find(({ digitsOnly }) => digitsOnly);
  const byDigits =
    digits && sight.seesContact
      ? [sql`strpos(regexp_replace(c.phone, '[^0-9]', '', 'g'), ${digits.text}::text) > 0`]
      : [];
  return sql<boolean>`(${sql.join([...each, ...byDigits], sql` or `)})`;
}
