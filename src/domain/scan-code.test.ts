import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalMac } from './mac.ts';
import { normalGponSn, readCode, serialKey } from './scan-code.ts';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789ABCDEF'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
const mac = hex(12).map((digits) => (digits.match(/../g) ?? []).join(':'));
const plain = (address: string): string => address.replaceAll(':', '');
const notation = fc.constantFrom<(address: string) => string>(
  (address) => address,
  (address) => address.toLowerCase(),
  (address) => address.replaceAll(':', '-'),
  (address) => plain(address),
  (address) => plain(address).replace(/(....)(....)(....)/, '$1.$2.$3'),
  (address) => plain(address).replace(/(....)(....)(....)/, '$1-$2-$3'),
);
/** A modem's own serial: no twelve hex digits, no GPON serial. */
const serial = hex(7).map((digits) => `INNBG${digits}`);
const gpon = fc.tuple(fc.constantFrom('HWTC', 'ZTEG', 'ALCL', 'FHTT'), hex(8)).map((parts) => parts.join(''));
const asHex = (sn: string): string =>
  [...sn.slice(0, 4)].map((letter) => letter.charCodeAt(0).toString(16)).join('') + sn.slice(4);

describe('what a scanned code may mean', () => {
  it('one MAC is one MAC in any notation, whatever surrounds it', () => {
    const before = fc.constantFrom(
      '',
      'MAC: ',
      'MAC ',
      'mac address=',
      'WAN MAC:',
      'S/N: INNBG0001;',
      'box 7, ',
      '(',
      '\n',
    );
    const after = fc.constantFrom('', '\r\n', ';', ', made 2026', ')', ' | F670L', '\nS/N: INNBG0001');
    fc.assert(
      fc.property(mac, notation, before, after, (own, write, left, right) => {
        expect(readCode(left + write(own) + right).macs).toEqual([own]);
      }),
      { numRuns: 500 },
    );
  });

  it('control: taken for a MAC only where it is all that was scanned, a label has none', () => {
    const whole = fc.property(mac, (own) => normalMac(`S/N: INNBG0001 MAC: ${own}`) === own);
    expect(fc.check(whole, { numRuns: 100 }).failed).toBe(true);
  });

  it('a label with serial, MAC and GPON serial is read in any order, with any separator', () => {
    const separator = fc.constantFrom(';', ',', '|', '\n', '\r\n', '\t', ' ', ' ; ', '\u001d');
    const sign = fc.constantFrom(':', ': ', '=', ' : ');
    const turns = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    fc.assert(
      fc.property(serial, mac, gpon, notation, separator, sign, turns, (sn, own, pon, write, between, equals, turn) => {
        const parts = [`S/N${equals}${sn}`, `MAC${equals}${write(own)}`, `GPON SN${equals}${pon}`];
        const read = readCode(turn.map((index) => parts[index]).join(between));
        expect(read.macs).toEqual([own]);
        expect(read.gponSns).toEqual([pon]);
        expect(read.serials[0]).toBe(sn);
      }),
      { numRuns: 500 },
    );
  });

  it('a GPON serial is the same in letters, in hex digits, with a dash and in small letters', () => {
    fc.assert(
      fc.property(gpon, (sn) => {
        const dashed = `${sn.slice(0, 4)}-${sn.slice(4)}`;
        for (const text of [sn, asHex(sn), dashed, sn.toLowerCase(), `${asHex(sn)} (${dashed})`]) {
          expect(readCode(text).gponSns, text).toEqual([sn]);
        }
      }),
      { numRuns: 200 },
    );
    expect(normalGponSn('00000000A1B2C3D4')).toBeNull();
    expect(normalGponSn('1234ABCDEF01')).toBeNull();
    expect(normalGponSn('RTK1ABCDEF01', true)).toBe('RTK1ABCDEF01');
  });

  it('a plain serial is its own first candidate, as it stands and by its key', () => {
    fc.assert(
      fc.property(serial, fc.constantFrom('', '\r\n', ' ', '\u0004'), (sn, end) => {
        const read = readCode(sn + end);
        expect(read).toEqual({ text: sn, trackerItem: null, macs: [], gponSns: [], serials: [sn] });
      }),
      { numRuns: 100 },
    );
    expect(readCode('ALCL-F123-456').serials).toEqual(['ALCL-F123-456']);
    expect(readCode('SN+77').serials).toEqual(['SN+77']);
    expect(serialKey('alcl-F123 456')).toBe('ALCLF123456');
  });

  it('twelve hex digits that may be all three are all three', () => {
    expect(readCode('ABCD12345678')).toEqual({
      text: 'ABCD12345678',
      trackerItem: null,
      macs: ['AB:CD:12:34:56:78'],
      gponSns: ['ABCD12345678'],
      serials: ['ABCD12345678'],
    });
  });

  it.each([
    ['{"stockitem": 12}', '12'],
    ['{"stockitem":"12"}\r\n', '12'],
    ['INV-SI7', '7'],
    ['inv-si0012', '12'],
  ])('InvenTree’s code %j is its unit', (code, item) => {
    expect(readCode(code)).toMatchObject({ trackerItem: item, macs: [], serials: [] });
  });

  it.each(['{"stocklocation": 4}', 'INV-SL4', '{"stockitem": -1}', '{"stockitem": 1e400}', '{"stockitem": 0}'])(
    '%j is no unit of InvenTree',
    (code) => expect(readCode(code).trackerItem).toBeNull(),
  );

  it('an address with a query names what it names, and its host does not', () => {
    const read = readCode('https://cafe12.example/d?sn=INNBG%2D0001&mac=00259EAABB01&x=%zz');
    expect(read).toMatchObject({ macs: ['00:25:9E:AA:BB:01'], gponSns: [] });
    expect(read.serials[0]).toBe('INNBG-0001');
    expect(readCode('https://vendor.example/q/INNBG0001').serials).toEqual(['INNBG0001']);
  });

  it('what a longer number has in it is no MAC, and the key of a Wi-Fi is no serial', () => {
    expect(readCode('AA:BB:CC:DD:EE:FF:00:11').macs).toEqual([]);
    expect(readCode('AABBCCDDEEFF0').macs).toEqual([]);
    expect(readCode('WIFI:S:rumah;T:WPA;P:rahasia123;;')).toMatchObject({ macs: [], gponSns: [], serials: [] });
    expect(readCode('SSID: rumah-7 KEY: rahasia123 S/N: INNBG0001').serials).toEqual(['INNBG0001']);
  });

  it('no text makes it throw, or answer more than a few of each', () => {
    const alphabet = fc.constantFrom(...'S/NMACGPO: ;,|\n{}"0123456789ABCDEFabcdef.-?&=%\u0000\ud800http://');
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc.array(alphabet, { maxLength: 2_000 }).map((signs) => signs.join('')),
    );
    fc.assert(
      fc.property(text, (scanned) => {
        const { text: read, macs, gponSns, serials } = readCode(scanned);
        expect(read.length).toBeLessThanOrEqual(1_000);
        expect(read).not.toMatch(/[\0\p{Cs}]/u);
        expect(macs.every((found) => normalMac(found) === found)).toBe(true);
        expect(gponSns.every((found) => normalGponSn(found, true) === found)).toBe(true);
        expect(serials.every((found) => found.length <= 100 && serialKey(found) !== '')).toBe(true);
        expect(Math.max(macs.length, gponSns.length, serials.length)).toBeLessThanOrEqual(8);
      }),
      { numRuns: 500 },
    );
  });
});
