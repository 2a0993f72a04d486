import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { answerError, refusalOf } from '#http/errors.ts';
import { createLog } from '#platform/log.ts';
import { Refusal, refusalStatus } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';

const failing = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

async function answer(error: unknown) {
  const lines: string[] = [];
  const app = new Hono<RouteEnv>();
  app.onError(answerError(createLog('info', { write: (line) => lines.push(line) })));
  app.get('/', () => {
    throw error;
  });
  const response = await app.request('/');
  const body = (await response.json()) as { readonly code: string };
  return { status: response.status, headers: response.headers, body, lines };
}

describe('errors at the HTTP door', () => {
  it('O4: every code has its status, the one shape, and a page for people', async () => {
    for (const [code, status] of Object.entries(refusalStatus)) {
      const told = await answer(new Refusal(code as keyof typeof refusalStatus, 'words', { field: 'name' }));
      expect(told).toMatchObject({ status, body: { code, message: 'words', details: { field: 'name' } } });
      expect(existsSync(fileURLToPath(new URL(`../../docs/errors/${code}.md`, import.meta.url))), code).toBe(true);
    }
  });

  it('O4: without details there is no empty field for them', async () => {
    expect((await answer(new Refusal('NOT_FOUND', 'words'))).body).toEqual({ code: 'NOT_FOUND', message: 'words' });
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P01', '57P03', '53300', '53100', '57014', '08006', '40001'])(
    'REL-10: a database that is away (%s) is 503 with Retry-After, and logged',
    async (code) => {
      const { status, headers, body, lines } = await answer(failing(code, 'secret words'));
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'UNAVAILABLE' });
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(lines).toHaveLength(1);
    },
  );

  it.each(['timeout exceeded when trying to connect', 'Query read timeout', 'Connection terminated unexpectedly'])(
    'REL-10: the driver’s own words for a database that is away are known: %s',
    (message) => {
      expect(refusalOf(new Error(message))?.code).toBe('UNAVAILABLE');
    },
  );

  it('SEC-26: what nobody foresaw tells nothing outside and everything in the log', async () => {
    const { status, body, lines } = await answer(new TypeError('select * from users: password = hunter2'));
    expect(status).toBe(500);
    expect(body.code).toBe('INTERNAL_ERROR');
    expect(JSON.stringify(body)).not.toMatch(/select|users|hunter2|TypeError|\.ts/);
    expect(lines.join()).toContain('select * from users');
  });

  it('data that the database cannot hold is the caller’s fault, not ours', () => {
    expect(refusalOf(failing('22021'))?.code).toBe('VALIDATION_ERROR');
    expect(refusalOf(failing('23505'))?.code).toBe('DUPLICATE_ENTRY');
    expect(refusalOf(failing('23503'))?.code).toBe('CONFLICT');
    expect(refusalOf(failing('42P01'))).toBeNull();
  });

  it('the framework’s own refusals get the one shape', async () => {
    const told = (status: 400 | 413 | 415) => answer(new HTTPException(status, { message: 'm' }));
    expect(await told(400)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    expect(await told(413)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(await told(415)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
  });
});
