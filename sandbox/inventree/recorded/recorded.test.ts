import { describe, expect, it } from 'vitest';
import type { Inventree } from '../create-inventree.ts';
import type { Roles } from '../world/rows.ts';
import { type Recording, recordings } from './recording.ts';
import { playedSite } from './scenes.ts';

/** Of which logins a recording is: whoever is no administrator. */
const weaker: Readonly<Record<string, Roles>> = {
  'perm-noperm-stock-list': {},
  'perm-noperm-barcode-scan': {},
  'perm-viewer-transfer': { stock: ['view'] },
};

const all = ['view', 'add', 'change', 'delete'] as const;
const admin: Roles = {
  part: all,
  stock: all,
  stock_location: all,
  sales_order: all,
  purchase_order: all,
  return_order: all,
};

function authorization(site: Inventree, { name, authorization: scheme }: Recording): string | null {
  if (scheme === null) return null;
  if (scheme === 'Basic') {
    const password = name === 'token-badpass-401' ? 'no' : site.password;
    return `Basic ${Buffer.from(`${site.username}:${password}`).toString('base64')}`;
  }
  if (name === 'auth-401-badtoken') return 'Token inv-0';
  const { token } = site.addUser({ username: 'recorder', password: 'r', roles: weaker[name] ?? admin, isStaff: true });
  return `${scheme} ${token}`;
}

async function replay(site: Inventree, recording: Recording) {
  const login = authorization(site, recording);
  const response = await fetch(`${site.url}${recording.url}`, {
    method: recording.method,
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json', ...(login === null ? {} : { Authorization: login }) },
    ...(recording.body === null ? {} : { body: JSON.stringify(recording.body) }),
  });
  const text = (await response.text()).replaceAll(site.url, 'http://inventree.example');
  return { status: response.status, headers: response.headers, answer: text === '' ? null : JSON.parse(text) };
}

/** Times, and what only tells how much had been done at the recorded site before. */
const varying = new Set([...['updated', 'creation_date', 'stocktake_date', 'date', 'user', 'tracking_items']]);

function form(value: unknown, inTrack = false): unknown {
  if (Array.isArray(value)) return value.map((one) => form(one, inTrack));
  if (value === null || typeof value !== 'object') return value;
  const isTrack = 'tracking_type' in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const varies = varying.has(key) || (isTrack && key === 'pk') || (key === 'items' && typeof inner === 'number');
      return [key, varies ? typeof inner : form(inner, isTrack)];
    }),
  );
}

/** Answers that say more at a real site than what the hub reads: all that is said here is said there, in the same kind. */
const fuller = new Set(['root-anonymous-200', 'user-roles-200', 'setting-get-serial-global', 'token-200']);
const kinds = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, Array.isArray(inner) ? 'list' : typeof inner]));

/** Lists whose rows come in no fixed order, or of a history that had grown long: the rows are told by their form. */
const samples = new Set([
  ...['stock-list-paged-200', 'stock-list-badfilter', 'stock-list-nolimit', 'track-list-200', 'track-list-min-date'],
  ...['track-order-id', 'track-one'],
]);

type Page = { readonly count?: number; readonly results?: readonly unknown[] };

describe.each([421, 530] as const)('API %i', (apiVersion) => {
  it.each(recordings(apiVersion).map((recording) => [recording.name, recording] as const))(
    '%s: the stand-in answers as the recorded server',
    async (name, recording) => {
      const site = await playedSite(apiVersion, name);
      const played = await replay(site, recording);
      await site.stop();
      expect(played.status).toBe(recording.status);
      for (const [header, value] of Object.entries(recording.headers)) expect(played.headers.get(header)).toBe(value);
      if (fuller.has(name)) return expect(kinds(recording.answer as object)).toMatchObject(kinds(played.answer));
      if (!samples.has(name)) return expect(form(played.answer)).toEqual(form(recording.answer));
      const rows = (answer: unknown): readonly unknown[] =>
        Array.isArray(answer) ? answer : ((answer as Page).results ?? []);
      const shapes = (answer: unknown): unknown[] => rows(answer).map((row) => Object.keys(row as object).sort());
      expect(shapes(played.answer)).toEqual(shapes(recording.answer));
    },
  );
});
