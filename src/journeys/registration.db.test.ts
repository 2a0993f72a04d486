import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Answer } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

async function addRouter({ tenant }: Office, name: string): Promise<string> {
  const [row] = await bridge.look<{ id: string }>(
    `insert into nas (tenant_id, radius_db, name, address, secret) values ($1, gen_random_uuid()::text, $2, '10.0.0.1', '-') returning id`,
    [tenant.id, name],
  );
  return row?.id ?? '';
}

const budi = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5' };
const lineOf = (answer: Answer) => answer.body.subscription as Record<string, unknown>;
const fieldsOf = (answer: Answer): string[] =>
  ((answer.body.details as { fields?: { field: string }[] })?.fields ?? []).map(({ field }) => field);

describe('registration', () => {
  it('C7, C9: a postpaid customer is active at once, with a code, a username and a password', async () => {
    const office = await openOffice(bridge);
    const answer = await office.registered({ email: 'budi@contoh.id', notes: 'pagar hijau' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        ...budi,
        customer_code: 'CUST001',
        email: 'budi@contoh.id',
        notes: 'pagar hijau',
        status: 'active',
        service_plan_id: office.planId,
        subscription: {
          username: 'CUST001',
          state: 'active',
          billing_mode: 'postpaid',
          due_date: 20,
          next_due_date: '2025-02-20',
          monthly_fee: 150_000,
        },
      },
    });
    expect(lineOf(answer).password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{8}$/);
    expect(answer.body).not.toHaveProperty('subscriptions');
  });

  it('R4: a prepaid customer waits for its first payment, due on the 1st', async () => {
    const answer = await (await openOffice(bridge)).registered({ billing_mode: 'prepaid' });
    expect(answer.body).toMatchObject({ status: 'pending', subscription: { state: 'pending', due_date: 1 } });
  });

  it('C7: mode, due days and formats are the tenant’s; the day is that of its calendar', async () => {
    const office = await openOffice(bridge, {
      settings: {
        default_billing_mode: 'prepaid',
        prepaid_due_day: 5,
        code_formats: { customer: '{LOCATION}-{ROUTER}{DDMMYY}-{NNN}', location: 'KCB' },
      },
    });
    const router = await addRouter(office, 'CKP');
    const first = await office.registered({ router_id: router });
    expect(first.body).toMatchObject({
      customer_code: 'KCB-CKP010225-001',
      subscription: { username: 'CKP001', due_date: 5, router_id: router },
    });
    const second = await office.registered({ router_id: router, due_date: 31 });
    expect(second.body).toMatchObject({
      customer_code: 'KCB-CKP010225-002',
      subscription: { username: 'CKP002', due_date: 31 },
    });
    expect((await office.registered()).body).toMatchObject({
      customer_code: 'CUST001',
      subscription: { username: 'CUST001' },
    });
  });

  it('P8: customers who are registered at once get codes and usernames of their own, without gaps', async () => {
    const office = await openOffice(bridge, { decides: false });
    let total = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), async (count) => {
        const answers = await Promise.all(Array.from({ length: count }, () => office.registered()));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
        total += count;
        const [row] = await bridge.look<{ codes: number; names: number; last: number }>(
          `select count(distinct c.customer_code)::int as codes, count(distinct s.canonical_username)::int as names,
             max(substring(c.customer_code from 5)::int) as last
           from customers c join subscriptions s on s.customer_id = c.id where c.tenant_id = $1`,
          [office.tenant.id],
        );
        expect(row).toEqual({ codes: total, names: total, last: total });
      }),
      { numRuns: 100 },
    );
  });

  it('P8: a hundred at once, from two hubs, get a hundred consecutive numbers; those who are refused leave no gap', async () => {
    const office = await openOffice(bridge, { decides: false });
    const rival = office.customersAs('operator');
    const form = (i: number) => ({ ...budi, service_plan_id: office.planId, ...(i % 5 === 0 ? { mac: 'none' } : {}) });
    const answers = await Promise.all(
      Array.from({ length: 125 }, (_, i) => (i % 2 === 0 ? office.customers : rival)('POST', '/customers', form(i))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, i) => (i % 5 === 0 ? 400 : 201)));
    const codes = answers.flatMap(({ status, body }) => (status === 201 ? [String(body.customer_code)] : []));
    const expected = Array.from({ length: 100 }, (_, i) => `CUST${String(i + 1).padStart(3, '0')}`);
    expect(codes.sort()).toEqual(expected);
  });

  it('C7: a thousandth customer has four digits', async () => {
    const office = await openOffice(bridge, { decides: false });
    await office.registered();
    await bridge.look('update counters set value = 998 where tenant_id = $1', [office.tenant.id]);
    expect((await office.registered()).body.customer_code).toBe('CUST999');
    expect((await office.registered()).body.customer_code).toBe('CUST1000');
  });

  it('C7, X12: the customer is written to, and whoever listens is told; without an address nobody is written to', async () => {
    const office = await openOffice(bridge);
    await office.registered();
    const count = () => bridge.look('select event from messages where tenant_id = $1', [office.tenant.id]);
    expect(await count()).toEqual([]);
    await bridge.look(
      `insert into webhook_endpoints (tenant_id, url, event_types, secret) values ($1, 'https://x.id', '["*"]', '-')`,
      [office.tenant.id],
    );
    await office.registered({ email: 'budi@contoh.id' });
    expect(await count()).toEqual([{ event: 'registration' }]);
    const told = await bridge.look<{ body: string }>('select body from announcements where tenant_id = $1', [
      office.tenant.id,
    ]);
    expect(told.map(({ body }) => JSON.parse(body))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'customer.created',
          data: expect.objectContaining({ customer_code: 'CUST002' }),
        }),
      ]),
    );
  });

  it('C6: a customer gets a further line, with a username and password of its own', async () => {
    const office = await openOffice(bridge);
    const { id } = (await office.registered()).body;
    const add = (body: unknown) => office.customers('POST', `/customers/${id}/subscriptions`, body);
    const second = await add({ service_plan_id: office.planId, billing_mode: 'prepaid' });
    expect(second).toMatchObject({
      status: 201,
      body: { username: 'CUST001-2', state: 'pending', password: expect.stringMatching(/^.{8}$/) },
    });
    expect((await office.customers('GET', `/customers/${id}`)).body.subscriptions).toHaveLength(2);
    expect((await add({ service_plan_id: randomUUID() })).status).toBe(400);
    expect((await add({ service_plan_id: office.planId, username: 'cust001' })).status).toBe(409);
  });

  it('P9: a customer without a required field is refused by name, and no number is spent', async () => {
    const office = await openOffice(bridge);
    const required = ['name', 'phone', 'address', 'service_plan_id'];
    await fc.assert(
      fc.asyncProperty(fc.subarray(required, { minLength: 1 }), async (missing) => {
        const whole = { ...budi, service_plan_id: office.planId };
        const body = Object.fromEntries(Object.entries(whole).filter(([key]) => !missing.includes(key)));
        const answer = await office.customers('POST', '/customers', body);
        expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
        expect(fieldsOf(answer).sort()).toEqual([...missing].sort());
      }),
      { numRuns: 100 },
    );
    expect((await office.registered()).body.customer_code).toBe('CUST001');
  });

  it('C7: a chosen username is shown as chosen, and taken in whatever letters', async () => {
    const office = await openOffice(bridge);
    expect(lineOf(await office.registered({ username: ' Budi.Home ' })).username).toBe('Budi.Home');
    const again = await office.registered({ username: 'budi.HOME' });
    expect(again).toMatchObject({
      status: 409,
      body: {
        code: 'DUPLICATE_ENTRY',
        details: { field: 'username', proposal: `budi.home@${office.tenant.subdomain}` },
      },
    });
    for (const username of ['budi home', 'búdi', 'x'.repeat(33), '  ']) {
      const answer = await office.registered({ username });
      expect([answer.status, fieldsOf(answer)]).toEqual([400, ['username']]);
    }
  });

  it('C7, X9: a username is unique over all tenants of one RADIUS database, and only there', async () => {
    const shared = { radiusDb: randomUUID() };
    const [one, two] = [await openOffice(bridge, shared), await openOffice(bridge, shared)];
    const apart = await openOffice(bridge);
    await one.registered({ username: 'budi' });
    expect((await two.registered({ username: 'Budi' })).body).toMatchObject({
      code: 'DUPLICATE_ENTRY',
      details: { proposal: `budi@${two.tenant.subdomain}` },
    });
    expect((await apart.registered({ username: 'budi' })).status).toBe(201);
    expect(lineOf(await two.registered()).username).toBe('CUST001');
    expect(lineOf(await one.registered()).username).toBe('CUST002');
    expect(lineOf(await two.registered()).username).toBe(`cust002@${two.tenant.subdomain}`);
  });

  it('C7: a generated name that a line of the tenant has already is passed over', async () => {
    const office = await openOffice(bridge);
    const router = await addRouter(office, 'CKP');
    for (const username of ['ckp001', 'CKP002']) await office.registered({ username });
    expect(lineOf(await office.registered({ router_id: router })).username).toBe('CKP003');
  });

  it('R3: a MAC is kept in one notation, and a modem is of one line', async () => {
    const office = await openOffice(bridge);
    expect(lineOf(await office.registered({ mac: 'aabb.ccdd.eeff' })).mac).toBe('AA:BB:CC:DD:EE:FF');
    expect(await office.registered({ mac: 'AA-BB-CC-DD-EE-FF' })).toMatchObject({
      status: 409,
      body: { details: { field: 'mac' } },
    });
    expect(fieldsOf(await office.registered({ mac: 'AA:BB' }))).toEqual(['mac']);
    await bridge.look('update subscriptions set terminated_at = now() where tenant_id = $1', [office.tenant.id]);
    expect((await office.registered({ mac: 'AA-BB-CC-DD-EE-FF' })).status).toBe(201);
  });

  it('P13: what the form names must exist', async () => {
    const [office, other] = [await openOffice(bridge), await openOffice(bridge)];
    expect(fieldsOf(await office.registered({ service_plan_id: other.planId }))).toEqual(['service_plan_id']);
    expect(fieldsOf(await office.registered({ router_id: await addRouter(other, 'X') }))).toEqual(['router_id']);
    expect(fieldsOf(await office.registered({ password: '`reboot`' }))).toEqual(['password']);
    expect((await office.registered({ due_date: 32 })).status).toBe(400);
  });

  it('SEC-21: the password is sealed for its own row, and stands nowhere in clear', async () => {
    const office = await openOffice(bridge);
    const answer = await office.registered({ password: 'Rahasia 123' });
    expect(lineOf(answer).password).toBe('Rahasia 123');
    const [row] = await bridge.look<{ id: string; password: string }>(
      'select id, password from subscriptions where tenant_id = $1',
      [office.tenant.id],
    );
    const place = { table: 'subscriptions', column: 'password', row: row?.id ?? '' };
    expect(office.tenant.vault.open(row?.password ?? '', place)).toBe('Rahasia 123');
    const intents = await bridge.look('select intent from outbox where tenant_id = $1', [office.tenant.id]);
    expect(JSON.stringify(intents)).not.toContain('Rahasia');
  });

  it('B1, L1: ERPNext’s names are linked, the ledger is asked, and told the username', async () => {
    const office = await openOffice(bridge);
    const erp = { erp_customer: 'Budi Santoso', erp_subscription: 'ACC-SUB-1' };
    const answer = await office.registered({ ...erp, mac: 'AABBCCDDEEFF' });
    const links = await bridge.look<{ kind: string; value: string }>(
      'select kind, value from bridge_links where tenant_id = $1 order by kind',
      [office.tenant.id],
    );
    expect(links).toEqual([
      { kind: 'erp_customer', value: 'Budi Santoso' },
      { kind: 'erp_subscription', value: 'ACC-SUB-1' },
      { kind: 'mac', value: 'AA:BB:CC:DD:EE:FF' },
      { kind: 'radius_username', value: 'cust001' },
    ]);
    const marks = await bridge.look('select doctype, name from dirty_documents where tenant_id = $1 order by doctype', [
      office.tenant.id,
    ]);
    expect(marks).toEqual([
      { doctype: '@customer', name: 'Budi Santoso' },
      { doctype: 'Subscription', name: 'ACC-SUB-1' },
    ]);
    const told = await bridge.look(`select intent from outbox where tenant_id = $1 and kind = 'ledger.username'`, [
      office.tenant.id,
    ]);
    expect(told).toEqual([
      { intent: { kind: 'ledger.username', erpSubscription: 'ACC-SUB-1', username: lineOf(answer).username } },
    ]);
    expect((await office.registered({ erp_customer: 'Budi Santoso' })).body).toMatchObject({
      code: 'DUPLICATE_ENTRY',
      details: { field: 'erp_customer' },
    });
    expect((await office.registered({ erp_subscription: 'ACC-SUB-1' })).body).toMatchObject({
      code: 'DUPLICATE_ENTRY',
      details: { field: 'erp_subscription' },
    });
    expect((await office.registered()).body.customer_code).toBe('CUST002');
  });

  it('P17: a plan is not deleted under a registration that is under way', async () => {
    const office = await openOffice(bridge);
    const [customer, deletion] = await Promise.all([
      office.registered(),
      office.plans('DELETE', `/service-plans/${office.planId}`),
    ]);
    expect([customer.status, deletion.status]).toEqual(customer.status === 201 ? [201, 409] : [400, 204]);
  });
});
