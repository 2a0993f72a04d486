import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/universal';
import { err, ok, type Result } from '#domain/result.ts';
import { guardWorkbook } from './workbook-guard.ts';

/** A table of text; the first row is the heading. `numbers` tells which cells a spreadsheet had as numbers. */
export type Table = readonly (readonly Cell[])[];
export type Cell = { readonly text: string; readonly isNumber: boolean };

const isWorkbook = (bytes: Buffer): boolean => bytes.subarray(0, 2).toString('latin1') === 'PK';

/** Excel keeps fifteen digits: a longer number is not what was typed. */
const digitsKept = 1e15;

function cellOf(value: unknown): Cell {
  if (typeof value === 'number') {
    const text = Number.isInteger(value) && Math.abs(value) >= digitsKept ? value.toExponential() : String(value);
    return { text, isNumber: true };
  }
  if (value === null || value === undefined) return { text: '', isNumber: false };
  return { text: value instanceof Date ? value.toISOString() : String(value).trim(), isNumber: false };
}

async function readWorkbook(bytes: Buffer): Promise<Result<Table, string>> {
  const guarded = guardWorkbook(bytes);
  if (!guarded.ok) return guarded;
  try {
    const copy = new Uint8Array(bytes).buffer;
    const rows = await readSheet(copy, 1);
    return ok(rows.map((row) => row.map(cellOf)));
  } catch {
    // Whatever is wrong inside of it, its sender can only save it anew.
    return err('is no Excel workbook (.xlsx) that can be read: save it anew, or as CSV');
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What Excel calls CSV without saying UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function readCsv(bytes: Buffer): Result<Table, string> {
  const text = decoded(bytes);
  const [head = ''] = text.split('\n', 1);
  const delimiter = [';', '\t', ','].find((mark) => head.includes(mark)) ?? ',';
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      trim: true,
    });
    return ok(rows.map((row) => row.map((cell) => ({ text: cell, isNumber: false }))));
  } catch {
    // A quote that is never closed, or the like.
    return err('is no CSV: a quote may be missing');
  }
}

/** A spreadsheet as it was sent: an Excel workbook's first sheet, or CSV with commas, semicolons or tabs. */
export const readTable = (bytes: Buffer): Promise<Result<Table, string>> =>
  isWorkbook(bytes) ? readWorkbook(bytes) : Promise.resolve(readCsv(bytes));
