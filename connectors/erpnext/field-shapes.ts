import { z } from 'zod';
import { type Currency, type Rounding, toMinor } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';

/** The fields of Frappe's JSON as `parseExactJson` reads it: numbers are text. Unset is null or the empty text. */
export const text = z.string().min(1);
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value));
export const flag = z.enum(['0', '1']).transform((value) => value === '1');
export const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const optionalDate = z.union([
  date,
  z.literal('').transform(() => null),
  z.null(),
  z.undefined().transform(() => null),
]);

/** Every document has these; `modified` is naive, in the site's time zone. */
export const documentHead = z.object({ name: text, modified: text });
export const submittable = documentHead.extend({ docstatus: z.enum(['0', '1', '2']) });

/** A Currency field. ERPNext keeps up to nine decimals; what is finer than the minor unit goes where `rounding` says. */
export const amount = (currency: Currency, rounding: Rounding) =>
  z.string().transform((value, context) => {
    const minor = toMinor(value, currency, rounding);
    if (minor.ok) return minor.value;
    context.addIssue({ code: 'custom', message: minor.error });
    return z.NEVER;
  });

/** The error names the document and its first wrong field. */
export function readFields<T>(doctype: string, shape: z.ZodType<T>, value: unknown): Result<T, string> {
  const read = shape.safeParse(value);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  const head = documentHead.safeParse(value);
  const which = head.success ? ` ${head.data.name}` : '';
  return err(
    `${doctype}${which}: the field ${issue?.path.join('.') || 'name'} is missing or malformed (${issue?.message})`,
  );
}

/**
 * What a tenant counts in. `isChosen`: a person has said so, and a document in another currency is refused. While nobody
 * has, amounts count as they stand: what a customer owes and has paid is in one currency, its account's.
 */
export type Counting = { readonly currency: Currency; readonly isChosen: boolean };

/** Which of the given currencies the tenant does not count in; null where none is, or none is told. */
export const foreignCurrency = (
  { currency, isChosen }: Counting,
  ...told: readonly (string | null)[]
): string | null => (isChosen ? (told.find((code) => code !== null && code !== currency) ?? null) : null);
