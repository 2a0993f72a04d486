import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBreaker } from '#connectors/kit/breaker.ts';
import type { Http, HttpRequest } from '#connectors/kit/http.ts';
import { err, ok } from '#domain/result.ts';
import { createInventreeClient } from './client.ts';
import { hasHappened, notesOf, operationIn, readRow } from './look.ts';
import { companyPage, locationPage, scannedBody, serverInfo, stockRow, trackPage } from './shapes.ts';
import { assetOf } from './unit.ts';
import { saysMissing, wordsOf } from './words.ts';

type Answered = { readonly status: number; readonly body: unknown };

/** What a real InvenTree answered. */
function recorded(name: string): Answered {
  const text = readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text).response;
}

/** A client whose other side answers as told; `/api/` is InvenTree 1.1.7 unless it is said otherwise. */
function clientOf(answer: (request: HttpRequest) => Answered | 'lost', root = recorded('api421-root-anonymous-200')) {
  const asked: HttpRequest[] = [];
  const http: Http = {
    async request(request) {
      asked.push(request);
      const found = request.path === '/api/' ? root : answer(request);
      if (found === 'lost') return err({ reason: 'network', detail: 'socket hang up' });
      const text = typeof found.body === 'string' ? found.body : JSON.stringify(found.body);
      return ok({ status: found.status, headers: {}, text });
    },
    close: () => undefined,
  };
  const clock = { ms: 0 };
  const breaker = createBreaker({ threshold: 3, coolDownMs: 1_000, now: () => clock.ms });
  return { client: createInventreeClient(http, breaker, () => clock.ms), asked, clock };
}

describe('what InvenTree was recorded to answer', () => {
  it.each([
    ['api421-root-anonymous-200', serverInfo, { apiVersion: 421, worker_running: false }],
    ['api530-root-anonymous-200', serverInfo, { apiVersion: 530 }],
    ['api421-location-list-200', locationPage, { count: 1, results: [{ pk: 4, parent: 3, structural: false }] }],
    ['api421-company-search', companyPage, { results: [{ pk: 3, is_customer: true }] }],
    ['api421-barcode-scan-linked-200', scannedBody, { stockitem: { pk: 1 } }],
  ])('%s is read', (name, shape, expected) => {
    expect(shape.parse(recorded(name).body)).toMatchObject(expected);
  });

  it.each(['api421-stock-detail-200', 'api530-stock-detail-200'])('%s is a unit on the shelf', (name) => {
    expect(assetOf(stockRow.parse(recorded(name).body), '')).toEqual({
      ref: '1',
      part: { ref: '1', name: 'Huawei HG8546M ONT' },
      serial: '48575443A1B2C301',
      status: 'ok',
      at: { kind: 'place', ref: '2', name: '' },
    });
  });

  it.each(['api421-track-after-assign-200', 'api530-track-after-assign-200'])('%s is a history', (name) => {
    const { results } = trackPage.parse(recorded(name).body);
    expect(results.map((row) => [row.item, row.tracking_type])).toEqual([
      [3, 100],
      [3, 20],
      [3, 1],
    ]);
  });

  it.each([
    ['api421-transfer-list-one-bad-400', 'pk: Invalid pk "99999" - object does not exist.'],
    ['api530-transfer-list-one-bad-400', 'pk: Invalid pk "99999" - object does not exist.'],
    ['api421-assign-repeat-400', 'item: Item must be in stock'],
    ['api421-company-create-dup', 'The fields name, email must make a unique set.'],
    ['api421-barcode-link-other-400', 'Barcode matches existing item'],
    [
      'api421-create-dup-serial-400',
      'serial_numbers: The following serial numbers already exist or are invalid : 48575443A1B2C301',
    ],
    ['api421-auth-401-badtoken', 'Invalid token.'],
  ])('%s says in one line: %s', (name, words) => {
    expect(wordsOf(recorded(name).body)).toBe(words);
  });

  it.each([
    ['api421-auth-401-badtoken', 'forbidden'],
    ['api530-metadata-oldpath-patch-403', 'forbidden'],
    ['api421-assign-repeat-400', 'invalid'],
    ['api421-notes-too-long', 'unreachable'],
    ['api421-url-noslash', 'rejected'],
    ['api421-stock-detail-404', 'missing'],
  ] as const)('%s is %s', async (name, reason) => {
    const { client } = clientOf(() => recorded(name));
    expect(await client.act('/api/stock/assign/', {})).toMatchObject({ ok: false, error: { reason } });
  });
});

