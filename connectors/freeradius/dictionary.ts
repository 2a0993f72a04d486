import { isIPv4, isIPv6 } from 'node:net';
import type { AttributeRow } from '#domain/access.ts';
import type { AttributeType, RadiusMapping } from './mapping.ts';

const operators = {
  check: new Set([':=', '==', '=~']),
  reply: new Set([':=', '=', '+=']),
};

/** Width of `value` in FreeRADIUS's MySQL schema. */
const valueMaxLength = 253;

const isIpv6Prefix = (value: string): boolean => {
  const [address, length, ...rest] = value.split('/');
  if (rest.length > 0 || address === undefined || length === undefined) return false;
  return isIPv6(address) && /^\d{1,3}$/.test(length) && Number(length) <= 128;
};

function fits(type: AttributeType, value: string): boolean {
  switch (type.type) {
    case 'string':
      return true;
    case 'integer':
      return /^\d{1,10}$/.test(value) && Number(value) >= type.min && Number(value) <= type.max;
    case 'choice':
      return type.values.includes(value);
    case 'ipv4':
      return isIPv4(value);
    case 'ipv6':
      return isIPv6(value);
    case 'ipv6prefix':
      return isIpv6Prefix(value);
  }
}

/**
 * FreeRADIUS takes a value that begins and ends with the same quotation mark apart, and runs one in back quotes as a
 * program; control characters break log lines and pages. None of these is ever written.
 */
export function valueFault(value: string): string | null {
  if (value === '') return 'is empty';
  if (value.length > valueMaxLength) return `is longer than ${valueMaxLength} characters`;
  if (/\p{Cc}/u.test(value)) return 'holds a control character';
  if (/^(["'`]).*\1$/s.test(value) || /^["'`]$/.test(value)) return 'stands in quotation marks';
  return null;
}

/**
 * What is wrong with a row, in words; null: it may be written. One unknown name or wrong integer in a group makes
 * FreeRADIUS reject every member, unlogged, so nothing goes out unchecked. The value itself is never told: it may be secret.
 */
function rowFault(row: AttributeRow, side: 'check' | 'reply', mapping: RadiusMapping): string | null {
  const type = mapping.typeOf(row.attribute);
  if (!type) return `attribute ${row.attribute} is not in the dictionary of mappings/radius.yaml`;
  if (!operators[side].has(row.op)) return `operator ${row.op} of ${row.attribute} has no use in a ${side} row`;
  const fault = valueFault(row.value);
  if (fault) return `the value of ${row.attribute} ${fault}`;
  return fits(type, row.value) ? null : `the value of ${row.attribute} is no ${type.type} that FreeRADIUS would take`;
}

/** The first fault of many rows. */
export function firstFault(
  rows: readonly AttributeRow[],
  side: 'check' | 'reply',
  mapping: RadiusMapping,
): string | null {
  for (const row of rows) {
    const fault = rowFault(row, side, mapping);
    if (fault) return fault;
  }
  return null;
}
