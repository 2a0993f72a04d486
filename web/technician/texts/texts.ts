import { setting } from '../kept/settings.ts';
import { useStored } from '../kept/stored.ts';
import { en } from './en.ts';
import { id, type Texts } from './id.ts';

export const languages = { id: 'Indonesia', en: 'English' } as const;
export type PageLanguage = keyof typeof languages;

const dictionaries: Readonly<Record<PageLanguage, Texts>> = { id, en };
const locales: Readonly<Record<PageLanguage, string>> = { id: 'id-ID', en: 'en-GB' };

export const language = setting<PageLanguage>('language', 'id', (value) => value === 'id' || value === 'en');

/** The page's texts in the language that was chosen on this phone; Indonesian first. */
export const useTexts = (): Texts => dictionaries[useStored(language)];
export const textsNow = (): Texts => dictionaries[language.read()];

/** `14.05`, and the day where it is not today's. */
export function timeOf(at: string | number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const form = isToday
    ? { timeStyle: 'short' as const }
    : { dateStyle: 'medium' as const, timeStyle: 'short' as const };
  return new Intl.DateTimeFormat(locales[language.read()], form).format(date);
}

/** What is left of a unit of money by common use; the rupiah has no sen any more, whatever Unicode's tables say. */
const wholeOnly = new Set(['IDR', 'JPY', 'KRW', 'VND']);

/** An amount in the currency's minor unit, as people write it. */
export function moneyOf(amount: number, currency: string): string {
  const digits = wholeOnly.has(currency) ? 0 : 2;
  const form = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locales[language.read()], form).format(amount / 10 ** digits);
}