describe('a client of InvenTree', () => {
  const unit = recorded('api421-stock-detail-200');

  it('only its own word that a unit is not there makes it gone', async () => {
    expect(saysMissing(recorded('api421-stock-detail-404').body)).toBe(true);
    expect(await readRow(clientOf(() => recorded('api421-stock-detail-404')).client, '9')).toEqual(ok(null));
    for (const body of ['<html>404</html>', '', '{}', recorded('api421-url-noslash').body, '{"detail":"Not found."}'])
      expect((await readRow(clientOf(() => ({ status: 404, body })).client, '9')).ok).toBe(false);
  });

  it.each(['', 'null', '[]', '{}', '<html>Login</html>', '{"pk":1', '{"pk":"1"}'])(
    'law 3: %j is no unit, and nobody knows anything by it',
    async (body) => {
      const { client } = clientOf(() => ({ status: 200, body }));
      expect(await readRow(client, '1')).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    },
  );

  it('what is no number of a unit is asked about nowhere', async () => {
    const { client, asked } = clientOf(() => unit);
    for (const ref of ['', '../company/1', '1/../2', '0', '-1', '1e3', ' 1'])
      expect(await readRow(client, ref)).toEqual(ok(null));
    expect(asked).toEqual([]);
  });

  it('an InvenTree before 1.0 is refused before anything is asked of it', async () => {
    const old = { status: 200, body: { server: 'InvenTree', version: '0.17.1', apiVersion: 299 } };
    const { client, asked } = clientOf(() => unit, old);
    const answer = await client.act('/api/stock/transfer/', {});
    expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(answer.ok ? '' : answer.error.detail).toContain('0.17.1');
    expect(asked.map(({ path }) => path)).toEqual(['/api/']);
  });

  it('its release is asked for once, and again after a while: it may have been upgraded', async () => {
    const { client, asked, clock } = clientOf(() => unit);
    for (const ms of [0, 1_000, 400_000]) {
      clock.ms = ms;
      await readRow(client, '1');
    }
    expect(asked.filter(({ path }) => path === '/api/')).toHaveLength(2);
  });

  it('B10: one that is down is left alone a while', async () => {
    const { client, asked } = clientOf(() => 'lost');
    for (let n = 0; n < 10; n += 1) await readRow(client, '1');
    expect(asked.length).toBeLessThan(6);
  });
});

describe('the operation in the notes', () => {
  const id = '8b0c2f4e-1d3a-4b5c-9e6f-0a1b2c3d4e5f';

  it('is found again whole, whoever wrote around it, and never makes notes too long for InvenTree', () => {
    const notes = notesOf(id, 'budi@example.net', `dipasang\n${'x'.repeat(2_000)}`);
    expect(notes.length).toBeLessThanOrEqual(500);
    expect(operationIn(`kata orang: ${notes}`)).toBe(id);
    for (const other of ['', id, `[hub:${id}`, `[hub:${id.slice(1)}]`, '[hub:op-7]'])
      expect(operationIn(other)).toBeNull();
  });

  it('counts only in the history of that very unit: a filter that is ignored shows everything', async () => {
    const row = {
      pk: 1,
      item: 8,
      date: '2026-11-21 00:25',
      label: '',
      notes: `[hub:${id}]`,
      tracking_type: 20,
      user: 1,
    };
    const { client } = clientOf(() => ({ status: 200, body: { count: 1, results: [row] } }));
    expect(await hasHappened(client, '8', id)).toEqual(ok(true));
    expect(await hasHappened(client, '9', id)).toEqual(ok(false));
    expect(await hasHappened(client, '8', id.replace('8b', '9b'))).toEqual(ok(false));
  });
});
