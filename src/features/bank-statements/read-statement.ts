import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { parse as parseHead } from 'csv-parse/sync';
import type { LocalDate } from '#domain/facts.ts';
import type { Currency } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type DecimalMark, decimalMarkOf, directionOf, readAmount, votesOf } from './read-amount.ts';
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

const options = {
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  bom: true,
  trim: true,
} as const;
/** Cut in pieces, so that a large file keeps nobody waiting. */
const pieceLength = 65_536;
const rowsAtOnce = 2_000;

async function* piecesOf(text: string): AsyncIterable<string> {
  for (let from = 0; from < text.length; from += pieceLength) {
    await breathe();
    yield text.slice(from, from + pieceLength);
  }
}

async function rowsOf(text: string, delimiter: string): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for await (const row of Readable.from(piecesOf(text)).pipe(parse({ ...options, delimiter }))) rows.push(row);
  return rows;
}

type Found = { readonly delimiter: string; readonly columns: Columns; readonly at: number };

/** The first heading that names a date and money, as one of the delimiters cuts it. */
function findHeading(text: string, given: string | undefined): Found | null {
  const head = text.slice(0, pieceLength);
  for (const delimiter of given === undefined ? delimiters : [given]) {
    try {
      const rows: string[][] = parseHead(head, { ...options, delimiter, to: headRows });
      const at = rows.findIndex((row) => columnsOf(row) !== null);
      const columns = columnsOf(rows[at] ?? []);
      if (columns) return { delimiter, columns, at };
    } catch {
      // Not cut by this one: the next may be.
    }
  }
  return null;
}

async function readTable(text: string, { delimiter, at }: Found): Promise<readonly (readonly string[])[] | null> {
  try {
    return (await rowsOf(text, delimiter)).slice(at + 1);
  } catch {
    // A quote that is never closed, or the like: said in words by the caller.
    return null;
  }
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

async function findMark(rows: readonly (readonly string[])[], { amount, debit, credit }: Columns) {
  const votes = new Set<DecimalMark>();
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await breathe();
    const cells = rows.slice(from, from + rowsAtOnce).flatMap((row) => cellsOf(row, [...amount, ...debit, ...credit]));
    for (const vote of votesOf(cells)) votes.add(vote);
  }
  return decimalMarkOf(votes);
}

/** Whatever no text column of a database takes goes. */
const storable = (text: string): string =>
  text.replaceAll('\u0000', '').toWellFormed().replace(/\s+/g, ' ').trim().slice(0, maxDescription);

/**
 * Reads a bank's statement (CSV): which columns there are is told by their headings, Indonesian or English, how numbers
 * and days are written by the file itself. Rows without a day (balances, totals, what is still pending) are skipped. The
 * error says in words what is missing.
 */
export async function readStatement(
  bytes: Uint8Array,
  { delimiter, decimal, currency, today }: Reading,
): Promise<Result<ReadStatement, string>> {
  const text = decode(bytes);
  const found = findHeading(text, delimiter);
  if (!found) return err('no row names a date and an amount (Tanggal, Keterangan, Jumlah or Debet and Kredit)');
  const rows = await readTable(text, found);
  if (!rows) return err('the rows under the heading are no CSV: a quote may be missing');
  const { columns, at } = found;
  const mark = decimal ?? (await findMark(rows, columns));
  if (!mark) return err('some amounts read like 1,500.00 and some like 1.500,00: name the decimal mark');
  const lines: StatementLine[] = [];
  const skipped: Skipped[] = [];
  for (const [i, row] of rows.entries()) {
    if (i % rowsAtOnce === 0) await breathe();
    const no = at + 2 + i;
    const [day = ''] = cellsOf(row, columns.date);
    const bookedOn = readDate(day, today);
    const sum = bookedOn === null ? { why: `${day || 'it'} is no day` } : sumOf(row, columns, mark, currency);
    if ('why' in sum || bookedOn === null) skipped.push({ no, why: 'why' in sum ? storable(sum.why) : 'is no day' });
    else lines.push({ no, bookedOn, description: storable(cellsOf(row, columns.description).join(' ')), ...sum });
  }
  return ok({ lines, skipped });
}
