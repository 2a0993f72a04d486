import { type Currency, toDecimal } from '#domain/money.ts';
import type { Language } from '#domain/reason.ts';

/** As rupiah are written in either language; other currencies by the habit of the language. */
const marks = (currency: Currency, language: Language): readonly [thousands: string, point: string] =>
  currency === 'IDR' || language === 'id' ? ['.', ','] : [',', '.'];

/** Money for people: `Rp 150.000`, `USD 1,234.50`. `minor` in minor units. */
export function moneyText(minor: bigint, currency: Currency, language: Language): string {
  const [thousands, point] = marks(currency, language);
  const [whole = '', fraction] = toDecimal(minor < 0n ? -minor : minor, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  const sign = minor < 0n ? '-' : '';
  return `${sign}${currency === 'IDR' ? 'Rp' : currency} ${grouped}${fraction === undefined ? '' : point + fraction}`;
}
