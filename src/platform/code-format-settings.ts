import type { z } from '@hono/zod-openapi';
import { type CodeFault, codeInSeries, codeSeries } from '#domain/code-format.ts';
import { canonicalUsername } from '#domain/username.ts';
import { filledText } from '#platform/stored-text.ts';

/** A customer of whom everything is known: what a format makes for it shows whether the format is sound. */
const sample = { location: 'KCB', router: 'CKP', date: '2025-02-01' };

const faults: Record<CodeFault, string> = {
  no_number: 'must hold one number, such as {NNN}',
  unknown_part: 'may hold {LOCATION}, {ROUTER}, {DDMMYY} and a number such as {NNN}, nothing else in braces',
  missing_part: 'cannot be made of a customer',
};

/** What is wrong with a format, by a dry run; null: nothing. */
function formatFault(format: string, of: 'code' | 'username'): string | null {
  if (/\{N{7,}\}/.test(format)) return 'has at most 6 digits: {NNNNNN}';
  const series = codeSeries(format, sample);
  if (!series.ok) return faults[series.error];
  if (/[{}]/.test(series.value.replace(/\{N+\}/, ''))) return 'has a brace that belongs to none';
  const code = codeInSeries(series.value, 1n);
  if (of === 'code') return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(code) ? null : 'must be printable ASCII';
  const canonical = canonicalUsername(code);
  return canonical.ok && canonical.value.length === code.length
    ? null
    : 'must make names of letters, digits and @ . _ - only, at most 32';
}

/** A pattern of spec C7, checked by rendering it once. */
export const codeFormat = (of: 'code' | 'username'): z.ZodType<string, string> =>
  filledText(60).superRefine((format, context) => {
    const fault = formatFault(format, of);
    if (fault !== null) context.addIssue(fault);
  });
