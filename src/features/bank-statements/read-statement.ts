import { parse } from 'csv-parse/sync';
import type { LocalDate } from '#domain/facts.ts';
import type { Currency } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type DecimalMark, decimalMarkOf, directionOf, readAmount } from './read-amount.ts';
import { readDate } from './read-date.ts';

/** One line of a statement; `amount` in minor units, above zero. */
export type StatementLine = {
  readonly no: number;
  readonly bookedOn: LocalDate;
  readonly description: string;
  readonly amount: bigint;
  readonly direction: 'credit' | 'debit';
};
export type Skipped = { readonly no: number; readonly why: string };
export type ReadStatement = { readonly lines: readonly StatementLine[]; readonly skipped: readonly Skipped[] };

/** What a person may say where the file does not. */
export type Style = { readonly delimiter?: string | undefined; readonly decimal?: DecimalMark | undefined };
export type Reading = Style & { readonly currency: Currency; readonly today: LocalDate };

const delimiters = [',', ';', '\t', '|'] as const;
/** A statement's head (account, holder, period) is shorter. */
const headRows = 40;
const maxDescription = 500;

type Role = 'date' | 'description' | 'amount' | 'direction' | 'debit' | 'credit';
/** The words of the banks' headings (BCA, Mandiri, BRI, BNI and their business portals). */
const headings: readonly (readonly [Role, RegExp])[] = [
  ['date', /^(tanggal|tgl|date|posting date|post date|transaction date|value date)/],
  ['debit', /^(debet|debit|mutasi debet|mutasi debit|pengeluaran|withdrawal)/],
  ['credit', /^(kredit|credit|mutasi kredit|pemasukan|deposit)/],
  ['direction', /^(db cr|cr db|dk|d k|db\/cr|d\/k|jenis|type|tipe)/],
  ['amount', /^(jumlah|amount|mutasi|nominal)/],
  ['description', /^(keterangan|description|uraian|remark|deskripsi|berita|rincian|transaksi|transaction|detail)/],
];
const roleOf = (heading: string): Role | null => {
  const words = heading.toLowerCase().replace(/\s+/g, ' ').trim();
  return headings.find(([, form]) => form.test(words))?.[0] ?? null;
};

type Columns = Readonly<Record<Role, readonly number[]>>;

function columnsOf(row: readonly string[]): Columns | null {
  const columns: Record<Role, number[]> = {
    date: [],
    description: [],
    amount: [],
    direction: [],
    debit: [],
    credit: [],
  };
  for (const [i, heading] of row.entries()) {
    const role = roleOf(heading);
    // BCA says CR or DB in a column without a heading, behind the amount.
    if (role) columns[role].push(i);
    else if (heading.trim() === '' && columns.amount.includes(i - 1)) columns.direction.push(i);
  }
  const hasMoney = columns.amount.length > 0 || columns.debit.length + columns.credit.length > 1;
  return columns.date.length > 0 && hasMoney ? columns : null;
}

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Older portals write Windows's own characters.
    return new TextDecoder('windows-1252').decode(bytes);
  }
};

function rowsOf(text: string, delimiter: string): readonly (readonly string[])[] {
  const options = {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    bom: true,
    trim: true,
  };
  return parse(text, { ...options, to: 200_000 });
}

/** The rows under the first heading that names a date and money, cut as the delimiter that finds one says. */
function findTable(text: string, given: string | undefined) {
  for (const delimiter of given === undefined ? delimiters : [given]) {
    try {
      const rows = rowsOf(text, delimiter);
      const at = rows.slice(0, headRows).findIndex((row) => columnsOf(row) !== null);
      const columns = columnsOf(rows[at] ?? []);
      if (columns) return { columns, rows: rows.slice(at + 1), firstNo: at + 2 };
    } catch {
      // Not cut by this one: the next may be.
    }
  }
  return null;
}

const cellsOf = (row: readonly string[], columns: readonly number[]): readonly string[] =>
  columns.map((i) => row[i] ?? '').filter((cell) => cell !== '');

const nothing = /^[0.,\s-]*$/;

type Sum = Pick<StatementLine, 'amount' | 'direction'> | { readonly why: string };

/** What moved, from a debit and a credit column, or from one amount that says its direction. */
function sumOf(row: readonly string[], columns: Columns, mark: DecimalMark, currency: Currency): Sum {
  for (const direction of ['credit', 'debit'] as const) {
    const [cell] = cellsOf(row, columns[direction]).filter((text) => !nothing.test(text));
    if (cell === undefined) continue;
    const read = readAmount(cell, mark, currency);
    return 'why' in read ? read : { amount: read.amount, direction };
  }
  const [cell] = cellsOf(row, columns.amount);
  if (cell === undefined || nothing.test(cell)) return { why: 'names no amount' };
  const read = readAmount(cell, mark, currency);
  if ('why' in read) return read;
  const [said = ''] = cellsOf(row, columns.direction);
  const direction = directionOf(said) ?? read.direction;
  return direction ? { amount: read.amount, direction } : { amount: read.amount, direction: 'credit' };
}

/** Whatever no text column of a database takes goes. */
const storable = (text: string): string =>
  text.replaceAll('\u0000', '').toWellFormed().replace(/\s+/g, ' ').trim().slice(0, maxDescription);

/**
 * Reads a bank's statement (CSV): which columns there are is told by their headings, Indonesian or English, how numbers
 * and days are written by the file itself. Rows without a day (balances, totals, what is still pending) are skipped. The
 * error says in words what is missing.
 */
export function readStatement(
  bytes: Uint8Array,
  { delimiter, decimal, currency, today }: Reading,
): Result<ReadStatement, string> {
  const table = findTable(decode(bytes), delimiter);
  if (!table) return err('no row names a date and an amount (Tanggal, Keterangan, Jumlah or Debet and Kredit)');
  const { columns, rows, firstNo } = table;
  const money = [...columns.amount, ...columns.debit, ...columns.credit];
  const mark = decimal ?? decimalMarkOf(rows.flatMap((row) => cellsOf(row, money)));
  if (!mark) return err('some amounts read like 1,500.00 and some like 1.500,00: name the decimal mark');
  const lines: StatementLine[] = [];
  const skipped: Skipped[] = [];
  for (const [i, row] of rows.entries()) {
    const no = firstNo + i;
    const [day = ''] = cellsOf(row, columns.date);
    const bookedOn = readDate(day, today);
    const sum = bookedOn === null ? { why: `${day || 'it'} is no day` } : sumOf(row, columns, mark, currency);
    if ('why' in sum || bookedOn === null) skipped.push({ no, why: 'why' in sum ? storable(sum.why) : 'is no day' });
    else lines.push({ no, bookedOn, description: storable(cellsOf(row, columns.description).join(' ')), ...sum });
  }
  return ok({ lines, skipped });
}
