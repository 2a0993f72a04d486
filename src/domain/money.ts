import { err, ok, type Result } from '#domain/result.ts';

/** ISO 4217 code, upper case. */
export type Currency = string;

/** `fraction`: finer than the minor unit, where exactness was asked for. `too_large`: JSON could not carry it. */
export type MoneyFault = 'not_a_number' | 'fraction' | 'too_large';

/** Where what is finer than the minor unit goes. `floor` and `ceiling` as in arithmetic: -0.5 floors to -1. */
export type Rounding = 'exact' | 'floor' | 'ceiling';

/** Currencies whose minor unit in common use is not a hundredth. ISO 4217 gives IDR two digits; nobody uses them. */
const unusualDigits: ReadonlyMap<Currency, number> = new Map([
  ...['IDR', 'JPY', 'KRW', 'VND', 'CLP', 'PYG', 'ISK', 'UGX', 'RWF', 'XAF', 'XOF', 'XPF'].map(
    (code) => [code, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
]);

/** Digits after the decimal point in common use: 0 for IDR, 2 for most. */
export const minorUnits = (currency: Currency): number => unusualDigits.get(currency) ?? 2;

/** Money leaves the hub as a JSON integer, so nothing above 2^53 - 1 minor units is money. */
const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** More digits than this are noise or an attack; a double never prints more than 17 of them. */
const maxDigits = 40;
const maxExponent = 40;

const decimalForm = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Exact minor units of a decimal number written as text (`"50.0"`, `"-1e3"`): digits are moved, no binary floating point
 * is involved. The text must come from the sender's own bytes, see `connectors/kit/exact-json.ts`.
 */
export function toMinor(decimal: string, currency: Currency, rounding: Rounding = 'exact'): Result<bigint, MoneyFault> {
  const parts = decimalForm.exec(decimal);
  if (!parts) return err('not_a_number');
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const shift = Number(exponent) - fraction.length + minorUnits(currency);
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  if (digits === 0n) return ok(0n);
  if (whole.length + fraction.length > maxDigits || Math.abs(Number(exponent)) > maxExponent) return err('too_large');
  return within(shift >= 0 ? ok(digits * 10n ** BigInt(shift)) : divide(digits, 10n ** BigInt(-shift), rounding));
}

/** The decimal text that `toMinor` reads back to the same amount: `150000n` IDR → `150000`, `5000n` USD → `50.00`. */
export function toDecimal(minor: bigint, currency: Currency): string {
  const places = minorUnits(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0');
  const sign = minor < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function divide(amount: bigint, by: bigint, rounding: Rounding): Result<bigint, MoneyFault> {
  const towardsZero = amount / by;
  if (towardsZero * by === amount) return ok(towardsZero);
  if (rounding === 'exact') return err('fraction');
  const floor = amount < 0n ? towardsZero - 1n : towardsZero;
  return ok(rounding === 'floor' ? floor : floor + 1n);
}

function within(amount: Result<bigint, MoneyFault>): Result<bigint, MoneyFault> {
  if (!amount.ok) return amount;
  return amount.value > largest || amount.value < -largest ? err('too_large') : amount;
}

/** The smaller of two amounts; `Math.min` knows no bigint. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
