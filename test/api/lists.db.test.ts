import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inLanes } from '#test/pipeline/in-lanes.ts';
import { filtersOf, grow, isList, keyOf, opened, type Row, sortsOf, stillWalk, valuesOf, walk } from './lists.ts';
import type { Operation, Parameter } from './operations.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import { good, type Tenant } from './tenant.ts';

let stage: Stage;
let at: Tenant;
let lists: readonly Operation[];

beforeAll(async () => {
  stage = await openStage('l');
  at = firstOf(stage);
  lists = stage.callable.filter(isList);
  await inLanes(lists, async (list) => {
    for (let n = 0; n < 7; n++) await grow(stage, at, list);
  });
  // What the clock does next is the one order that moves by itself.
  await at.hub.look(`update schedules set locked_until = now() + interval '1 day'`);
}, 180_000);
afterAll(() => stage?.close());

type Query = Readonly<Record<string, string>>;

const keys = (rows: readonly Row[]): readonly string[] => rows.map(keyOf);

/** `property` on at least a hundred draws, each list among them; a draw is a list and three numbers to choose by. */
const onEveryList = (property: (list: Operation, a: number, b: number, c: number) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(lists.length - 1), fc.nat(99), fc.nat(99), fc.nat(99), async (which, a, b, c) => {
      const list = lists[which];
      if (list) await property(list, a, b, c);
    }),
    { numRuns: 100, examples: lists.map((_, which) => [which, which, 1, 0] as [number, number, number, number]) },
  );

/** The size of pages of which so many are the whole: a log of hundreds of rows has no more pages than another list. */
const shareOf = (rows: readonly unknown[], pages: number): number => Math.min(100, Math.ceil(rows.length / pages));

const among = <T>(values: readonly T[], n: number): T | undefined => values[n % Math.max(1, values.length)];

/** A value for a filter: one that its schema names, else one that a row has. */
function valueFor(filter: Parameter, rows: readonly Row[], n: number): string | undefined {
  const { name } = filter;
  const named = valuesOf(filter);
  if (named.length > 0) return among(named, n);
  const had = rows.map((row) => row[name] ?? (['from', 'to'].includes(name) ? row.at : undefined));
  const value = among(
    had.filter((one) => typeof one === 'string'),
    n,
  );
  if (value === undefined) return undefined;
  return filter.schema.format === 'date' ? String(value).slice(0, 10) : String(value);
}

