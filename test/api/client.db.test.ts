import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, createClient } from '#http/client/client.ts';
import { clientFiles } from './client-types.ts';
import { customerBody } from './furnish.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import { password } from './tenant.ts';

const folder = fileURLToPath(new URL('../../src/http/client/rooms/', import.meta.url));

let stage: Stage;

beforeAll(async () => {
  stage = await openStage('c');
}, 180_000);
afterAll(() => stage?.close());

/** Without what a formatter adds or takes away. */
const plain = (text: string): string => text.replace(/[\s;,|()"'`]/g, '');

describe('the typed client', { timeout: 300_000 }, () => {
  it('O3: has the types of every operation of the OpenAPI document, and no other', () => {
    const files = clientFiles(stage.document);
    if (process.env.UPDATE_CLIENT === '1') {
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of files) writeFileSync(join(folder, name), text);
    }
    const rooms = [...files.keys()].filter((name) => !name.startsWith('..'));
    expect(readdirSync(folder).sort()).toEqual(rooms.sort());
    for (const [name, text] of files) expect(plain(readFileSync(join(folder, name), 'utf8')), name).toBe(plain(text));
  });

  it('O3: logs in, writes once under a key, reads, and throws a refusal with its code', async () => {
    const at = firstOf(stage);
    const open = createClient({ url: stage.hub.url });
    const { access_token } = await open('POST /auth/login', {
      body: { email: `admin@${at.canary}.example`, password, subdomain: at.subdomain },
    });
    const call = createClient({ url: stage.hub.url, token: () => access_token });
    const given = { body: customerBody(at), idempotencyKey: randomUUID() };
    const made = await call('POST /customers', given);
    expect(await call('POST /customers', given)).toEqual(made);
    const read = await call('GET /customers/{id}', { params: { id: made.id } });
    expect([read.customer_code, read.name]).toEqual([made.customer_code, given.body.name]);
    const list = await call('GET /customers', { query: { page_size: 5, search: made.customer_code } });
    expect(list.data.map(({ id }) => id)).toContain(made.id);
    expect(await call('GET /settings')).toMatchObject({ currency: 'IDR' });
    const refused = await call('GET /customers/{id}', { params: { id: randomUUID() } }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('O3: a wrong name, a missing field and a wrong type do not compile', async () => {
    const call = createClient({ url: stage.hub.url, fetch: async () => new Response(null, { status: 204 }) });
    // @ts-expect-error there is no such operation
    await call('GET /nothing');
    // @ts-expect-error a login has a password
    await call('POST /auth/login', { body: { email: 'a@b.example' } });
    // @ts-expect-error the path asks for an id
    await call('GET /customers/{id}');
    expect(await call('GET /settings')).toBeUndefined();
  });

  it('runs in a browser: it imports no code but its own', () => {
    const client = readFileSync(fileURLToPath(new URL('../../src/http/client/client.ts', import.meta.url)), 'utf8');
    const imported = [...client.matchAll(/^import (?!type)/gm)];
    expect(imported).toEqual([]);
    expect(client).not.toMatch(/node:|process\.|Buffer/);
  });
});
