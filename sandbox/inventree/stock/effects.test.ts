import { describe, expect, it } from 'vitest';
import type { Inventree } from '../create-inventree.ts';
import { playedSite } from '../recorded/scenes.ts';

/** What an item is and what its history tells beyond its creation: code, and what is said in it. */
type After = { readonly item: object | undefined; readonly rows: readonly (readonly [number, object, string?])[] };

type Case = {
  readonly it: string;
  readonly before?: (site: Inventree) => void;
  readonly act: (site: Inventree) => unknown;
  readonly pk?: number;
  readonly is: object | null;
  readonly rows: Readonly<Record<421 | 530, After['rows']>>;
};

const transfer = (pk: number, quantity: number | string, location: number, notes?: string) => (site: Inventree) =>
  site.person('POST', '/api/stock/transfer/', { items: [{ pk, quantity }], location, ...(notes ? { notes } : {}) });
const amount = (verb: string, pk: number, quantity: number) => (site: Inventree) =>
  site.person('POST', `/api/stock/${verb}/`, { items: [{ pk, quantity }] });
const give = (site: Inventree): unknown =>
  site.person('POST', '/api/stock/assign/', { items: [{ item: 1 }], customer: 1, notes: 'n' });
const status = (key: number) => (site: Inventree) =>
  site.person('POST', '/api/stock/change_status/', { items: [1], status: key, note: 'n' });
const takeBack = (more: object) => (site: Inventree) =>
  site.person('POST', '/api/stock/return/', { items: [{ pk: 1, quantity: 1, ...more }], location: 4, notes: 'back' });
const none = { 421: [], 530: [] } as const;
const customer = { customer: 1, customer_name: 'ACME Cust 1001' };
const changed = { old_status: 10, status_logical: 85, old_status_logical: 10 };

const cases: readonly Case[] = [
  { it: 'half of a single unit does not move', act: transfer(1, '0.5', 4), is: { location: 2 }, rows: none },
  {
    it: 'many of a single unit move the one',
    act: transfer(1, 99, 4),
    is: { location: 4, quantity: 1 },
    rows: { 421: [[20, { location: 4 }]], 530: [[20, { location: 4, quantity: 99 }]] },
  },
  {
    it: 'a move to where it is leaves a row if it has notes',
    act: transfer(1, 1, 2, 'again'),
    is: { location: 2 },
    rows: { 421: [[25, {}, 'again']], 530: [[25, { quantity: 1 }, 'again']] },
  },
  {
    it: 'a move to where it is, without notes',
    act: transfer(1, 1, 2),
    is: { location: 2 },
    rows: { 421: [], 530: [[25, { quantity: 1 }]] },
  },
  {
    it: 'the same unit twice in one request',
    act: (site) =>
      site.person('POST', '/api/stock/transfer/', {
        items: [
          { pk: 1, quantity: 1 },
          { pk: 1, quantity: 1 },
        ],
        location: 4,
      }),
    is: { location: 4 },
    rows: {
      421: [
        [20, { location: 4 }],
        [20, { location: 4 }],
      ],
      530: [
        [20, { location: 4, quantity: 1 }],
        [25, { quantity: 1 }],
      ],
    },
  },
  { it: 'removing a single unit does nothing', act: amount('remove', 1, 1), is: { quantity: 1 }, rows: none },
  {
    it: 'counting a single unit as none leaves it',
    act: amount('count', 1, 0),
    is: { quantity: 1 },
    rows: { 421: [], 530: [[10, { quantity: 1 }]] },
  },
  { it: 'removing more than there is deletes the item', act: amount('remove', 6, 9999), pk: 6, is: null, rows: none },
  {
    it: 'a PATCH moves without a word in the history',
    act: (site) => site.person('PATCH', '/api/stock/1/', { customer: 1, location: null }),
    is: { location: null, customer: 1 },
    rows: none,
  },
  {
    it: 'assign',
    act: give,
    is: { location: null, customer: 1 },
    rows: { 421: [[100, customer, 'n']], 530: [[100, { ...customer, quantity: 1 }, 'n']] },
  },
  {
    it: 'return with another status: a row without notes comes first',
    before: give,
    act: takeBack({ status: 85 }),
    is: { location: 4, customer: null, status: 85 },
    rows: {
      421: [
        [5, { status: 85 }, ''],
        [15, { location: 4, ...customer, status: 85 }, 'back'],
      ],
      530: [
        [5, { status: 85, ...changed }, ''],
        [15, { location: 4, ...customer, quantity: 1, status: 85, ...changed }, 'back'],
      ],
    },
  },
  {
    it: 'a lost unit in a bag can be "returned"',
    before: status(70),
    act: takeBack({}),
    is: { location: 4, status: 70 },
    rows: { 421: [[15, { location: 4 }, 'back']], 530: [[15, { location: 4, quantity: 1 }, 'back']] },
  },
  { it: 'the same status again leaves no row', act: status(10), is: { status: 10 }, rows: none },
  {
    it: 'a part of a heap becomes an item that the answer does not name',
    act: transfer(6, '50.25', 4),
    pk: 6,
    is: { quantity: 255.25, location: 2 },
    rows: {
      421: [[42, { stockitem: 8, removed: 50.25, quantity: 255.25, location: 4 }]],
      530: [[42, { stockitem: 8, removed: 50.25, quantity: 255.25 }]],
    },
  },
  {
    it: 'a deleted place leaves what lay there in its structural parent',
    before: transfer(1, 1, 4),
    act: (site) => site.person('DELETE', '/api/stock/location/4/'),
    is: { location: 3 },
    rows: none,
  },
  {
    it: 'a deleted company leaves its units nowhere',
    before: give,
    act: (site) => site.person('DELETE', '/api/company/1/'),
    is: { location: null, customer: null },
    rows: none,
  },
];

describe.each([421, 530] as const)('API %i: what is true after an answer that says little', (apiVersion) => {
  it.each(cases)('$it', async ({ before, act, pk = 1, is, rows }) => {
    const site = await playedSite(apiVersion, '');
    before?.(site);
    const known = site.tracks(pk).length;
    act(site);
    await site.stop();
    if (is === null) expect(site.item(pk)).toBeUndefined();
    else expect(site.item(pk)).toMatchObject(is);
    const told = site.tracks(pk).slice(is === null ? 0 : known);
    const wanted = rows[apiVersion].map(([type, deltas, notes = '']) => ({ type, deltas, notes }));
    expect(is === null ? [] : told.map(({ type, deltas, notes }) => ({ type, deltas, notes }))).toEqual(wanted);
  });

  it('notes that do not fit are an error of the server, and nothing is changed', async () => {
    const site = await playedSite(apiVersion, '');
    expect(() => transfer(1, 1, 4, 'x'.repeat(513))(site)).toThrow('DataError');
    expect(site.item(1)?.location).toBe(2);
    await site.stop();
  });
});
