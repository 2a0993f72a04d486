import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { announcedTypes } from '#domain/announcements.ts';
import { announce } from '#outbox/announce.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Answer, type Ask, admin, asCaller, shapedAs } from '#test/features/room.ts';
import { createOutwards, type Outwards } from '#test/setup/outwards.ts';
import { webhookEvents } from './events.ts';
import { webhooksRoutes } from './routes.ts';

let room: BridgeRoom;
let out: Outwards;
let tenantId: string;
let ask: Ask;
let now = Date.now();

const askAs = (caller: Parameters<typeof asCaller>[1]): Ask =>
  asCaller(
    webhooksRoutes({
      db: room.db,
      clock: () => now,
      vaultOf: room.vaultOf,
      checkUrl: (_tenant, url) => out.sender.check(url, false),
    }),
    caller,
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  out = createOutwards(room);
});
afterAll(() => room.close());
beforeEach(async () => {
  // What an earlier test left waiting is not this one's.
  await out.run('webhooks');
  ({ id: tenantId } = await out.addTenant());
  ask = askAs(admin(tenantId));
  now = Date.now();
});

const url = 'https://isp.example/hook';
const add = (body: object = {}): Promise<Answer> => ask('POST', '/webhook-endpoints', { url, ...body });
const ping = (text = 'x'): Promise<void> =>
  room.db.tenant(tenantId, (tx) => announce(tx, tenantId, { type: 'ping', data: { text }, correlationId: 'c' }));
const audits = (): Promise<{ action: string; entity: string }[]> =>
  room.look('select action, entity_type as entity from audit_logs where tenant_id = $1 order by id', [tenantId]);

