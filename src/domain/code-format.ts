import type { LocalDate } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';

/** The customer code that a tenant starts with, and that a customer gets of whom its format's parts are not known (C7). */
export const defaultCustomerFormat = 'CUST{NNN}';

/** What a format may name besides the number. Null: not known of this customer. */
export type CodeParts = {
  readonly location: string | null;
  readonly router: string | null;
  /** The day of registration in the tenant's zone. */
  readonly date: LocalDate;
};

/** `no_number`: nothing would tell two codes apart. */
export type CodeFault = 'no_number' | 'unknown_part' | 'missing_part';

const placeholder = /\{([^{}]*)\}/g;
const isNumber = (name: string): boolean => /^N+$/.test(name);

/** What of a shown name may stand in a code, and so in a username made from it: letters and digits. */
const codePart = (name: string | null): string | null => name?.replace(/[^A-Za-z0-9]/g, '') || null;

/** `2025-02-01` → `010225`. */
const ddmmyy = (date: LocalDate): string => date.slice(8, 10) + date.slice(5, 7) + date.slice(2, 4);

function partOf(name: string, { location, router, date }: CodeParts): string | null | undefined {
  if (name === 'LOCATION') return codePart(location);
  if (name === 'ROUTER') return codePart(router);
  return name === 'DDMMYY' ? ddmmyy(date) : undefined;
}

/**
 * The series that a format makes for one customer, `KCB-CKP010225-{NNN}` of `{LOCATION}-{ROUTER}{DDMMYY}-{NNN}`: each
 * series counts by itself, from 1 (spec C7).
 */
export function codeSeries(format: string, parts: CodeParts): Result<string, CodeFault> {
  const names = [...format.matchAll(placeholder)].map(([, name = '']) => name);
  if (names.filter(isNumber).length !== 1) return err('no_number');
  const found = new Map(names.map((name) => [name, isNumber(name) ? `{${name}}` : partOf(name, parts)]));
  if ([...found.values()].includes(undefined)) return err('unknown_part');
  if ([...found.values()].includes(null)) return err('missing_part');
  return ok(format.replace(placeholder, (_whole, name: string) => found.get(name) ?? ''));
}

/** The code with `number` in a series; it grows by a digit when the `N`s are used up: `CKP999`, then `CKP1000`. */
export const codeInSeries = (series: string, number: bigint): string =>
  series.replace(/\{(N+)\}/, (_whole, digits: string) => number.toString().padStart(digits.length, '0'));
