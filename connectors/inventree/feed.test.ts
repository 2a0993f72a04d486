import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '#domain/result.ts';
import { good } from '#ports/asset-tracker/contract-subject.ts';
import type { AssetFeed } from '#ports/asset-tracker/port.ts';
import type { InventreeClient, Query } from './client.ts';
import { createCompanyNames } from './company-names.ts';
import { createInventreeFeed } from './feed.ts';

type Row = { readonly pk: number; readonly date: number };

/** Lists as InvenTree gives them: by offset, in an order in which what ties comes as it comes. */
function listing(
  rowsOf: (path: string) => readonly Row[],
  order: (rows: readonly Row[], query: Query) => readonly Row[],
) {
  const asked: Query[] = [];
  const shown = ({ pk, date }: Row) => ({
    ...{ pk, item: 1, date: `2026-11-21 ${date}`, label: 'x', notes: '', tracking_type: 20, user: 1 },
    ...{ part: 1, quantity: 1, serial: `S${pk}`, status: 10, location: 2 },
  });
  const client: InventreeClient = {
    apiVersion: async () => ok(421),
    act: async () => ok(null),
    send: async (_method, _path, _body, shape) => ok(shape.parse({})),
    async get(path, query, shape) {
      asked.push(query);
      const rows = order(rowsOf(path), query);
      const start = Number(query.offset);
      const results = rows.slice(start, start + Number(query.limit)).map(shown);
      return ok(shape.parse({ count: rows.length, results }));
    },
  };
  return { feed: createInventreeFeed(client, createCompanyNames(client)), asked };
}

/** The newest or the oldest first; what is of one time comes as it comes. */
function byDate() {
  const dealt = new Map<string, readonly Row[]>();
  return (rows: readonly Row[], { ordering }: Query): readonly Row[] => {
    const tie = Math.random() < 0.5 ? -1 : 1;
    const key = `${ordering} ${tie} ${rows.length}`;
    const newestFirst = ordering === '-date' ? -1 : 1;
    const found = dealt.get(key) ?? [...rows].sort((a, b) => newestFirst * (a.date - b.date) || tie * (a.pk - b.pk));
    dealt.set(key, found);
    return found;
  };
}
const historyOf = (rows: Row[]) => listing((path) => (path === '/api/stock/track/' ? rows : []), byDate());
const numbered = (first: number, count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({ pk: first + n, date: Math.floor((first + n) / 7) }));

/** Follows from a mark as the mirror does. */
async function follow(feed: AssetFeed, from: number): Promise<{ told: number[]; mark: number; asked: number }> {
  const told: number[] = [];
  let [mark, asked] = [from, 0];
  for (let isMore = true; isMore; asked += 1) {
    const page = good(await feed.movesAfter(mark));
    expect(page.moves.map(({ no }) => no)).toEqual(page.moves.map(({ no }) => no).toSorted((a, b) => a - b));
    told.push(...page.moves.map(({ no }) => no));
    mark = Math.max(mark, ...page.moves.map(({ no }) => no));
    isMore = page.isMore;
  }
  return { told, mark, asked };
}

describe('following the history of InvenTree', () => {
  it('A1: whatever the mark and however long the history, each row above it is told once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2_000), fc.nat(2_000), async (count, from) => {
        const { feed } = historyOf(numbered(1, count));
        const { told } = await follow(feed, from);
        expect(told).toEqual(numbered(1, count).flatMap(({ pk }) => (pk > from ? [pk] : [])));
      }),
      { numRuns: 100 },
    );
  });

  it('a poll that finds nothing new asks twice, however long the history is', async () => {
    const { feed, asked } = historyOf(numbered(1, 20_000));
    expect((await follow(feed, 20_000)).told).toEqual([]);
    expect(asked.length).toBe(2);
  });

  it('a backlog is told in parts: never do all of its rows lie in memory together', async () => {
    const { feed } = historyOf(numbered(1, 5_000));
    const { told, asked } = await follow(feed, 0);
    expect(told.length).toBe(5_000);
    expect(asked).toBeGreaterThan(4);
  });

  it('a row that becomes visible late, below the mark, is told all the same, and once', async () => {
    const rows = numbered(1, 500).filter(({ pk }) => pk !== 490);
    const { feed } = historyOf(rows);
    const first = await follow(feed, 480);
    expect(first.told).not.toContain(490);
    rows.push({ pk: 490, date: Math.floor(490 / 7) });
    expect((await follow(feed, first.mark)).told).toEqual([490]);
    expect((await follow(feed, first.mark)).told).toEqual([]);
  });

  it('what was told and then not kept is told again: only the mark says what is known', async () => {
    const { feed } = historyOf(numbered(1, 50));
    expect((await follow(feed, 40)).told).toHaveLength(10);
    expect((await follow(feed, 40)).told).toHaveLength(10);
  });
});

describe('walking all units of InvenTree', () => {
  const units = numbered(1, 350);
  const walkAll = async (feed: AssetFeed) => {
    const met: string[] = [];
    let pages = 0;
    for (let page: string | null | undefined; page !== null; pages += 1) {
      const { rows, next } = good(await feed.walk(page ?? null));
      met.push(...rows.map(({ ref }) => ref));
      page = next;
    }
    return { met, pages };
  };
  const walker = (order: (rows: readonly Row[]) => readonly Row[]) =>
    listing((path) => (path === '/api/stock/' ? units : []), order).feed;

  it('comes by each once where the order holds', async () => {
    const { met, pages } = await walkAll(walker((rows) => rows));
    expect([new Set(met).size, met.length, pages]).toEqual([350, 350, 4]);
  });

  it('notices that it missed some, goes round again, and ends all the same', async () => {
    let asked = 0;
    // The first page is of another order than the rest: what ties is dealt anew.
    const { met, pages } = await walkAll(
      walker((rows) => (rows.length > 0 && asked++ === 0 ? [...rows].reverse() : rows)),
    );
    expect(new Set(met).size).toBe(350);
    expect(met.length).toBe(350);
    expect(pages).toBeGreaterThan(4);
    const never = walker((rows) => rows.map(() => ({ pk: 1, date: 1 })));
    expect((await walkAll(never)).pages).toBe(12);
  });
});
