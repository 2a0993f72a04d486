import { ok } from '#domain/result.ts';
import type { Asked, InventreeClient } from './client.ts';
import { type TrackRow, trackPage } from './shapes.ts';

export type Told = { readonly rows: readonly TrackRow[]; readonly isMore: boolean };

const pageLength = 100;
/** A page begins before the one before it ends: rows of one time change places from question to question. */
const step = 80;
/** New rows beyond so many pages are read from the oldest on, a part at a time. */
const mostNewPages = 3;
const pagesOfPart = 10;
const remembered = 2_000;

type Ordering = 'date' | '-date';
type Page = { readonly count: number; readonly results: readonly TrackRow[] };

/** A page of the whole history. It is ordered by date only, and by offsets only: neither number nor time is a cursor. */
const readPage = (client: InventreeClient, ordering: Ordering, offset: number, limit = pageLength): Asked<Page> =>
  client.get('/api/stock/track/', { ordering, limit, offset, user_detail: true }, trackPage);

/** Rows above the mark, the newest first, until a whole page is below it, and one page more; null: there are too many. */
async function newest(client: InventreeClient, mark: number): Asked<readonly TrackRow[] | null> {
  const rows: TrackRow[] = [];
  let isPast = false;
  for (let at = 0; at < mostNewPages; at += 1) {
    const page = await readPage(client, '-date', at * step);
    if (!page.ok) return page;
    const { results, count } = page.value;
    rows.push(...results);
    if (isPast || at * step + pageLength >= count) return ok(rows);
    isPast = results.every(({ pk }) => pk <= mark);
  }
  // A further page would have been only to be sure.
  return ok(isPast ? rows : null);
}

/** How many rows lie before the first above the mark, nearly: numbers grow with the date but for a few. */
async function offsetOf(client: InventreeClient, mark: number, count: number): Asked<number> {
  let [low, high] = [0, count];
  while (high - low > pageLength) {
    const middle = Math.floor((low + high) / 2);
    const page = await readPage(client, 'date', middle, 1);
    if (!page.ok) return page;
    const [row] = page.value.results;
    if (row && row.pk <= mark) low = middle;
    else high = middle;
  }
  return ok(Math.max(0, low - pageLength));
}

/** A part of what is above the mark, from its oldest on. */
async function oldestPart(client: InventreeClient, mark: number): Asked<Told> {
  const first = await readPage(client, 'date', 0, 1);
  if (!first.ok) return first;
  const start = await offsetOf(client, mark, first.value.count);
  if (!start.ok) return start;
  const rows: TrackRow[] = [];
  for (let at = 0; at < pagesOfPart; at += 1) {
    const page = await readPage(client, 'date', start.value + at * step);
    if (!page.ok) return page;
    const { results, count } = page.value;
    rows.push(...results);
    if (results.length === 0 || start.value + at * step + pageLength >= count) return ok({ rows, isMore: false });
  }
  // What the next part begins with may be below the last of this one: that much is left for it.
  const border = Math.min(...rows.slice(-pageLength).map(({ pk }) => pk));
  return ok({ rows: rows.filter(({ pk }) => pk < border), isMore: true });
}

/**
 * Rows above a mark, by number, each once. One that became visible late, below a mark that was reached, is told too:
 * whoever asks twice is told what was not in sight the first time.
 */
export function readHistory(client: InventreeClient): (mark: number) => Asked<Told> {
  let seen = new Set<number>();
  let isFirst = true;

  function tell(rows: readonly TrackRow[], mark: number): readonly TrackRow[] {
    const unique = new Map(rows.map((row) => [row.pk, row]));
    const lowest = Math.min(...seen);
    const told = [...unique.values()].filter(({ pk }) => pk > mark || (!isFirst && pk > lowest && !seen.has(pk)));
    isFirst = false;
    seen = new Set([...seen, ...unique.keys()].sort((a, b) => b - a).slice(0, remembered));
    return told.sort((a, b) => a.pk - b.pk);
  }

  return async (mark) => {
    const fresh = await newest(client, mark);
    if (!fresh.ok) return fresh;
    if (fresh.value) return ok({ rows: tell(fresh.value, mark), isMore: false });
    const part = await oldestPart(client, mark);
    if (!part.ok) return part;
    // A part above the mark that would be empty says nothing of what comes after it.
    const rows = part.value.rows.filter(({ pk }) => pk > mark).sort((a, b) => a.pk - b.pk);
    return ok({ rows: rows.filter(({ pk }, at) => rows[at - 1]?.pk !== pk), isMore: part.value.isMore });
  };
}
