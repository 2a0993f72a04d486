import { err, ok, type Result } from '#domain/result.ts';

/** At most this many characters: FreeRADIUS's indexes and RouterOS agree up to here (spec C7). */
const usernameMaxLength = 32;

export type UsernameFault = 'empty' | 'too_long' | 'bad_character';

/**
 * The one form under which a PPPoE username is compared, stored in RADIUS and fenced: trimmed, lower case, letters,
 * digits and `@._-` only, at most 32 characters (spec C7, X9). MySQL's collation folds case and trailing blanks,
 * PostgreSQL's doesn't; only this form means the same in both.
 */
export function canonicalUsername(shown: string): Result<string, UsernameFault> {
  const name = shown.trim();
  if (name === '') return err('empty');
  if (name.length > usernameMaxLength) return err('too_long');
  // Looked at before the case is folded: the Kelvin sign folds to k, and is none.
  return /^[A-Za-z0-9@._-]+$/.test(name) ? ok(name.toLowerCase()) : err('bad_character');
}

/** What a taken name proposes instead (spec C7). It may itself be taken; the caller only offers it. */
export const usernameProposal = (shown: string, subdomain: string): string =>
  `${shown.trim().toLowerCase().split('@')[0] ?? ''}@${subdomain}`;
