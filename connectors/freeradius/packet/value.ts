import { isIPv4 } from 'node:net';
import { err, ok, type Result } from '#domain/result.ts';
import type { ValueType } from './dictionary.ts';

export type Value = string | number | Uint8Array;
export type ValueFault = 'empty_value' | 'value_too_long' | 'not_an_address' | 'not_an_integer';

/** Longest value of a standard attribute: its length octet counts type and length too (RFC 2865 §5). */
export const maxValueLength = 253;

const maxInteger = 0xffff_ffff;

function encodeInteger(value: Value): Result<Buffer, ValueFault> {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maxInteger)
    return err('not_an_integer');
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return ok(bytes);
}

function encodeAddress(value: Value): Result<Buffer, ValueFault> {
  if (typeof value !== 'string' || !isIPv4(value)) return err('not_an_address');
  return ok(Buffer.from(value.split('.').map(Number)));
}

function encodeBytes(value: Value): Result<Buffer, ValueFault> {
  const bytes = typeof value === 'number' ? Buffer.from(String(value)) : Buffer.from(value);
  if (bytes.length === 0) return err('empty_value');
  return bytes.length > maxValueLength ? err('value_too_long') : ok(bytes);
}

/** The bytes of a value. Text is UTF-8; integers and dates are unsigned 32 bits; an empty value is no attribute. */
export function encodeValue(type: ValueType, value: Value): Result<Buffer, ValueFault> {
  if (type === 'integer' || type === 'date') return encodeInteger(value);
  return type === 'ipaddr' ? encodeAddress(value) : encodeBytes(value);
}

/** A value as text: numbers in decimal, addresses dotted, octets as `0x…`; so is whatever does not fit its type. */
export function decodeValue(type: ValueType, bytes: Buffer): string {
  if (type === 'string') return bytes.toString('utf8');
  if (bytes.length === 4 && (type === 'integer' || type === 'date')) return String(bytes.readUInt32BE(0));
  if (bytes.length === 4 && type === 'ipaddr') return [...bytes].join('.');
  return `0x${bytes.toString('hex')}`;
}
