import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInventree, type Inventree } from '../create-inventree.ts';

type Given = { readonly token: string };
type Read = {
  readonly results: readonly Row[];
  readonly roles: Readonly<Record<string, unknown>>;
};
type Row = { readonly pk: number; readonly serial: string };

let site: Inventree;
let now = new Date('2026-11-21T02:00:00Z');
let units: readonly number[] = [];
beforeAll(async () => {
  site = await createInventree({ apiVersion: 421, now: () => now });
  const warehouse = site.addLocation({ name: 'Warehouse' });
  site.addLocation({ name: 'Bag' });
  const serials = Array.from({ length: 12 }, (_, index) => `SN${10 + index}`);
  units = site.addItems(site.addPart({ name: 'ONT' }), warehouse, serials);
});
afterAll(() => site.stop());

const token = (name: string, headers: Record<string, string> = {}) =>
  fetch(`${site.url}/api/user/token/?name=${name}`, {
    headers: { Authorization: `Basic ${btoa(`${site.username}:${site.password}`)}`, ...headers },
  }).then(async (response) => (await response.json()) as Given);

const get = async (path: string, login = `Token ${site.token}`) => {
  const response = await fetch(`${site.url}${path}`, { headers: { Authorization: login } });
  return { status: response.status, body: (await response.json()) as Read };
};
const pks = (rows: readonly Row[]): number[] => rows.map((row) => row.pk);

describe('manners of InvenTree that no recording shows', () => {
  it('rows that tie come in another order each time, so that pages repeat and miss; by stock and serial they do not', async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, () => get('/api/stock/?limit=12')));
    expect(new Set(asked.map(({ body }) => pks(body.results).join())).size).toBeGreaterThan(1);
    const walk: number[] = [];
    for (const offset of [0, 5, 10]) {
      const { body } = await get(`/api/stock/?ordering=stock&limit=5&offset=${offset}`);
      walk.push(...pks(body.results));
    }
    expect(walk).toEqual(units);
  });

  it('a row of the history may become visible after later ones', async () => {
    const [first = 0, second = 0] = units;
    const move = (pk: number) => ({ items: [{ pk, quantity: 1 }], location: 2, notes: 'x' });
    const slow = site.slowly('POST', '/api/stock/transfer/', move(first));
    site.person('POST', '/api/stock/transfer/', move(second));
    const newest = async (): Promise<number[]> =>
      pks((await get('/api/stock/track/?limit=2&ordering=-date')).body.results);
    const before = await newest();
    slow.commit();
    const after = await newest();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe((before[0] ?? 0) - 1);
    expect(before[1]).not.toBe(after[1]);
  });

  it('the same name gives the same token; it ends after a year, and a session that is not a token may not write', async () => {
    const first = await token('door');
    expect((await token('door')).token).toBe(first.token);
    expect((await token('other')).token).not.toBe(first.token);
    expect(first.token).toMatch(/^inv-[0-9a-f]{40}-20261121$/);
    const cookie = await fetch(`${site.url}/api/stock/`, {
      method: 'POST',
      headers: { Cookie: 'sessionid=1' },
      body: '{}',
    });
    expect(cookie.status).toBe(403);
    const before = now;
    now = new Date(now.getTime() + 366 * 86_400_000);
    expect(await get('/api/stock/?limit=1', `Token ${first.token}`)).toMatchObject({
      status: 401,
      body: { detail: 'Token has expired' },
    });
    expect((await token('door')).token).not.toBe(first.token);
    now = before;
  });

  it('what a role may is changed once the background worker has run', async () => {
    site.setRoles({});
    expect((await get('/api/stock/?limit=1')).status).toBe(200);
    site.runWorker();
    expect((await get('/api/stock/?limit=1')).status).toBe(403);
    expect((await get('/api/user/roles/')).body.roles.stock).toBeNull();
  });
});
