import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from './ask.ts';
import { customerBody, planBody } from './furnish.ts';
import { isPublic } from './operations.ts';
import { requestOf } from './recipe.ts';
import { prepared } from './recipes.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

let stage: Stage;
let at: Tenant;
const path = '/api/v1/customers';

beforeAll(async () => {
  stage = await openStage('i');
  at = firstOf(stage);
}, 180_000);
afterAll(() => stage?.close());

const send = (key: string, body: unknown, to = path): Promise<Told> =>
  at.admin({ method: 'POST', path: to, body, headers: { 'Idempotency-Key': key } });
const customersNamed = async (name: string): Promise<number> => {
  const [row] = await stage.hub.look<{ n: string }>('select count(*) as n from customers where name = $1', [name]);
  return Number(row?.n);
};
const stored = (key: string) =>
  stage.hub.look<{ state: string; answer: string | null; days: number }>(
    'select state, answer, extract(day from expires_at - created_at)::int as days from idempotency_keys where key = $1',
    [key],
  );

/** A thousand connections at once are more than a busy machine takes: who gets no answer sends the same again. */
const untilAnswered = async (key: string, body: object): Promise<Told> => {
  for (;;) {
    const told = await send(key, body).catch(() => null);
    if (told) return told;
  }
};

describe('an Idempotency-Key', { timeout: 300_000 }, () => {
  it('REL-17: sent again, the same request has one effect and the same answer, which says that it is repeated', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    const first = await send(key, body);
    const second = await send(key, body);
    expect(first.status).toBe(201);
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(first.headers.get('Idempotent-Replayed')).toBeNull();
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await customersNamed(body.name)).toBe(1);
  });

  it('REL-17: 1,000 parallel requests with one key have one effect and one answer', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    const told = await Promise.all(Array.from({ length: 1_000 }, () => untilAnswered(key, body)));
    expect(new Set(told.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(told[0]?.status).toBe(201);
    expect(await customersNamed(body.name)).toBe(1);
  });

  it('REL-17: with another body, query or path it is refused and has no effect', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    await send(key, body);
    const other = { ...body, name: at.name('Lain') };
    const told = [
      await send(key, other),
      await send(key, body, `${path}?x=1`),
      await send(key, planBody(at), '/api/v1/service-plans'),
    ];
    expect(told.map(({ status, json }) => `${status} ${Object(json).code}`)).toEqual(Array(3).fill('409 CONFLICT'));
    expect(await customersNamed(other.name)).toBe(0);
  });

  it('REL-17: what was refused leaves its key free', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    expect((await send(key, { ...body, service_plan_id: randomUUID() })).status).toBe(400);
    expect(await stored(key)).toEqual([]);
    expect((await send(key, body)).status).toBe(201);
  });

  it('REL-17: done, but its answer lost in a crash, it is refused with what leads to what was made', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    const first = await send(key, body);
    await stage.hub.look(`update idempotency_keys set state = 'done', status = null, answer = null where key = $1`, [
      key,
    ]);
    const again = await send(key, body);
    expect(again.status).toBe(409);
    expect(Object(again.json).details.correlation_id).toBe(first.headers.get('X-Request-Id'));
    expect(await customersNamed(body.name)).toBe(1);
  });

  it('REL-17: a try that stopped before its effect is taken over once its lock has run out, and not before', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    await send(key, body);
    await stage.hub.look(
      `update idempotency_keys set state = 'running', status = null, answer = null, locked_until = now() + interval '1 second'
       where key = $1`,
      [key],
    );
    await stage.hub.look('update customers set name = $2 where name = $1', [body.name, 'moved out of the way']);
    const again = await send(key, body);
    expect(again.status).toBe(201);
    expect(again.headers.get('Idempotent-Replayed')).toBeNull();
    expect(await customersNamed(body.name)).toBe(1);
  });

  it('REL-17: a try that another one has replaced is rolled back', async () => {
    const [key, body] = [randomUUID(), customerBody(at)];
    const [lock] = await stage.hub.look<{ hold: string }>(`select set_config('jembatan.unused', '', false) as hold`);
    expect(lock).toBeDefined();
    await stage.hub.look(`create or replace function replace_holder() returns trigger language plpgsql security definer as
      $$ begin update idempotency_keys set holder = gen_random_uuid() where key = '${key}'; return new; end $$`);
    await stage.hub.look(
      'create trigger replaced before insert on customers for each row execute function replace_holder()',
    );
    const told = await send(key, body).finally(() => stage.hub.look('drop function replace_holder cascade'));
    expect([told.status, Object(told.json).code]).toEqual([409, 'CONFLICT']);
    expect(await customersNamed(body.name)).toBe(0);
  });

  it('REL-17: is kept for 30 days at least, with its answer sealed: a password may stand in it', async () => {
    const key = randomUUID();
    const { json } = await send(key, customerBody(at));
    const [row] = await stored(key);
    expect(row).toMatchObject({ state: 'answered' });
    expect(row?.days).toBeGreaterThanOrEqual(30);
    expect(row?.answer).toMatch(/^v1:/);
    expect(row?.answer).not.toContain(Object(json).subscription.password);
  });

  it('is each user’s own, and must be plain', async () => {
    const key = randomUUID();
    const plan = planBody(at);
    const operator = await at.as('operator');
    const body = customerBody(at);
    expect((await send(key, plan, '/api/v1/service-plans')).status).toBe(201);
    const theirs = await operator({ method: 'POST', path, body, headers: { 'Idempotency-Key': key } });
    expect(theirs.status).not.toBe(409);
    for (const bad of ['', 'a b', 'x'.repeat(256), 'é']) {
      const told = await send(bad, body);
      expect([told.status, Object(told.json).details?.fields[0].field], bad).toEqual([400, 'Idempotency-Key']);
    }
  });

  it('REL-17: every POST of the API that may carry one has its effect once', async () => {
    const posts = stage.callable.filter((operation) => operation.method === 'post' && !isPublic(operation));
    for (const operation of posts.filter(({ path }) => !path.startsWith('/api/v1/auth/'))) {
      const { parts, ask } = await prepared(operation, at);
      const request = requestOf(operation, parts);
      const headers = { 'Idempotency-Key': randomUUID() };
      const first = await ask({ ...request, headers });
      const second = await ask({ ...request, headers });
      expect(first.status, operation.at).toBeLessThan(300);
      expect([second.status, second.text], operation.at).toEqual([first.status, first.text]);
      expect(second.headers.get('Idempotent-Replayed'), operation.at).toBe('true');
    }
  });
});