describe('every list of the API', { timeout: 300_000 }, () => {
  it('P10: its pages hold each row once, in the order of the whole, whatever their size and the sort', async () => {
    await onEveryList(async (list, size, which) => {
      const sort = among(sortsOf(list), which);
      const asked = await opened(list, at);
      const query = sort === undefined ? {} : { sort };
      const whole = keys(await stillWalk(asked, query, 100));
      const drawn = 1 + (size % 7) + Math.floor(size / 40) * 5;
      const pages = keys(await stillWalk(asked, query, Math.max(drawn, shareOf(whole, 12))));
      expect(new Set(pages).size, list.at).toBe(pages.length);
      expect(pages, `${list.at} ${sort}`).toEqual(whole);
    });
  });

  it('P12: each row that a filter leaves matches it, and two filters leave what both leave', async () => {
    await onEveryList(async (list, a, b, n) => {
      const asked = await opened(list, at);
      const all = (query: Query): Promise<readonly Row[]> => stillWalk(asked, query, 100);
      const filters = filtersOf(list);
      // The hub's own loops write to some lists: what was read while one did says nothing.
      const shown = (row: Row): string => JSON.stringify([keyOf(row), ...filters.map(({ name }) => row[name] ?? null)]);
      const seen = (rows: readonly Row[]) => rows.map(shown);
      for (let rows = await all({}), after: readonly Row[] = []; !isDeepStrictEqual(seen(rows), seen(after)); ) {
        rows = await all({});
        const left: { readonly name: string; readonly query: Query; readonly rows: readonly Row[] }[] = [];
        for (const filter of new Set([among(filters, a), among(filters, b)])) {
          const value = filter && valueFor(filter, rows, n);
          if (!filter || value === undefined) continue;
          const query = { [filter.name]: value };
          left.push({ name: filter.name, query, rows: await all(query) });
        }
        const [one, other] = left;
        const both = one && other ? await all({ ...one.query, ...other.query }) : null;
        after = await all({});
        if (!isDeepStrictEqual(seen(rows), seen(after))) continue;
        const whole = new Set(seen(rows));
        if (!seen([...left.flatMap((some) => some.rows), ...(both ?? [])]).every((row) => whole.has(row))) {
          after = [];
          continue;
        }
        for (const { name, query, rows: some } of left) {
          const told = `${list.at} ${name}=${query[name]}`;
          expect(keys(rows), told).toEqual(expect.arrayContaining([...keys(some)]));
          for (const row of some) if (name in row) expect(String(row[name]), told).toBe(query[name]);
        }
        if (!one || !other || !both) return;
        const inOther = new Set(keys(other.rows));
        expect(keys(both), list.at).toEqual(keys(one.rows).filter((key) => inOther.has(key)));
      }
    });
  });

  it('P12: what a filter has a name for are all the rows there are: its values share the list out', async () => {
    for (const list of lists) {
      const asked = await opened(list, at);
      for (const filter of filtersOf(list)) {
        const { name } = filter;
        const values = valuesOf(filter);
        if (values.length === 0) continue;
        const shares = await Promise.all(values.map((value) => stillWalk(asked, { [name]: value }, 100)));
        const shared = shares.flatMap(keys).toSorted();
        const whole = await stillWalk(asked, {}, 100);
        // A row may have no value at all: a message's event, say, when it is nobody's.
        const named = whole.filter((row) => !(name in row) || row[name] !== null);
        expect(shared, `${list.at} ${name}`).toEqual(keys(named).toSorted());
      }
    }
  });

  it('P11: search narrows, with a filter too, and a nonsense word leaves nothing', async () => {
    for (const list of lists.filter(({ parameters = [] }) => parameters.some(({ name }) => name === 'search'))) {
      const asked = await opened(list, at);
      const walked = async (query: Parameters<typeof stillWalk>[1]) => keys(await stillWalk(asked, query, 100));
      expect((await asked.page({ search: 'qqzzyy' })).total, list.at).toBe(0);
      const [filter] = filtersOf(list);
      const value = filter && valueFor(filter, [], 0);
      const narrow = filter && value !== undefined ? { [filter.name]: value } : {};
      // The hub's own loops write to some lists: what was read while one did says nothing.
      for (let rows = await walked({}), after: readonly string[] = []; !isDeepStrictEqual(rows, after); ) {
        rows = await walked({});
        const found = await walked({ search: 'a' });
        const filtered = new Set(await walked(narrow));
        const both = await walked({ search: 'a', ...narrow });
        after = await walked({});
        if (!isDeepStrictEqual(rows, after)) continue;
        expect(rows, list.at).toEqual(expect.arrayContaining([...found]));
        expect(both, list.at).toEqual(found.filter((key) => filtered.has(key)));
      }
    }
  });

  it('P10: with rows coming in between the pages none that was there is missed, and their order stays', async () => {
    for (const list of lists) {
      for (const sort of [undefined, ...sortsOf(list)].slice(0, 3)) {
        const asked = await opened(list, at);
        const query = sort === undefined ? {} : { sort };
        const before = keys(await stillWalk(asked, query, 100));
        const { rows } = await walk(asked, query, Math.max(20, shareOf(before, 4)), () => grow(stage, at, list));
        const seen = keys(rows);
        const known = new Set(before);
        const kept = [...new Set(seen)].filter((key) => known.has(key));
        expect(kept, `${list.at} ${sort}`).toEqual(before);
      }
    }
  });

  it('P10: by cursor each customer comes once, in order, with others coming in between', async () => {
    const path = '/api/v1/customers?sort=-created_at&page_size=3';
    const list = lists.find((one) => one.at === 'get /api/v1/customers');
    if (!list) throw new Error('there is no list of customers');
    const before = keys(await stillWalk(await opened(list, at), { sort: '-created_at' }, 100));
    const seen: string[] = [];
    for (let cursor: unknown = ''; cursor !== null; await grow(stage, at, list)) {
      const page = good(await at.admin({ method: 'GET', path: `${path}${cursor === '' ? '' : `&cursor=${cursor}`}` }));
      seen.push(...keys(page.data as readonly Row[]));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(before);
  });
});
