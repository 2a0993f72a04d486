import { type Currency, toMinor } from '#domain/money.ts';

/** How a statement writes numbers: which character stands before the cents. */
export type DecimalMark = '.' | ',';
/** Signed minor units, or why there are none. */
export type ReadAmount =
  | { readonly amount: bigint; readonly direction: 'credit' | 'debit' | null }
  | { readonly why: string };

const digits = /^\d+(?:[.,]\d+)*$/;
const bare = (cell: string): string => cell.replace(/^'|\bRp\.?|\bIDR\b|\s/gi, '');
const direction = /(CR|DB|DR|[KDC])$/i;

/** What a cell says about its number's style; null: nothing (`150000`). */
function voteOf(cell: string): DecimalMark | null {
  const text = bare(cell)
    .replace(direction, '')
    .replace(/^[+-]|-$/, '');
  if (!digits.test(text)) return null;
  const marks = text.replace(/\d/g, '');
  const last = marks.at(-1);
  if (last !== '.' && last !== ',') return null;
  const other: DecimalMark = last === '.' ? ',' : '.';
  const isGroup = /[.,]\d{3}$/.test(text) && !marks.includes(other);
  return isGroup ? other : last;
}

/**
 * The style that all of these cells can be read by; null: they contradict each other. Where none says anything it is the
 * point: there is nothing to misread.
 */
export function decimalMarkOf(cells: readonly string[]): DecimalMark | null {
  const votes = new Set(cells.map(voteOf).filter((vote) => vote !== null));
  if (votes.size > 1) return null;
  return [...votes][0] ?? '.';
}

const directions: Readonly<Record<string, 'credit' | 'debit'>> = {
  CR: 'credit',
  K: 'credit',
  C: 'credit',
  DB: 'debit',
  DR: 'debit',
  D: 'debit',
};
export const directionOf = (text: string): 'credit' | 'debit' | null =>
  directions[
    text
      .trim()
      .toUpperCase()
      .replace('KREDIT', 'CR')
      .replace('CREDIT', 'CR')
      .replace(/DEBE?I?T/, 'DB')
  ] ?? null;

/** `Rp 1.500.000,00`, `150,000.00 CR`, `-25000`: the amount without its sign, and where it says so, its direction. */
export function readAmount(cell: string, mark: DecimalMark, currency: Currency): ReadAmount {
  const text = bare(cell);
  const said = direction.exec(text)?.[1];
  const signed = said ? text.slice(0, -said.length) : text;
  const isNegative = /^-|-$/.test(signed);
  const number = signed.replace(/^[+-]|-$/, '');
  const group = mark === '.' ? ',' : '.';
  const plain = number.replaceAll(group, '').replace(mark, '.');
  const minor = digits.test(number) ? toMinor(plain, currency) : null;
  if (!minor) return { why: `${cell} is no amount` };
  if (!minor.ok)
    return { why: `${cell}: ${minor.error === 'fraction' ? 'is finer than the currency' : 'is too large'}` };
  return { amount: minor.value, direction: isNegative ? 'debit' : said ? directionOf(said) : null };
}
