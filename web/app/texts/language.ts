import { setting } from '../kept/settings.ts';
import { useStored } from '../kept/stored.ts';

export const languages = { id: 'Indonesia', en: 'English' } as const;
export type PageLanguage = keyof typeof languages;

const locales: Readonly<Record<PageLanguage, string>> = { id: 'id-ID', en: 'en-GB' };

export const language = setting<PageLanguage>('language', 'id', (value) => value === 'id' || value === 'en');

/** A page's dictionary in the language that was chosen on this phone; Indonesian first. */
export function textsIn<T>(dictionaries: Readonly<Record<PageLanguage, T>>) {
  return {
    useTexts: (): T => dictionaries[useStored(language)],
    textsNow: (): T => dictionaries[language.read()],
  };
}

const written = (date: Date, form: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locales[language.read()], form).format(date);

/** `14.05`, and the day where it is not today's. */
export function timeOf(at: string | number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return written(date, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}

/** A day of the calendar (`2026-11-20`), wherever the phone is: `20 Nov 2026`. */
export const dayOf = (day: string): string => written(new Date(day), { dateStyle: 'medium', timeZone: 'UTC' });

/** A month (`2026-11`): `Nov 2026`. */
export const monthOf = (month: string): string =>
  written(new Date(`${month}-01`), { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** What is left of a unit of money by common use; the rupiah has no sen any more, whatever Unicode's tables say. */
const wholeOnly = new Set(['IDR', 'JPY', 'KRW', 'VND']);

/** How many digits of an amount in the minor unit stand behind the point. */
export const minorDigits = (currency: string): number => (wholeOnly.has(currency) ? 0 : 2);

/** An amount in the currency's minor unit, as people write it. */
export function moneyOf(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locales[language.read()], form).format(amount / 10 ** digits);
}

export const numberOf = (value: number): string => new Intl.NumberFormat(locales[language.read()]).format(value);
