import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attribute, bytesOf, decodeAttributes, encodeAttributes } from './attributes.ts';
import { dictionary } from './dictionary.ts';
import { parsePacket } from './packet.ts';
import { encodeRaw, parseRaw } from './raw-attribute.ts';

function roundTrip(attributes: readonly Attribute[]): ReturnType<typeof decodeAttributes> {
  const encoded = encodeAttributes(attributes);
  if (!encoded.ok) throw new Error(encoded.error);
  const raw = parseRaw(encoded.value);
  if (!raw.ok) throw new Error(raw.error);
  return decodeAttributes(raw.value);
}

describe('attributes', () => {
  it('each type and each vendor comes back as it was sent', () => {
    expect(
      roundTrip([
        { name: 'User-Name', value: 'ckp123@rtrw' },
        { name: 'NAS-Port', value: 4_294_967_295 },
        { name: 'Framed-IP-Address', value: '10.66.0.255' },
        { name: 'Event-Timestamp', value: 1_790_000_000 },
        { name: 'Class', value: Buffer.from([0, 255, 128]) },
        { name: 'Mikrotik-Group', value: 'isolir' },
        { name: 'Mikrotik-Address-List', value: 'isolir' },
        { name: 'Mikrotik-Rate-Limit', value: '2M/10M 4M/20M 1M/5M 8/8 8' },
      ]),
    ).toEqual({
      'User-Name': ['ckp123@rtrw'],
      'NAS-Port': ['4294967295'],
      'Framed-IP-Address': ['10.66.0.255'],
      'Event-Timestamp': ['1790000000'],
      Class: ['0x00ff80'],
      'Mikrotik-Group': ['isolir'],
      'Mikrotik-Address-List': ['isolir'],
      'Mikrotik-Rate-Limit': ['2M/10M 4M/20M 1M/5M 8/8 8'],
    });
  });

  it('an attribute sent twice keeps both values in order, also as bytes', () => {
    const encoded = encodeAttributes([
      { name: 'Class', value: 'a' },
      { name: 'Mikrotik-Group', value: 'x' },
      { name: 'Class', value: 'b' },
    ]);
    const raw = encoded.ok ? parseRaw(encoded.value) : encoded;
    if (!raw.ok) throw new Error(raw.error);
    expect(bytesOf(raw.value, 'Class').map(String)).toEqual(['a', 'b']);
    expect(bytesOf(raw.value, 'Mikrotik-Group').map(String)).toEqual(['x']);
    expect(bytesOf(raw.value, 'Mikrotik-Rate-Limit')).toEqual([]);
  });

  it.each([
    ['an empty text', { name: 'User-Name', value: '' }, 'empty_value'],
    ['254 bytes', { name: 'User-Name', value: 'x'.repeat(254) }, 'value_too_long'],
    ['248 bytes for a vendor', { name: 'Mikrotik-Rate-Limit', value: 'x'.repeat(248) }, 'value_too_long'],
    ['no address', { name: 'Framed-IP-Address', value: '10.0.0' }, 'not_an_address'],
    ['33 bits', { name: 'NAS-Port', value: 2 ** 32 }, 'not_an_integer'],
    ['a negative number', { name: 'NAS-Port', value: -1 }, 'not_an_integer'],
  ] as const)('%s is refused with its reason', (_, attribute, error) => {
    expect(encodeAttributes([attribute])).toEqual({ ok: false, error });
  });

  it('what the dictionary does not hold, and what does not fit its type, is kept as bytes', () => {
    const vendorOf = Buffer.from([0, 0, 0x3a, 0x8c, 99, 3, 7]);
    const region = Buffer.concat([
      encodeRaw(200, Buffer.from([1])),
      encodeRaw(26, vendorOf),
      encodeRaw(26, Buffer.from([0, 0, 1])),
      encodeRaw(8, Buffer.from([10])),
    ]);
    const raw = parseRaw(region);
    expect(raw.ok && decodeAttributes(raw.value)).toEqual({
      'Attr-200': ['0x01'],
      'Vendor-14988-Attr-99': ['0x07'],
      'Attr-26': ['0x000001'],
      'Framed-IP-Address': ['0x0a'],
    });
  });

  it('every name and every number stands once in the dictionary', () => {
    expect(new Set(dictionary.map(({ name }) => name)).size).toBe(dictionary.length);
    expect(new Set(dictionary.map(({ vendor, number }) => `${vendor}:${number}`)).size).toBe(dictionary.length);
  });

  it('any text of 1 to 253 bytes comes back, whatever its characters', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((one) => Buffer.byteLength(one) <= 253);
    fc.assert(
      fc.property(text, (value) => {
        expect(roundTrip([{ name: 'User-Name', value }])).toEqual({ 'User-Name': [value] });
      }),
      { numRuns: 500 },
    );
  });

  it('no bytes whatever make the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const packet = parsePacket(bytes);
        if (packet.ok) decodeAttributes(packet.value.attributes);
        const raw = parseRaw(Buffer.from(bytes));
        if (raw.ok) decodeAttributes(raw.value);
      }),
      { numRuns: 2000 },
    );
  });
});
