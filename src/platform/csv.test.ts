import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.ts';

/** The cells as a spreadsheet splits them. */
function cellsOf(csv: string): readonly string[] {
  const cell = /(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^,"\r\n]*))/gy;
  return [...csv.replace('\uFEFF', '').replace(/\r\n$/, '').matchAll(cell)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}
const dangerous = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\u0000', '\u0000=', '');
const cell = fc.tuple(dangerous, fc.string()).map((parts) => parts.join(''));

describe('a table as CSV', () => {
  it('SEC-16: no cell of text begins like a formula, and nothing else of it is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const cells = cellsOf(await csvOf(['one', 'other'], rows)).slice(2);
        expect(cells).toHaveLength(rows.length * 2);
        rows.flat().forEach((text, i) => {
          expect(cells[i]).not.toMatch(/^[=+\-@\t\r\0]/);
          expect(cells[i]?.replace(/^'/, '')).toBe(text.replaceAll('\0', '').replace(/^'/, ''));
        });
      }),
    );
  });

  it('numbers stay numbers, and what is not there is empty', async () => {
    expect(await csvOf(['a', 'b', 'c'], [[-5, 150_000n, null]])).toBe('\uFEFFa,b,c\r\n-5,150000,\r\n');
  });
});
