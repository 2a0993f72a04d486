import type { AttributeRow } from '#domain/access.ts';

/** `AA:BB:CC:DD:EE:FF`, the notation in which the hub keeps a MAC; null when it is none. */
export function normalMac(text: string): string | null {
  const digits = text.trim().replace(/[-:.\s]/g, '');
  if (!/^[0-9a-f]{12}$/i.test(digits)) return null;
  return (digits.toUpperCase().match(/../g) ?? []).join(':');
}

/** One hex digit in either case. */
const eitherCase = (digit: string): string => (/[A-F]/.test(digit) ? `[${digit}${digit.toLowerCase()}]` : digit);

/**
 * The check row that lets one modem in (spec R3), `mac` as `AA:BB:CC:DD:EE:FF`: a pattern that takes colons, dashes, dots or
 * nothing between the bytes, in either case, so that it holds where FreeRADIUS compares what the router sent as well as
 * where `radius-config/` has made it one notation. Classes only: FreeRADIUS is built with one of two pattern libraries.
 */
export const macLock = (mac: string): AttributeRow => ({
  attribute: 'Calling-Station-Id',
  op: '=~',
  value: `^${mac
    .split(':')
    .map((byte) => [...byte].map(eitherCase).join(''))
    .join('[-:.]?')}$`,
});

/** The MAC that a check row locks to: the hub's own pattern, or a plain address in any notation; null: it is no such lock. */
export function lockedMac({ op, value }: AttributeRow): string | null {
  if (op === '==') return normalMac(value);
  const plain = value.replaceAll('[-:.]?', ':').replace(/\[([0-9A-F])[0-9a-f]\]/g, '$1');
  const mac = normalMac(plain.replace(/^\^|\$$/g, ''));
  return mac !== null && op === '=~' && macLock(mac).value === value ? mac : null;
}
