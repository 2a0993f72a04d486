import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { plansRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
let call: Call;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge);
  call = callAs(plansRoutes({ db: bridge.db }), tenant);
});
afterAll(() => bridge.close());

const plan = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  speed_download: 10,
  speed_upload: 5,
  price: 150_000,
  ...more,
});
const added = async (name: string, more: Record<string, unknown> = {}) =>
  (await call('POST', '/service-plans', plan(name, more))).body;

type Intent = { readonly group: string; readonly reply: readonly { attribute: string; value: string }[] };
const groupIntents = async (group: string): Promise<string[]> => {
  const rows = await bridge.look<{ intent: Intent }>(
    `select intent from outbox where kind = 'group.apply' and key = $1 order by generation`,
    [group],
  );
  return rows.map(({ intent }) => intent.reply.find((row) => row.attribute === 'Mikrotik-Rate-Limit')?.value ?? '');
};
const groupOf = (key: unknown): string => `t${tenant.id.replaceAll('-', '').slice(0, 8)}:${String(key)}`;

async function addLine(planId: unknown, state: string): Promise<void> {
  const [row] = await bridge.look<{ id: string }>(
    `with c as (insert into customers (tenant_id, customer_code, name, phone, address)
       values ($1, gen_random_uuid()::text, 'Budi', '-', '-') returning id),
     s as (insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee,
         radius_db, username, canonical_username, password)
       select $1, c.id, $2, 'postpaid', 20, 150000, 'main', n, n, '-' from c, left(md5(random()::text), 8) as n returning id)
     select id from s`,
    [tenant.id, planId],
  );
  await bridge.look(
    `insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
     values ($1, $2, $3, '{}', '{}', '{}', '', 1, now())`,
    [tenant.id, row?.id, state],
  );
}

