import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';

type Cell = string | number | bigint | null;

/** So many rows are written before others get a turn. */
const slice = 500;

/** The package knows the other beginnings that a spreadsheet takes for a formula; a NUL hides one from it (SEC-16). */
const plain = (cell: Cell): Exclude<Cell, bigint> =>
  typeof cell === 'string' ? cell.replaceAll('\u0000', '') : typeof cell === 'bigint' ? Number(cell) : cell;

/**
 * A table as CSV (RFC 4180), with a byte order mark, by which spreadsheets know that it is UTF-8. A cell of text that a
 * spreadsheet would take for a formula gets an apostrophe in front (SEC-16); numbers stay numbers.
 */
export async function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
  // A carriage return alone ends a row for some readers.
  const options = { escape_formulas: true, record_delimiter: 'windows', quoted_match: /\r/ } as const;
  let text = `\uFEFF${stringify([[...header]], options)}`;
  for (let first = 0; first < rows.length; first += slice) {
    text += stringify(
      rows.slice(first, first + slice).map((row) => row.map(plain)),
      options,
    );
    await setImmediate();
  }
  return text;
}
