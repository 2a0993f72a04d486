import { describe, expect, it } from 'vitest';
import { createBreaker } from '#connectors/kit/breaker.ts';
import type { Http, HttpAnswer, HttpRequest } from '#connectors/kit/http.ts';
import { ok } from '#domain/result.ts';
import { createErpnextClient, type ErpnextClient } from './client.ts';
import { sweep } from './sweep.ts';
import { writeUsername } from './username.ts';

const now = (): Date => new Date('2026-11-21T00:00:00Z');

/** A client whose other side is a function. */
function clientOf(answer: (request: HttpRequest) => Partial<HttpAnswer> & { json?: unknown }): ErpnextClient {
  const http: Http = {
    async request(request) {
      const { json, status = 200, headers = {}, text = JSON.stringify(json) } = answer(request);
      return ok({ status, headers, text });
    },
    close: () => undefined,
  };
  return createErpnextClient(http, createBreaker({ threshold: 100, coolDownMs: 1, now: () => 0 }), now);
}

const refusing = (status: number, text: string, headers: Record<string, string> = {}): ErpnextClient =>
  clientOf(() => ({ status, text, headers }));

const frappe = (exc_type: string, message = ''): string =>
  JSON.stringify({ exc_type, _server_messages: JSON.stringify([JSON.stringify({ message })]) });

describe('what ERPNext says and what it means', () => {
  it.each([
    [417, 'ValidationError', 'rejected'],
    [417, 'UniqueValidationError', 'rejected'],
    [417, 'TimestampMismatchError', 'unreachable'],
    [417, 'DocumentLockedError', 'unreachable'],
    [409, 'DuplicateEntryError', 'rejected'],
    [500, 'ImportError', 'rejected'],
    [500, 'AttributeError', 'unreachable'],
    [503, 'SessionStopped', 'unreachable'],
    [508, 'QueryDeadlockError', 'unreachable'],
    [401, 'AuthenticationError', 'unauthorized'],
    [403, 'PermissionError', 'unauthorized'],
  ] as const)('%i %s is %s', async (status, excType, reason) => {
    const answer = await refusing(status, frappe(excType, '<b>Row #1</b>: no &amp; thanks')).document(
      'Customer',
      'Budi',
    );
    expect(answer).toMatchObject({ ok: false, error: { reason } });
    expect(answer.ok ? '' : answer.error.detail).not.toContain('<b>');
  });

  it("law 3: only Frappe's own 404 means gone; a proxy's or an unknown site's is nonsense", async () => {
    expect(await refusing(404, frappe('DoesNotExistError')).document('Customer', 'Budi')).toEqual(ok(null));
    for (const text of ['<html>404 Not Found</html>', '{}', '', '{"exc_type":"PageDoesNotExistError"', '[]']) {
      const answer = await refusing(404, text).document('Customer', 'Budi');
      expect(answer, text).toMatchObject({ ok: false, error: { reason: 'nonsense' } });
    }
  });

  it.each([
    ['12', 12_000],
    ['Sat, 21 Nov 2026 00:00:30 GMT', 30_000],
    ['soon', undefined],
    ['Sat, 21 Nov 2020 00:00:30 GMT', undefined],
  ])('Retry-After %j waits %s ms', async (value, retryAfterMs) => {
    const answer = await refusing(503, '', { 'retry-after': value }).call('ping');
    expect(answer.ok ? null : answer.error.retryAfterMs).toBe(retryAfterMs);
  });

  it('a redirect names where it leads, without the path', async () => {
    const answer = await refusing(301, '', { location: 'https://erp.example.com/login?x=1' }).call('ping');
    expect(answer.ok ? '' : answer.error.detail).toContain('(https://erp.example.com)');
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"data":[]}',
    '{"data":"x"}',
    '{"data":{}}',
    '{"data":{"name":"Siti"}}',
    '{"data":{"na',
  ])('law 3: %j is no document of Budi', async (text) => {
    const answer = await refusing(200, text).document('Customer', 'Budi');
    expect(answer).toMatchObject({ ok: false, error: { reason: 'nonsense' } });
  });

  it('a document may be spelt otherwise than it was asked for, as MariaDB compares', async () => {
    const client = refusing(200, '{"data":{"name":"BÚDI"}}');
    expect(await client.document('Customer', 'budi')).toMatchObject({ ok: true });
  });

  it('law 11: numbers arrive as the text that was sent', async () => {
    const client = refusing(200, '{"data":[{"name":"A","n":50.0,"big":9007199254740993}]}');
    const list = await client.list('Sales Invoice', { fields: ['name'], filters: [], pageLength: 1 });
    expect(list).toEqual(ok([{ name: 'A', n: '50.0', big: '9007199254740993' }]));
  });
});

describe('sweeps', () => {
  const page = { fields: ['name'], filters: [], pageLength: 3 };
  const rows = (...names: string[]) => ({ json: { data: names.map((name) => ({ name })) } });

  it('a server that overlooks the page’s beginning is found out, not looped on or cut short', async () => {
    const answer = await sweep(
      clientOf(() => rows('A', 'B', 'C')),
      'Customer',
      page,
    );
    expect(answer).toMatchObject({ ok: false, error: { reason: 'nonsense' } });
  });

  it('a server that overlooks the page length and gives its usual 20 is asked on', async () => {
    const all = Array.from({ length: 30 }, (_, index) => `N${String(index).padStart(2, '0')}`);
    const client = clientOf(({ query }) => {
      const after = /"name",">","(N\d+)"/.exec(query?.filters ?? '')?.[1] ?? '';
      return rows(...all.filter((name) => name > after).slice(0, 20));
    });
    const answer = await sweep(client, 'Customer', { ...page, pageLength: 500 });
    expect(answer.ok && [answer.value.rows.length, answer.value.pages]).toEqual([30, 2]);
  });

  it('a row without a name is nonsense', async () => {
    const client = clientOf(() => ({ json: { data: [{ title: 'A' }] } }));
    expect(await sweep(client, 'Customer', page)).toMatchObject({ error: { reason: 'nonsense' } });
  });

  it('a failure on a later page fails the whole', async () => {
    const client = clientOf(({ query }) =>
      query?.filters?.includes('C') ? { status: 502, text: '' } : rows('A', 'B', 'C'),
    );
    expect(await sweep(client, 'Customer', page)).toMatchObject({ error: { reason: 'unreachable' } });
  });
});

describe('writing the username', () => {
  it('goes only to the version that was seen; who comes in between is not overwritten but met again', async () => {
    const puts: unknown[] = [];
    const client = clientOf(({ method, body }) => {
      if (method === 'GET') return { json: { data: { name: 'SUB-1', modified: '2026-11-21 00:00:00.1', user: null } } };
      puts.push(body);
      return { status: 417, text: frappe('TimestampMismatchError', 'Document has been modified') };
    });
    const answer = await writeUsername(client, 'user', 'SUB-1', 'CKP001');
    expect(puts).toEqual([{ user: 'CKP001', modified: '2026-11-21 00:00:00.1' }]);
    expect(answer).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
  });

  it('a success that did not stay is looked at again and tried later', async () => {
    const client = clientOf(() => ({ json: { data: { name: 'SUB-1', modified: 'm', user: null } } }));
    const answer = await writeUsername(client, 'user', 'SUB-1', 'CKP001');
    expect(answer).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
  });
});