describe('service plans', () => {
  it('P13, C1: a plan throttles to a plan of its own tenant that is there, and not to itself', async () => {
    const other = await addTenant(bridge);
    const stranger = (await callAs(plansRoutes({ db: bridge.db }), other)('POST', '/service-plans', plan('Asing'))).body
      .id;
    const slow = (await added('Lambat')).id;
    const gone = (await added('Hilang')).id;
    await call('DELETE', `/service-plans/${gone}`);
    const quota = { quota_gb: 300, quota_action: 'throttle' };
    const { id } = await added('Kuota', { ...quota, throttle_plan_id: slow });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(stranger, gone, id, randomUUID(), slow), async (throttle_plan_id) => {
        const answers = [
          await call('PATCH', `/service-plans/${id}`, { throttle_plan_id }),
          await call('POST', '/service-plans', plan(`Q ${randomUUID()}`, { ...quota, throttle_plan_id })),
        ];
        const expected = throttle_plan_id === slow ? [200, 201] : throttle_plan_id === id ? [400, 201] : [400, 400];
        expect(answers.map(({ status }) => status)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('P17: a plan that another one throttles to is not deleted', async () => {
    const slow = (await added('Pelan')).id;
    const { id } = await added('Cepat', { quota_gb: 1, quota_action: 'throttle', throttle_plan_id: slow });
    expect(await call('DELETE', `/service-plans/${slow}`)).toMatchObject({
      status: 409,
      body: { details: { service_plans: 1 } },
    });
    await call('PATCH', `/service-plans/${id}`, { quota_action: 'isolate', throttle_plan_id: null });
    expect((await call('DELETE', `/service-plans/${slow}`)).status).toBe(204);
  });

  it.each([
    [{ quota_action: 'isolate' }, 'quota_gb'],
    [{ quota_gb: 1, quota_action: 'throttle' }, 'throttle_plan_id'],
    [{ quota_gb: 1, quota_action: 'isolate', throttle_plan_id: randomUUID() }, 'throttle_plan_id'],
    [{ dns: ['9.9.9.9', '1.1.1.1', '8.8.8.8'] }, 'dns'],
    [{ dns: ['nine'] }, 'dns.0'],
    [{ queue_type: 'a b' }, 'queue_type'],
    [{ max_connections: 0 }, 'max_connections'],
  ])('C1: %j does not fit together, and the field is named', async (more, field) => {
    const answer = await call('POST', '/service-plans', plan(`X ${randomUUID()}`, more));
    expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field }] } } });
  });

  it('C1, R2: the sessions that one line may have reach the plan’s group', async () => {
    const { key } = await added('Tiga sesi', { max_connections: 3, dns: ['9.9.9.9'], parent_queue: 'rumah' });
    const [row] = await bridge.look<{ intent: { check: unknown } }>(
      `select intent from outbox where kind = 'group.apply' and key = $1`,
      [groupOf(key)],
    );
    expect(row?.intent.check).toEqual([{ attribute: 'Simultaneous-Use', op: ':=', value: '3' }]);
  });

  it('P7, P45: only an admin writes plans, and each writing is in the audit log', async () => {
    const reading = callAs(plansRoutes({ db: bridge.db }), tenant, 'operator');
    const { id } = await added('Tercatat');
    expect((await reading('GET', `/service-plans/${id}`)).status).toBe(200);
    for (const role of ['operator', 'finance', 'noc', 'reseller', 'viewer', 'hr']) {
      const as = callAs(plansRoutes({ db: bridge.db }), tenant, role);
      expect((await as('PATCH', `/service-plans/${id}`, { price: 1 })).status).toBe(403);
      expect((await as('DELETE', `/service-plans/${id}`)).status).toBe(403);
    }
    await call('PATCH', `/service-plans/${id}`, { price: 200_000 });
    await call('DELETE', `/service-plans/${id}`);
    const entries = await bridge.look<{ action: string; changes: Record<string, unknown> }>(
      `select action, changes from audit_logs where entity_type = 'service_plan' and entity_id = $1 order by id`,
      [id],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'update', 'delete']);
    expect(entries[1]?.changes).toMatchObject({ price: { old: 150_000, new: 200_000 } });
  });

  it('C1: a plan is answered as it was given, with what was left out filled in', async () => {
    const { status, body } = await call(
      'POST',
      '/service-plans',
      plan('Home 10', { speed_upload: 2.5, features: ['Modem'] }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...plan('Home 10', { speed_upload: 2.5, features: ['Modem'] }),
      key: 'home-10',
      description: '',
      is_active: true,
      erp_item: null,
      burst_time: null,
    });
    expect(await call('GET', `/service-plans/${body.id}`)).toEqual({ status: 200, body });
  });

  it('R2: a plan arises with its group, and a change of speed rewrites it once, with a newer generation', async () => {
    const { id, key } = await added('Turbo');
    await call('PATCH', `/service-plans/${id}`, { speed_download: 20.5 });
    await call('PATCH', `/service-plans/${id}`, { description: 'faster' });
    expect(await groupIntents(groupOf(key))).toEqual(['5M/10M', '5M/20500k']);
  });

  it('C1: burst and priority reach the group; half a burst is refused by name', async () => {
    const burst = {
      burst_download: 20,
      burst_upload: 10,
      burst_threshold_download: 8,
      burst_threshold_upload: 4,
      burst_time: 8,
    };
    const { id, key } = await added('Burst', { ...burst, priority: 4 });
    expect(await groupIntents(groupOf(key))).toEqual(['5M/10M 10M/20M 4M/8M 8/8 4']);
    const halved = await call('PATCH', `/service-plans/${id}`, { burst_time: null });
    expect(halved).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'burst_time' }] } },
    });
  });

  it('C2: a price change leaves the price that customers signed', async () => {
    const { id } = await added('Signed');
    await addLine(id, 'active');
    expect((await call('PATCH', `/service-plans/${id}`, { price: 200_000 })).body.price).toBe(200_000);
    const fees = await bridge.look('select monthly_fee::int as fee from subscriptions where service_plan_id = $1', [
      id,
    ]);
    expect(fees).toEqual([{ fee: 150_000 }]);
  });

  it('P17: a plan that lines are on is not deleted, whatever their state, and says how many there are', async () => {
    const states = fc.array(fc.constantFrom('pending', 'active', 'isolated', 'suspended', 'terminated'), {
      maxLength: 4,
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(states, async (some) => {
        const { id } = await added(`In use ${count++}`);
        for (const state of some) await addLine(id, state);
        const living = some.filter((state) => state !== 'terminated').length;
        const answer = await call('DELETE', `/service-plans/${id}`);
        expect(answer.status).toBe(living > 0 ? 409 : 204);
        if (living > 0) expect(answer.body).toMatchObject({ code: 'CONFLICT', details: { subscriptions: living } });
        expect((await call('GET', `/service-plans/${id}`)).status).toBe(living > 0 ? 200 : 404);
      }),
      { numRuns: 100 },
    );
  });

  it('P16: a speed or price that is not positive is refused by name', async () => {
    const notPositive = fc.oneof(
      fc.constant(0),
      fc.integer({ max: -1 }),
      fc.double({ max: -1e-9, noNaN: true, noDefaultInfinity: true }),
    );
    const field = fc.constantFrom('speed_download', 'speed_upload', 'price', 'burst_download', 'quota_gb');
    await fc.assert(
      fc.asyncProperty(field, notPositive, async (name, value) => {
        const answer = await call('POST', '/service-plans', plan('Nothing', { [name]: value }));
        expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
        const { fields } = answer.body.details as { fields: { field: string }[] };
        expect(new Set(fields.map(({ field: wrong }) => wrong))).toEqual(new Set([name]));
      }),
      { numRuns: 100 },
    );
  });

  it('P9: a plan without a required field is refused by name', async () => {
    const required = ['name', 'speed_download', 'speed_upload', 'price'] as const;
    await fc.assert(
      fc.asyncProperty(fc.subarray([...required], { minLength: 1 }), async (missing) => {
        const body = Object.fromEntries(
          Object.entries(plan('Bare')).filter(([key]) => !missing.some((one) => one === key)),
        );
        const answer = await call('POST', '/service-plans', body);
        expect(answer.status).toBe(400);
        const { fields } = answer.body.details as { fields: { field: string }[] };
        expect(fields.map(({ field }) => field).sort()).toEqual([...missing].sort());
      }),
      { numRuns: 100 },
    );
  });

  it('C1: speeds finer than a kbps and texts that no database holds are refused', async () => {
    const bad = [
      { speed_download: 0.0005 },
      { speed_upload: 1.23456 },
      { name: 'a\u0000b' },
      { name: '  ' },
      { price: 1.5 },
    ];
    for (const more of bad) expect((await call('POST', '/service-plans', plan('Bad', more))).status).toBe(400);
  });

  it('refuses a second plan of one name, in whatever letters, and tells twins of one key apart', async () => {
    const first = await added('Gamer 50');
    expect(await call('POST', '/service-plans', plan('GAMER 50'))).toMatchObject({
      status: 409,
      body: { code: 'DUPLICATE_ENTRY' },
    });
    const twin = await added('Gamer-50');
    expect([first.key, twin.key]).toEqual(['gamer-50', 'gamer-50-2']);
    expect((await call('PATCH', `/service-plans/${twin.id}`, { name: 'gamer 50' })).status).toBe(409);
  });

  it('C1: only plans on sale are listed by default; pages hold all of them once', async () => {
    const { id } = await added('Old tariff');
    await call('PATCH', `/service-plans/${id}`, { is_active: false });
    const names = async (query: string) =>
      ((await call('GET', `/service-plans?search=old&${query}`)).body.data as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('')).toEqual([]);
    expect(await names('is_active=false')).toEqual(['Old tariff']);
    expect(await names('is_active=all')).toEqual(['Old tariff']);
    const { total } = (await call('GET', '/service-plans?is_active=all&page_size=1')).body;
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(Number(total) / 50) }, (_, i) =>
        call('GET', `/service-plans?is_active=all&page_size=50&page=${i + 1}`),
      ),
    );
    const ids = pages.flatMap(({ body }) => (body.data as { id: string }[]).map((row) => row.id));
    expect(new Set(ids).size).toBe(total);
  });

  it('L1: naming the ERP item has the ledger’s subscriptions, and the lines beside the plan, looked at again', async () => {
    const { id } = await added('Mapped');
    await addLine(id, 'active');
    await call('PATCH', `/service-plans/${id}`, { erp_item: 'MAPPED-1' });
    const marks = await bridge.look(
      `select name from dirty_documents where tenant_id = $1 and doctype = '@subscriptions'`,
      [tenant.id],
    );
    expect(marks).toEqual([{ name: '*' }]);
    const lines = await bridge.look(
      'select d.cause from dirty_lines d join subscriptions s on s.id = d.subscription_id where s.service_plan_id = $1',
      [id],
    );
    expect(lines).toEqual([{ cause: 'the ERP item of plan Mapped changed' }]);
  });

  it('I3: nobody but an admin sees or changes plans here', async () => {
    const asViewer = callAs(plansRoutes({ db: bridge.db }), tenant, 'technician');
    expect((await asViewer('GET', '/service-plans')).status).toBe(403);
    expect((await asViewer('POST', '/service-plans', plan('Mine'))).status).toBe(403);
  });

  it('P1: another tenant’s plan is not there', async () => {
    const { id } = await added('Hidden');
    const other = callAs(plansRoutes({ db: bridge.db }), await addTenant(bridge));
    expect((await other('GET', `/service-plans/${id}`)).status).toBe(404);
    expect((await other('PATCH', `/service-plans/${id}`, { price: 1 })).status).toBe(404);
    expect((await other('DELETE', `/service-plans/${id}`)).status).toBe(404);
  });
});
