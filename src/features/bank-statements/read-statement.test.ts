import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalMarkOf, readAmount } from './read-amount.ts';
import { readDate } from './read-date.ts';
import { type ReadStatement, readStatement } from './read-statement.ts';

const today = '2026-11-21';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
function read(text: string, style: object = {}): ReadStatement {
  const statement = readStatement(bytes(text), { currency: 'IDR', today, ...style });
  if (!statement.ok) throw new Error(statement.error);
  return statement.value;
}

const budi = { bookedOn: '2026-11-20', amount: 150_000n, direction: 'credit' } as const;
const fee = { bookedOn: '2026-11-20', amount: 2_500n, direction: 'debit' } as const;

describe('statements as Indonesian banks give them', () => {
  it('BCA: a head, days without a year, an apostrophe before them, the direction in a column without a heading', () => {
    const statement = read(`Informasi Rekening - Mutasi Rekening
No. rekening : 0123456789
Periode : 01/11/2026 - 30/11/2026

Tanggal,Keterangan,Cabang,Jumlah,,Saldo
'20/11,"TRSF E-BANKING CR 2011/FTSCY/WS95031 150000.00 BUDI SANTOSO",'0000,150000.00,CR,1150000.00
'20/11,BIAYA ADM,'0000,"2,500.00",DB,1147500.00
PEND,SWITCHING CR,'0000,75000.00,CR,
Saldo Awal :,1000000.00
`);
    expect(statement.lines).toMatchObject([
      { ...budi, no: 5, description: expect.stringContaining('BUDI SANTOSO') },
      { ...fee, description: 'BIAYA ADM' },
    ]);
    expect(statement.skipped.map(({ why }) => why)).toEqual(['PEND is no day', 'Saldo Awal : is no day']);
  });

  it('Mandiri: two text columns, debit and credit apart, points between thousands', () => {
    const statement = read(`Account No;Date;Val. Date;Description;Description;Reference No.;Debit;Credit
1370012345678;20/11/26;20/11/26;Transfer dari BUDI;INV-2026-000042;;0,00;150.000,00
1370012345678;20/11/26;20/11/26;Biaya admin;;;2.500,00;0,00
`);
    expect(statement.lines).toMatchObject([{ ...budi, description: 'Transfer dari BUDI INV-2026-000042' }, fee]);
  });

  it('BRI: tabs, month names, times of day, and cells that say nothing', () => {
    const statement = read(`Tanggal Transaksi\tUraian Transaksi\tDebet\tKredit\tSaldo
20 Nov 2026 10:11:12\tBRIVA 8810 BUDI\t\t150,000.00\t1,000,000.00
2026-11-20\tADM\t2,500.00\t\t997,500.00
`);
    expect(statement.lines).toMatchObject([{ ...budi, description: 'BRIVA 8810 BUDI' }, fee]);
  });

  it('what is not understood is refused in words, or named with its row', () => {
    expect(readStatement(bytes('halo'), { currency: 'IDR', today })).toMatchObject({ ok: false });
    expect(
      readStatement(bytes('Date,Amount\n20/11/2026,"1,500"\n20/11/2026,"1.500"\n'), { currency: 'IDR', today }),
    ).toEqual({
      ok: false,
      error: expect.stringContaining('decimal mark'),
    });
    expect(read('Date;Amount\n20/11/2026;1.500\n', { decimal: ',' }).lines).toMatchObject([{ amount: 1_500n }]);
    expect(read('Date;Amount\n20/11/2026;1.500\n', { decimal: '.' }).skipped).toHaveLength(1);
    expect(read('Date,Amount\n20/11/2026,"1,234.56 CR"\n').skipped).toEqual([
      { no: 2, why: '1,234.56 CR: is finer than the currency' },
    ]);
  });

  it('no bytes make it throw', () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ maxLength: 200 }).map((text) => bytes(`Tanggal;Keterangan;Debet;Kredit\n${text}`)),
    );
    fc.assert(
      fc.property(some, (given) => {
        expect(typeof readStatement(given, { currency: 'IDR', today }).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

describe('amounts and days', () => {
  it('every amount is read back as it was written, in both styles', () => {
    const amount = fc.bigInt({ min: 1n, max: 999_999_999_999n });
    const grouped = (value: bigint, mark: string): string => String(value).replace(/\B(?=(\d{3})+$)/g, mark);
    fc.assert(
      fc.property(amount, fc.constantFrom('.', ','), fc.boolean(), (value, group, hasCents) => {
        const mark = group === '.' ? ',' : '.';
        const text = `${grouped(value, group)}${hasCents ? `${mark}00` : ''}`;
        const style = decimalMarkOf([text, `1${group}000${mark}00`]);
        expect(style).toBe(mark);
        expect(readAmount(`Rp ${text}`, mark, 'IDR')).toMatchObject({ amount: value });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['21/11/2026', '2026-11-21'],
    ['1-1-26', '2026-01-01'],
    ["'31/12", '2025-12-31'],
    ['17 Agu 2026', '2026-08-17'],
    ['2026-02-29', null],
    ['29/02/2024', '2024-02-29'],
    ['31/04/2026', null],
    ['Saldo', null],
    ['', null],
  ])('%s is %s', (text, day) => {
    expect(readDate(text, today)).toBe(day);
  });
});
