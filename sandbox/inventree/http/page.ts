import type { Answer, Call } from './call.ts';
import { ok } from './call.ts';

const wholeNumber = (text: string | null): number => (text && /^\d+$/.test(text) ? Number(text) : 0);

/** A page where a limit above zero was asked for; otherwise a bare array of everything there is. */
export function listed<T>(call: Call, rows: readonly T[], view: (row: T) => unknown): Answer {
  const limit = wholeNumber(call.query.get('limit'));
  const offset = wholeNumber(call.query.get('offset'));
  if (limit === 0) return ok(rows.map(view));
  return ok({
    count: rows.length,
    next: offset + limit < rows.length ? pageUrl(call, offset + limit) : null,
    previous: offset > 0 ? pageUrl(call, offset - limit) : null,
    results: rows.slice(offset, offset + limit).map(view),
  });
}

/** By the name that the server sees itself called by, with the parameters sorted. */
function pageUrl(call: Call, offset: number): string {
  const query = new URLSearchParams(call.query);
  if (offset > 0) query.set('offset', String(offset));
  else query.delete('offset');
  query.sort();
  return `${call.origin}${call.path}?${query}`;
}

/** `true` and `false` in the spellings that InvenTree reads; anything else does not filter. */
export function flag(call: Call, name: string): boolean | null {
  const value = call.query.get(name)?.toLowerCase();
  if (value === undefined) return null;
  if (['true', '1', 'yes', 'y', 't', 'on'].includes(value)) return true;
  return ['false', '0', 'no', 'n', 'f', 'off'].includes(value) ? false : null;
}

/** Every word of `search` is in one of the texts, in whatever case. */
export function matches(call: Call, texts: readonly (string | null)[]): boolean {
  const words = (call.query.get('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => texts.some((text) => text?.toLowerCase().includes(word)));
}
