import type { AttributeRow, DesiredAccess } from '#domain/access.ts';
import { macLock } from '#domain/mac.ts';
import type { HeldRows } from './radius-view.ts';

const told = ({ attribute, op, value }: AttributeRow): string => `${attribute} ${op} ${value}`;
const isSecret = ({ attribute }: AttributeRow): boolean => /password|secret/i.test(attribute);

/** Rows as a person may see them: a password is there or not, never what it is. */
export const withoutSecrets = (rows: readonly AttributeRow[]): AttributeRow[] =>
  rows.map((row) => ({ ...row, value: isSecret(row) ? '(hidden)' : row.value }));

function lists(name: string, wanted: readonly string[], held: readonly string[]): readonly string[] {
  const missing = wanted.filter((one) => !held.includes(one)).map((one) => `RADIUS lacks ${name} ${one}`);
  const surplus = held
    .filter((one) => !wanted.includes(one))
    .map((one) => `RADIUS has ${name} ${one}, which nobody wants`);
  return [...missing, ...surplus];
}

/** Where what RADIUS holds of a user is not what was decided, in words; empty: they agree. */
export function differences(desired: DesiredAccess, held: HeldRows | null): readonly string[] {
  if (held === null) return ['RADIUS does not know the user'];
  const lock = desired.mac === null ? [] : [told(macLock(desired.mac))];
  const check = held.check.filter((row) => !isSecret(row)).map(told);
  return [
    ...lists('group', [desired.group], held.groups),
    ...(held.check.some(isSecret) ? [] : ['RADIUS lacks the password']),
    ...lists('check row', lock, check),
    ...lists('reply row', desired.reply.map(told), held.reply.map(told)),
  ];
}
