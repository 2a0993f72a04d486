import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

type Row = { readonly id: string; readonly name: string; readonly status: string };
const rowsOf = async (office: Office, query: string): Promise<Row[]> =>
  (await office.customers('GET', `/customers?${query}`)).body.data as Row[];
const idOf = async (office: Office, more: Record<string, unknown> = {}): Promise<string> =>
  String((await office.registered(more)).body.id);

async function setStates(customerId: string, states: readonly string[]): Promise<void> {
  await bridge.look(
    'delete from access where subscription_id in (select id from subscriptions where customer_id = $1)',
    [customerId],
  );
  await bridge.look(
    `with line as (
       insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
         username, canonical_username, password)
       select tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db, n, n, '-'
       from (select * from subscriptions where customer_id = $1 order by created_at limit 1) first,
         lateral (select left(md5(random()::text || i), 12) as n from generate_series(2, $2::int) i) names
       returning id),
     every as (select id from line union all select id from subscriptions where customer_id = $1),
     numbered as (select id, row_number() over (order by id) as i from every)
     insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
     select c.tenant_id, numbered.id, ($3::text[])[numbered.i], '{}', '{"code":"nothing_due"}', '{}', '', 1, now()
     from numbered, customers c where c.id = $1`,
    [customerId, states.length, states],
  );
}

describe('customers', () => {
  it('C9: a customer’s status is that of its best served line', async () => {
    const office = await openOffice(bridge, { decides: false });
    const order = ['active', 'isolated', 'suspended', 'pending', 'terminated'];
    const states = fc.array(fc.constantFrom(...order), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(states, async (some) => {
        const id = await idOf(office);
        await setStates(id, some);
        const best = order.find((state) => some.includes(state));
        const { body } = await office.customers('GET', `/customers/${id}`);
        expect(body.status).toBe(best);
        expect(body.subscription).toMatchObject({ state: best });
        expect(body.subscriptions).toHaveLength(some.length);
        const listed = await rowsOf(office, `status=${best}&sort=-created_at&page_size=100`);
        expect(listed.map((row) => row.id)).toContain(id);
        expect(new Set(listed.map((row) => row.status))).toEqual(new Set([best]));
      }),
      { numRuns: 100 },
    );
  });

  it('P10: the pages together hold every customer once', async () => {
    const office = await openOffice(bridge, { decides: false });
    for (let i = 0; i < 7; i++) await idOf(office);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (size) => {
        const first = (await office.customers('GET', `/customers?page_size=${size}`)).body;
        expect(first).toMatchObject({ total: 7, page: 1, page_size: size });
        const pages = Array.from({ length: Math.ceil(7 / size) }, (_, i) =>
          rowsOf(office, `page_size=${size}&page=${i + 1}`),
        );
        expect(new Set((await Promise.all(pages)).flat().map(({ id }) => id)).size).toBe(7);
      }),
      { numRuns: 100 },
    );
    expect((await office.customers('GET', '/customers?page_size=101')).status).toBe(400);
  });

  it('P11: search finds its term in name, code, phone or e-mail, and takes no sign for a wildcard', async () => {
    const office = await openOffice(bridge, { decides: false });
    await office.registered({ name: 'Ani 100%', email: 'ani@contoh.id' });
    await office.registered({ name: 'Cici_C', phone: '0899' });
    const names = async (term: string) =>
      (await rowsOf(office, `search=${encodeURIComponent(term)}`)).map(({ name }) => name);
    expect(await names('ani')).toEqual(['Ani 100%']);
    expect(await names('CONTOH')).toEqual(['Ani 100%']);
    expect(await names('0899')).toEqual(['Cici_C']);
    expect(await names('cust00')).toEqual(['Ani 100%', 'Cici_C']);
    expect(await names('00%')).toEqual(['Ani 100%']);
    expect(await names('ci_')).toEqual(['Cici_C']);
    expect(await names('%')).toEqual([]);
    expect(await names('\\')).toEqual([]);
    expect((await office.customers('GET', '/customers?search=%00')).status).toBe(400);
  });

  it('P12: the plan filter finds the customers on a plan', async () => {
    const office = await openOffice(bridge, { decides: false });
    const id = await idOf(office);
    expect((await rowsOf(office, `service_plan_id=${office.planId}`)).map((row) => row.id)).toEqual([id]);
    expect(await rowsOf(office, `service_plan_id=${id}`)).toEqual([]);
  });

  it('P52, P53: what is typed is stored as it was typed', async () => {
    const office = await openOffice(bridge, { decides: false });
    const name = `Budi'; drop table customers; -- <script>alert(1)</script> %s \${x} 👍 `;
    const id = await idOf(office, { name, notes: name });
    expect((await office.customers('GET', `/customers/${id}`)).body).toMatchObject({ name, notes: name });
    expect((await office.registered({ name: 'a\u0000b' })).status).toBe(400);
    expect((await office.registered({ name: ' \n ' })).status).toBe(400);
  });

  it('L1: what ERPNext owns is changed there; the rest, and customers of the hub’s own, here', async () => {
    const office = await openOffice(bridge, { decides: false });
    const [own, theirs] = [await idOf(office), await idOf(office, { erp_customer: 'Ani' })];
    const change = (id: string, body: unknown) => office.customers('PATCH', `/customers/${id}`, body);
    expect((await change(own, { name: 'Budi S.', email: null })).body).toMatchObject({
      name: 'Budi S.',
      phone: '0812',
    });
    for (const body of [{ name: 'Ani W.' }, { phone: '1' }]) {
      expect(await change(theirs, body)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    }
    expect((await change(theirs, { name: 'Budi', address: 'Jl. Mawar 1' })).body).toMatchObject({
      address: 'Jl. Mawar 1',
    });
    expect((await change(own, { phone: '' })).status).toBe(400);
  });

  it('P14, P17: a customer is removed once its lines have ended, and its row stays', async () => {
    const office = await openOffice(bridge);
    const answer = await office.registered();
    const { id, subscription } = answer.body as { id: string; subscription: { id: string } };
    expect(await office.customers('DELETE', `/customers/${id}`)).toMatchObject({
      status: 409,
      body: { details: { subscriptions: [subscription.id] } },
    });
    await office.subscriptions('POST', `/subscriptions/${subscription.id}/terminate`, { reason: 'Pindah' });
    expect((await office.customers('DELETE', `/customers/${id}`)).status).toBe(204);
    expect((await office.customers('GET', `/customers/${id}`)).status).toBe(404);
    expect(await rowsOf(office, '')).toEqual([]);
    const kept = await bridge.look('select deleted_at is not null as gone from customers where id = $1', [id]);
    expect(kept).toEqual([{ gone: true }]);
  });

  it('P1: another tenant’s customer is not there', async () => {
    const [office, other] = [await openOffice(bridge), await openOffice(bridge)];
    const id = await idOf(office);
    expect((await other.customers('GET', `/customers/${id}`)).status).toBe(404);
    expect((await other.customers('PATCH', `/customers/${id}`, { name: 'x' })).status).toBe(404);
    expect((await other.customers('DELETE', `/customers/${id}`)).status).toBe(404);
    expect(await rowsOf(other, '')).toEqual([]);
  });
});
