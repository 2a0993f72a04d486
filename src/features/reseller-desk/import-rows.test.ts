import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textCell as text, workbook } from '#test/features/workbook.ts';
import { type ImportRow, readRows } from './import-rows.ts';
import { faultCodes, faultText } from './import-words.ts';
import { readTable } from './read-table.ts';

const heading = 'Nama;No. HP;Alamat;Paket;Username;MAC;Jatuh tempo;Lintang;Bujur;NIK';

async function rowsOf(file: string | Buffer): Promise<readonly ImportRow[]> {
  const table = await readTable(Buffer.from(file));
  if (!table.ok) throw new Error(table.error);
  const rows = readRows(table.value);
  if (!rows.ok) throw new Error(rows.error);
  return rows.value;
}
const faults = (row: ImportRow | undefined) => (row?.errors ?? []).map(({ column, code }) => `${column} ${code}`);

const head = `<row r="1">${['Nama', 'Telepon', 'Alamat', 'Paket', 'NIK'].map((name, i) => text(`${'ABCDE'[i]}1`, name)).join('')}</row>`;

describe('a spreadsheet of customers', () => {
  it('is read with semicolons or commas, a byte order mark, and headings in either language', async () => {
    const row = 'Budi;08123456789;Jl. Melati 5;Home 10;budi1;aa-bb-cc-dd-ee-ff;20;-6,3;107,3;3215012345670001';
    const [budi] = await rowsOf(`\uFEFF${heading}\r\n${row}\r\n`);
    expect(budi).toMatchObject({
      ...{ no: 2, name: 'Budi', phone: '08123456789', plan: 'Home 10', username: 'budi1', mac: 'AA:BB:CC:DD:EE:FF' },
      ...{ dueDay: 20, position: { latitude: -6.3, longitude: 107.3 }, nationalId: '3215012345670001', errors: [] },
    });
    const [siti] = await rowsOf('name,phone,address,plan\nSiti,+62 812 3456,"Jl. Mawar 1, Karawang",Home 10');
    expect(siti).toMatchObject({ address: 'Jl. Mawar 1, Karawang', errors: [], warnings: [] });
  });

  it('names each wrong cell by row and column, and mends no number that Excel has lost', async () => {
    const rows = await rowsOf(
      [
        heading,
        'Budi;8123456789;Jl. Melati 5;Home 10',
        'Siti;8.12346E+11;;Home 10;a b;zz;32;-6.3;;3.21501E+15',
        '',
        'budi;08123456789;Jl. Melati 6;Home 10',
      ].join('\n'),
    );
    expect(rows.map(({ no }) => no)).toEqual([2, 3, 5]);
    expect(rows[0]).toMatchObject({ phone: '08123456789', errors: [], warnings: [{ code: 'zero_restored' }] });
    expect(faults(rows[1])).toEqual([
      ...['phone scientific', 'address missing', 'username username_bad', 'mac mac_bad', 'due_day due_day_bad'],
      ...['longitude position_half', 'national_id scientific'],
    ]);
    expect(faults(rows[2])).toEqual(['name twin_in_file']);
  });

  it.each([
    ['no such columns', 'a;b\n1;2', 'no column for name'],
    ['a column twice', `${heading};Nama\nBudi`, 'two columns of name'],
    ['no rows', heading, 'no row'],
    ['too many rows', `${heading}\n${'Budi;1;2;3\n'.repeat(1_001)}`, 'more than 1000 rows'],
    ['an open quote', `${heading}\n"Budi`, 'quote'],
    ['no workbook', 'PK\u0003\u0004 nothing', 'no Excel workbook'],
  ])('is refused whole: %s', async (_what, file, words) => {
    await expect(rowsOf(file)).rejects.toThrow(words);
  });

  it('is read from a workbook; a formula’s cell is what it showed, and a number keeps no more than Excel did', async () => {
    const cells = `${text('A2', 'Budi')}<c r="B2"><v>8123456789</v></c>${text('C2', 'Jl. Melati 5')}`;
    const formula = '<c r="D2" t="str"><f>HYPERLINK("http://x","y")</f><v>Home 10</v></c>';
    const rows = await rowsOf(
      workbook(`${head}<row r="2">${cells}${formula}<c r="E2"><v>3215012345670001</v></c></row>`),
    );
    expect(rows[0]).toMatchObject({ name: 'Budi', phone: '08123456789', plan: 'Home 10' });
    expect(faults(rows[0])).toEqual(['national_id scientific']);
  });

  it.each([
    ['a cell a million rows down', `${head}<row r="1048576">${text('XFD1048576', 'x')}</row>`, undefined, 'far out'],
    ['a cell whose place is disguised', `${head}<row>${text('&#88;FD9', 'x')}</row>`, undefined, 'far out'],
    ['a part that unpacks to too much', `${head}${' '.repeat(9_000_000)}`, undefined, 'unpacks to more'],
    ['a part that lies about it', `${head}${' '.repeat(9_000_000)}`, 1_000, 'damaged'],
  ])('takes no workbook with %s', async (_what, sheet, claimed, words) => {
    await expect(rowsOf(workbook(sheet, claimed))).rejects.toThrow(words);
  });

  it('answers something for any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((tail) => Buffer.concat([Buffer.from('PK\u0003\u0004'), tail])),
      fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })).map(([at, value]) => {
        const whole = workbook(head);
        whole[at % whole.length] = value;
        return whole;
      }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => {
        const table = await readTable(Buffer.from(some));
        if (table.ok) expect(readRows(table.value)).toHaveProperty('ok');
        else expect(table.error).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('says each fault in both languages', () => {
    for (const code of faultCodes) {
      const said = (['id', 'en'] as const).map((language) =>
        faultText(code, language, { max: '5', text: 'x', row: '2' }),
      );
      expect(new Set(said).size).toBe(2);
      expect(said.join()).not.toContain('{{');
    }
  });
});
