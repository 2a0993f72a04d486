import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from './ask.ts';
import { addCustomer, addPlan } from './furnish.ts';
import { isList } from './lists.ts';
import type { Operation } from './operations.ts';
import { requestOf } from './recipe.ts';
import { preparedOnce } from './recipes.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { answerSchema } from './validate.ts';

let stage: Stage;
let at: Tenant;
let readings: readonly Operation[];

beforeAll(async () => {
  stage = await openStage('g');
  at = firstOf(stage);
  for (let n = 0; n < 12; n++) await addCustomer(at);
  readings = stage.callable.filter((operation) => operation.method === 'get' && answerSchema(operation, 200));
}, 180_000);
afterAll(() => stage?.close());

const call = async (operation: Operation, query: Record<string, string> = {}, headers = {}): Promise<Told> => {
  const { parts, ask } = await preparedOnce(operation, at);
  const made = requestOf(operation, { ...parts, query: { ...parts.query, ...query } });
  return ask({ ...made, headers });
};

const rowOf = ({ json }: Told): Record<string, unknown> => {
  const { data } = Object(json);
  return Array.isArray(data) ? Object(data[0]) : Object(json);
};

describe('what is read from the API', { timeout: 300_000 }, () => {
  it('C4: every GET answers an ETag, and 304 without a body to whoever sends it back', async () => {
    for (const operation of readings) {
      const first = await call(operation);
      const tag = first.headers.get('ETag') ?? '';
      expect(tag, operation.at).toMatch(/^W\/"[\w-]{22}"$/);
      const other = await call(operation, {}, { 'If-None-Match': '"another"' });
      expect(other.status, operation.at).toBe(200);
      const again = await call(operation, {}, { 'If-None-Match': `"x", ${other.headers.get('ETag')}` });
      if (again.headers.get('ETag') === other.headers.get('ETag')) {
        expect([again.status, again.text], operation.at).toEqual([304, '']);
      }
    }
    const plan = `/api/v1/service-plans/${at.the('plan')}`;
    const tag = (await at.admin({ method: 'GET', path: plan })).headers.get('ETag') ?? '';
    expect((await at.admin({ method: 'GET', path: plan, headers: { 'If-None-Match': tag } })).status).toBe(304);
  });

  it('C4: fields= answers those fields and no other, on every GET, and refuses an unknown one by name', async () => {
    for (const operation of readings.filter(takesFields)) {
      const [name] = Object.keys(rowOf(await call(operation)));
      if (name !== undefined)
        expect(Object.keys(rowOf(await call(operation, { fields: name }))), operation.at).toEqual([name]);
      const told = await call(operation, { fields: `${name ?? ''},nonsense` });
      expect([told.status, Object(told.json).code], operation.at).toEqual([400, 'VALIDATION_ERROR']);
      expect(told.text, operation.at).toContain('fields');
    }
  });

  it('SEC-25: no list answers more than 100 rows, or takes a page that is none', async () => {
    for (const operation of readings.filter(isList)) {
      for (const query of [
        { page_size: '101' },
        { page_size: '0' },
        { page: '0' },
        { page: '1e9' },
        { page_size: 'x' },
      ]) {
        expect((await call(operation, query)).status, `${operation.at} ${JSON.stringify(query)}`).toBe(400);
      }
      expect(Object((await call(operation)).json).page_size, operation.at).toBe(10);
    }
  });

  it('C4: a long answer is compressed for whoever takes that, a short one for nobody', async () => {
    const long = await raw(`${stage.hub.url}/openapi.json`);
    expect(long.encoding).toBe('gzip');
    expect(JSON.parse(gunzipSync(long.body).toString())).toEqual(stage.document);
    const short = await raw(`${stage.hub.url}/healthz`);
    expect([short.encoding, short.body.toString()]).toEqual([undefined, '{"status":"alive"}']);
  });

  it('C4: If-Match lets a change through while nothing was changed since, and is 409 after that', async () => {
    const path = `/api/v1/service-plans/${await addPlan(at)}`;
    const change = (price: number, tag: string): Promise<Told> =>
      at.admin({ method: 'PATCH', path, body: { price }, headers: { 'If-Match': tag } });
    const tagOf = async (): Promise<string> => (await at.admin({ method: 'GET', path })).headers.get('ETag') ?? '';
    const tag = await tagOf();
    expect((await change(160_000, tag)).status).toBe(200);
    const late = await change(170_000, tag);
    expect([late.status, Object(late.json).code, Object(late.json).details.etag]).toEqual([
      409,
      'CONFLICT',
      await tagOf(),
    ]);
    const now = await tagOf();
    const race = await Promise.all(Array.from({ length: 10 }, (_, n) => change(180_000 + n, now)));
    expect(race.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await at.admin({ method: 'DELETE', path, headers: { 'If-Match': tag } })).status).toBe(409);
    expect((await at.admin({ method: 'DELETE', path, headers: { 'If-Match': '*' } })).status).toBe(204);
    expect((await at.admin({ method: 'DELETE', path, headers: { 'If-Match': '*' } })).status).toBe(404);
  });
});

/** Whether an operation's answer has fields that are known by name. */
function takesFields({ parameters = [] }: Operation): boolean {
  return parameters.some(({ name }) => name === 'fields');
}

/** As it came over the wire: `fetch` would unpack it. */
const raw = (url: string): Promise<{ readonly encoding: string | undefined; readonly body: Buffer }> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
