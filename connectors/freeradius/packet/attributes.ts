import { ok, type Result } from '#domain/result.ts';
import { type AttributeName, entryAt, entryOf } from './dictionary.ts';
import { encodeRaw, type RawAttribute } from './raw-attribute.ts';
import { decodeValue, encodeValue, type Value, type ValueFault } from './value.ts';
import { encodeVendorSpecific, parseVendorSpecific, vendorSpecificType } from './vendor-specific.ts';

/** An attribute to be sent. Integers and dates (seconds since 1970) are numbers, addresses dotted text. */
export type Attribute = { readonly name: AttributeName; readonly value: Value };

/** What came, by name, each with its values in the order of the packet (see `decodeValue` for their text). */
export type DecodedAttributes = Readonly<Record<string, readonly string[]>>;

function encodeOne({ name, value }: Attribute): Result<Buffer, ValueFault> {
  const entry = entryOf(name);
  const bytes = encodeValue(entry.type, value);
  if (!bytes.ok) return bytes;
  return entry.vendor === 0
    ? ok(encodeRaw(entry.number, bytes.value))
    : encodeVendorSpecific(entry.vendor, entry.number, bytes.value);
}

/** The attribute bytes of a packet, in the order given; the first value that does not fit is the fault. */
export function encodeAttributes(attributes: readonly Attribute[]): Result<Buffer, ValueFault> {
  const parts: Buffer[] = [];
  for (const attribute of attributes) {
    const bytes = encodeOne(attribute);
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(Buffer.concat(parts));
}

type Named = readonly [name: string, text: string];

function named(vendor: number, { type, value }: RawAttribute): Named {
  const entry = entryAt(vendor, type);
  if (entry) return [entry.name, decodeValue(entry.type, value)];
  return [vendor === 0 ? `Attr-${type}` : `Vendor-${vendor}-Attr-${type}`, decodeValue('octets', value)];
}

function namedAll(attribute: RawAttribute): readonly Named[] {
  if (attribute.type !== vendorSpecificType) return [named(0, attribute)];
  const inner = parseVendorSpecific(attribute.value);
  if (!inner.ok) return [named(0, attribute)];
  return inner.value.attributes.map((one) => named(inner.value.vendor, one));
}

/** Names and texts of what came; what the dictionary does not hold is kept as `Attr-n` or `Vendor-v-Attr-n`. */
export function decodeAttributes(attributes: readonly RawAttribute[]): DecodedAttributes {
  const found = new Map<string, string[]>();
  for (const [name, text] of attributes.flatMap(namedAll)) found.set(name, [...(found.get(name) ?? []), text]);
  return Object.fromEntries(found);
}

/** The values of one attribute as bytes, in the packet's order. */
export function bytesOf(attributes: readonly RawAttribute[], name: AttributeName): readonly Buffer[] {
  const { vendor, number } = entryOf(name);
  if (vendor === 0) return attributes.filter(({ type }) => type === number).map(({ value }) => value);
  return attributes.flatMap((attribute) => {
    const inner = attribute.type === vendorSpecificType ? parseVendorSpecific(attribute.value) : undefined;
    if (!inner?.ok || inner.value.vendor !== vendor) return [];
    return inner.value.attributes.filter(({ type }) => type === number).map(({ value }) => value);
  });
}
