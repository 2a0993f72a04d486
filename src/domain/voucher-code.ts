/** Thirty-two characters that nobody takes for one another on paper: no 0, O, 1, I. */
export const voucherAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Symbols of five random bits each: sixty bits, so that a million codes sold leave a guess one chance in 10^12. */
export const voucherSymbols = 12;

/** Times x in the field of 32 elements (x^5 + x^2 + 1). */
const timesX = (value: number): number => ((value << 1) & 31) ^ (value & 16 ? 5 : 0);

/** Each place has a weight of its own, so one mistyped symbol or two that changed places never give a right check. */
const checkOf = (symbols: readonly number[]): number => symbols.reduce((sum, symbol) => timesX(sum ^ symbol), 0);

const groups = /^(.{4})(.{5})(.{4})$/;

/** The secret of a voucher as it is hashed and sealed: twelve symbols and the check, `2345ABCDEFGHJ`. */
export function voucherSecret(random: Uint8Array): string {
  const symbols = [...random.subarray(0, voucherSymbols)].map((byte) => byte & 31);
  return [...symbols, checkOf(symbols)].map((symbol) => voucherAlphabet[symbol]).join('');
}

/** As it is printed: `KCB-2345-ABCDE-FGHJ`. */
export const printedCode = (prefix: string, secret: string): string =>
  `${prefix === '' ? '' : `${prefix}-`}${secret.replace(groups, '$1-$2-$3')}`;

export type TypedCode = { readonly prefix: string; readonly secret: string };

/** What somebody typed, in whatever case and with whatever between; null: a slip, or no code at all. */
export function typedCode(text: string): TypedCode | null {
  const bare = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const secret = bare.slice(-voucherSymbols - 1);
  if (secret.length <= voucherSymbols) return null;
  const symbols = [...secret].map((letter) => voucherAlphabet.indexOf(letter));
  const isRight = !symbols.includes(-1) && checkOf(symbols.slice(0, -1)) === symbols.at(-1);
  return isRight ? { prefix: bare.slice(0, -secret.length), secret } : null;
}
