import { err, ok, type Result } from '#domain/result.ts';
import { encodeRaw, parseRaw, type RawAttribute } from './raw-attribute.ts';
import { maxValueLength } from './value.ts';

export const vendorSpecificType = 26;

const vendorLength = 4;
const subHeaderLength = 2;

/** One vendor attribute in the recommended form: vendor (u32), then type, length, value (RFC 2865 §5.26). */
export function encodeVendorSpecific(vendor: number, type: number, value: Buffer): Result<Buffer, 'value_too_long'> {
  if (value.length > maxValueLength - vendorLength - subHeaderLength) return err('value_too_long');
  const id = Buffer.alloc(vendorLength);
  id.writeUInt32BE(vendor);
  return ok(encodeRaw(vendorSpecificType, Buffer.concat([id, encodeRaw(type, value)])));
}

/** The vendor's attributes inside one type 26; the fault means that this vendor packs its bytes in a way of its own. */
export function parseVendorSpecific(
  value: Buffer,
): Result<{ readonly vendor: number; readonly attributes: readonly RawAttribute[] }, 'attributes'> {
  if (value.length <= vendorLength) return err('attributes');
  const inner = parseRaw(value.subarray(vendorLength));
  return inner.ok ? ok({ vendor: value.readUInt32BE(0), attributes: inner.value }) : inner;
}
