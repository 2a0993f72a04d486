import type { LocalDate } from '#domain/facts.ts';

const months: Readonly<Record<string, number>> = Object.fromEntries(
  ['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'].map((name, i) => [name, i + 1]),
);
/** English names where they differ. */
const english: Readonly<Record<string, number>> = { may: 5, aug: 8, ags: 8, oct: 10, dec: 12 };

/** The date, where there is such a day. */
function dateOf(year: number, month: number, day: number): LocalDate | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isThere = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isThere ? at.toISOString().slice(0, 10) : null;
}

/** A day without a year is the latest that is not after `today`. */
function latest(month: number, day: number, today: LocalDate): LocalDate | null {
  const year = Number(today.slice(0, 4));
  const found = dateOf(year, month, day);
  return found !== null && found > today ? dateOf(year - 1, month, day) : found;
}

/** A day as Indonesian banks write it: `21/11/2026`, `21-11-26`, `'21/11`, `21 Nov 2026`, `2026-11-21 10:00:00`; else null. */
export function readDate(cell: string, today: LocalDate): LocalDate | null {
  const text = cell.trim().replace(/^'/, '');
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\D|$)/.exec(text);
  if (iso) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3})[a-z]*(?:[-/. ](\d{4}|\d{2}))?(?:\D|$)/.exec(text);
  if (!parts) return null;
  const [, day = '', named = '', year] = parts;
  const word = named.toLowerCase();
  const month = /^\d/.test(named) ? Number(named) : (months[word] ?? english[word] ?? 0);
  if (year === undefined) return latest(month, Number(day), today);
  return dateOf(Number(year.length === 2 ? `20${year}` : year), month, Number(day));
}