describe('webhook endpoints', () => {
  it('X12: are made with a secret that is told once, and never again', async () => {
    const made = await add({ description: 'Field app', event_types: ['customer.created'] });
    expect(made).toMatchObject({
      status: 201,
      body: { url, description: 'Field app', event_types: ['customer.created'], is_active: true },
    });
    const secret = String(made.body.secret);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const { id } = made.body;
    const answers = await Promise.all([
      ask('GET', `/webhook-endpoints/${id}`),
      ask('GET', '/webhook-endpoints'),
      ask('PATCH', `/webhook-endpoints/${id}`, { description: 'Other' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const rows = await room.look('select e::text from webhook_endpoints e where id = $1', [id]);
    const trail = await room.look('select changes::text from audit_logs where tenant_id = $1', [tenantId]);
    expect(JSON.stringify([answers, rows, trail])).not.toContain(secret.slice(6));
  });

  it('V4: what is done to one is audited, without the query of its address', async () => {
    const { id } = (await add({ url: 'https://isp.example/hook?key=canary' })).body;
    await ask('PATCH', `/webhook-endpoints/${id}`, { is_active: false });
    await ask('PATCH', `/webhook-endpoints/${id}`, { is_active: true });
    await ask('POST', `/webhook-endpoints/${id}/rotate-secret`);
    await ask('POST', `/webhook-endpoints/${id}/test`);
    expect((await ask('DELETE', `/webhook-endpoints/${id}`)).status).toBe(204);
    expect((await audits()).map(({ action, entity }) => `${action} ${entity}`)).toEqual([
      'create webhook_endpoint',
      'update webhook_endpoint',
      'update webhook_endpoint',
      'update webhook_endpoint',
      'update webhook_secret',
      'run webhook_endpoint',
      'delete webhook_endpoint',
    ]);
    const trail = await room.look('select changes::text from audit_logs where tenant_id = $1', [tenantId]);
    expect(JSON.stringify(trail)).not.toContain('canary');
  });

  it.each([
    'isp.example/hook',
    'ftp://isp.example/hook',
    'https://user:pw@isp.example/hook',
    'https://isp.example/hook#part',
    'javascript:alert(1)',
    'https://closed.invalid/hook',
    '',
  ])('SEC-17: the address %j is refused, made or changed, with the field named', async (bad) => {
    const refused = { status: 400, body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'url' }] } } };
    expect(await add({ url: bad })).toMatchObject(refused);
    const { id } = (await add()).body;
    expect(await ask('PATCH', `/webhook-endpoints/${id}`, { url: bad })).toMatchObject(refused);
    expect((await ask('GET', `/webhook-endpoints/${id}`)).body.url).toBe(url);
  });

  it('SEC-19: what only the hub may set is refused', async () => {
    for (const field of ['id', 'tenant_id', 'secret', 'failing_since', 'disabled_at'])
      expect((await add({ [field]: randomUUID() })).status, field).toBe(400);
  });

  it('an event type that there is not, none at all, and a twenty-first endpoint are refused', async () => {
    expect((await add({ event_types: ['customer.exploded'] })).status).toBe(400);
    expect((await add({ event_types: [] })).status).toBe(400);
    for (let i = 0; i < 20; i++) expect((await add()).status).toBe(201);
    expect(await add()).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it('one that was turned off begins with a clean record when it is on again', async () => {
    const { id } = (await add()).body;
    await room.look(
      `update webhook_endpoints set is_active = false, disabled_at = now(), disabled_reason = 'x', failing_since = now() where id = $1`,
      [id],
    );
    const on = await ask('PATCH', `/webhook-endpoints/${id}`, { is_active: true });
    expect(on.body).toMatchObject({ is_active: true, disabled_at: null, disabled_reason: null, failing_since: null });
  });

  it('X12: after a rotation both secrets sign for 24 hours', async () => {
    const made = (await add()).body;
    const rotated = (await ask('POST', `/webhook-endpoints/${made.id}/rotate-secret`)).body;
    expect(rotated.secret).not.toBe(made.secret);
    await ping();
    await out.run('webhooks');
    expect(out.sender.posts.at(-1)?.secrets).toEqual([rotated.secret, made.secret]);
  });

  it('P7: only who may is let at them', async () => {
    const { id } = (await add()).body;
    for (const role of ['operator', 'finance', 'noc', 'technician', 'reseller', 'viewer', 'warehouse', 'hr']) {
      const other = askAs(admin(tenantId, role));
      const answers = await Promise.all([
        other('GET', '/webhook-endpoints'),
        other('POST', '/webhook-endpoints', { url }),
        other('DELETE', `/webhook-endpoints/${id}`),
        other('POST', `/webhook-endpoints/${id}/rotate-secret`),
        other('GET', '/webhook-deliveries'),
      ]);
      expect(
        answers.map(({ status }) => status),
        role,
      ).toEqual([403, 403, 403, 403, 403]);
    }
  });

  it('SEC-2: another tenant’s endpoints and deliveries are as if they were not there', async () => {
    const { id } = (await add()).body;
    const delivery = (await ask('POST', `/webhook-endpoints/${id}/test`)).body.id;
    const stranger = askAs(admin((await out.addTenant()).id));
    const range = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
    const probes: readonly [string, string, object?][] = [
      ['GET', `/webhook-endpoints/${id}`],
      ['PATCH', `/webhook-endpoints/${id}`, { is_active: false }],
      ['DELETE', `/webhook-endpoints/${id}`],
      ['POST', `/webhook-endpoints/${id}/rotate-secret`],
      ['POST', `/webhook-endpoints/${id}/test`],
      ['POST', `/webhook-endpoints/${id}/replay`, range],
      ['POST', `/webhook-deliveries/${delivery}/replay`],
    ];
    for (const [method, path, body] of probes) {
      const missing = await stranger(method, path.replace(/[0-9a-f-]{36}/, randomUUID()), body);
      expect(await stranger(method, path, body), path).toEqual(missing);
      expect(missing.status).toBe(404);
    }
    expect((await stranger('GET', '/webhook-endpoints')).body.total).toBe(0);
    expect((await stranger('GET', '/webhook-deliveries')).body.total).toBe(0);
    expect((await ask('GET', `/webhook-endpoints/${id}`)).body.is_active).toBe(true);
  });
});

describe('webhook deliveries', () => {
  it('a test is a ping to this endpoint alone, whatever it asked for', async () => {
    const { id } = (await add({ event_types: ['plan.created'] })).body;
    await add();
    const tested = await ask('POST', `/webhook-endpoints/${id}/test`);
    expect(tested).toMatchObject({ status: 202, body: { endpoint_id: id, type: 'ping', state: 'pending' } });
    await out.run('webhooks');
    const list = await ask('GET', '/webhook-deliveries');
    expect(list.body).toMatchObject({
      total: 1,
      data: [{ state: 'delivered', attempts: 1, status_code: 204, error: null }],
    });
    expect(out.sender.posts.at(-1)?.id).toBe(tested.body.webhook_id);
  });

  it('B9: one is replayed under the same id', async () => {
    const { id } = (await add()).body;
    await ping();
    await out.run('webhooks');
    const [first] = shapedAs<Answer['body'][]>((await ask('GET', `/webhook-deliveries?endpoint_id=${id}`)).body.data);
    const again = await ask('POST', `/webhook-deliveries/${first?.id}/replay`);
    expect(again).toMatchObject({ status: 202, body: { id: String(first?.id), state: 'pending', attempts: 0 } });
    await out.run('webhooks');
    const ids = out.sender.posts.slice(-2).map((post) => post.id);
    expect(new Set(ids)).toEqual(new Set([first?.webhook_id]));
  });

  it('B9: what an endpoint missed while it was off is replayed for a time, and nothing beside it', async () => {
    const { id } = (await add({ event_types: ['ping'] })).body;
    await add({ event_types: ['plan.created'] });
    await ping('before');
    await room.look(`update announcements set created_at = now() - interval '2 days' where tenant_id = $1`, [tenantId]);
    await out.run('webhooks');
    await ask('PATCH', `/webhook-endpoints/${id}`, { is_active: false });
    await ping('missed');
    await out.run('webhooks');
    const range = { from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 3_600_000).toISOString() };
    expect(await ask('POST', `/webhook-endpoints/${id}/replay`, range)).toMatchObject({ status: 409 });
    await ask('PATCH', `/webhook-endpoints/${id}`, { is_active: true });
    const sent = out.sender.posts.length;
    expect(await ask('POST', `/webhook-endpoints/${id}/replay`, range)).toMatchObject({
      status: 202,
      body: { replayed: 1 },
    });
    await out.run('webhooks');
    expect(out.sender.posts.slice(sent).map(({ body }) => JSON.parse(body).data.text)).toEqual(['missed']);
    const wrong = { from: range.to, to: range.from };
    expect(await ask('POST', `/webhook-endpoints/${id}/replay`, wrong)).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'to' }] } },
    });
  });

  it('P12: whatever the filter, each delivery in the list matches it', async () => {
    const ids = [(await add()).body.id, (await add({ url: 'https://two.example.net/' })).body.id].map(String);
    for (const id of ids) for (let i = 0; i < 3; i++) await ask('POST', `/webhook-endpoints/${id}/test`);
    await room.look(
      `update webhook_deliveries set state = (array['pending', 'delivered', 'failed'])[1 + abs(hashtext(id::text)) % 3] where tenant_id = $1`,
      [tenantId],
    );
    const filter = fc.record(
      {
        endpoint_id: fc.constantFrom(...ids),
        state: fc.constantFrom('pending', 'delivered', 'failed', 'cancelled'),
        type: fc.constantFrom('ping', 'plan.created'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, async (wanted) => {
        const { body } = await ask('GET', `/webhook-deliveries?page_size=100&${new URLSearchParams(wanted)}`);
        const rows = shapedAs<Record<string, string>[]>(body.data);
        for (const row of rows) expect(row).toMatchObject(wanted);
        expect(rows).toHaveLength(Number(body.total));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the events that a receiver gets', () => {
  it('O3: are described each, with an example that is one', () => {
    expect(webhookEvents.map(({ type }) => type)).toEqual([...announcedTypes]);
    for (const { body, example } of webhookEvents) expect(body.parse(example)).toEqual(example);
  });
});
