import { err, ok, type Result } from '#domain/result.ts';

/** One attribute as it stands on the wire. */
export type RawAttribute = { readonly type: number; readonly value: Buffer };

const headerLength = 2;

/** Type, length, value (RFC 2865 §5). The value holds at most 253 bytes. */
export const encodeRaw = (type: number, value: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([type, value.length + headerLength]), value]);

/** Reads a packet's attribute bytes; they must be used up exactly, and no length may be under 2 or reach over the end. */
export function parseRaw(region: Buffer): Result<readonly RawAttribute[], 'attributes'> {
  const found: RawAttribute[] = [];
  let at = 0;
  while (at < region.length) {
    const type = region[at];
    const length = region[at + 1];
    if (type === undefined || length === undefined) return err('attributes');
    if (length < headerLength || at + length > region.length) return err('attributes');
    found.push({ type, value: region.subarray(at + headerLength, at + length) });
    at += length;
  }
  return ok(found);
}
