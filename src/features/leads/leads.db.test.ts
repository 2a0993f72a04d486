import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createConversion } from '#journeys/convert-lead.ts';
import { type Call, callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import { coverageRoutes } from './coverage-routes.ts';
import { leadsRoutes } from './routes.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

type Sales = Office & {
  readonly leads: Call;
  readonly leadsAs: (role: string, userId?: string) => Call;
  readonly coverage: Call;
};

async function openSales(): Promise<Sales> {
  const office = await openOffice(bridge);
  const { db } = bridge;
  const deps = {
    db,
    clock: () => officeTime,
    convert: createConversion(office.registering),
    decideNow: async () => undefined,
  };
  const leadsAs = (role: string, userId?: string): Call => callAs(leadsRoutes(deps), office.tenant, role, userId);
  return {
    ...office,
    leads: leadsAs('operator'),
    leadsAs,
    coverage: callAs(coverageRoutes({ db }), office.tenant, 'operator'),
  };
}

const ani = {
  name: 'Ani',
  phone: '0812333',
  address: 'Jl. Mawar 3',
  email: 'ani@contoh.id',
  latitude: -6.3,
  longitude: 107.3,
};
const odp = { name: 'ODP 7', geometry: { type: 'Point', coordinates: [107.3, -6.3] }, radius_m: 500 };

async function coveredLead(sales: Sales, more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await sales.leads('POST', '/leads', { ...ani, service_plan_id: sales.planId, ...more });
  expect((await sales.leads('POST', `/leads/${body.id}/check`)).body).toMatchObject({ state: 'covered' });
  return String(body.id);
}

describe('leads', () => {
  it('C8: a lead whose place is covered becomes a customer with its line, and says which', async () => {
    const sales = await openSales();
    const area = await sales.coverage('POST', '/coverage/areas', odp);
    const id = await coveredLead(sales, { billing_mode: 'prepaid' });
    const made = await sales.leads('POST', `/leads/${id}/convert`, { national_id: '3215012345670001' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        customer_code: 'CUST001',
        subscription: { username: 'CUST001', password: expect.stringMatching(/^.{8}$/) },
        lead: { state: 'converted', coverage_area_id: area.body.id },
      },
    });
    const customer = await sales.customers('GET', `/customers/${made.body.customer_id}`);
    expect(customer.body).toMatchObject({
      name: 'Ani',
      phone: '0812333',
      email: 'ani@contoh.id',
      latitude: -6.3,
      national_id: '************0001',
      subscription: { billing_mode: 'prepaid', service_plan_id: sales.planId },
    });
    for (const [method, path, body] of [
      ['POST', `/leads/${id}/convert`, {}],
      ['PATCH', `/leads/${id}`, { notes: 'x' }],
      ['POST', `/leads/${id}/check`, undefined],
    ] as const) {
      expect(await sales.leads(method, path, body)).toMatchObject({
        status: 409,
        body: { details: { customer_id: made.body.customer_id } },
      });
    }
  });

  it('C8: a lead converts once, however many try at once', async () => {
    const sales = await openSales();
    await sales.coverage('POST', '/coverage/areas', odp);
    for (let round = 1; round <= 10; round++) {
      const id = await coveredLead(sales);
      // Two hubs: they do not wait for each other in one process.
      const other = await (async () => ({ convert: createConversion(sales.registering) }))();
      const rival = callAs(
        leadsRoutes({ db: bridge.db, clock: () => officeTime, ...other, decideNow: async () => undefined }),
        sales.tenant,
      );
      const answers = await Promise.all([
        ...[1, 2].map(() => sales.leads('POST', `/leads/${id}/convert`, {})),
        ...[1, 2].map(() => rival('POST', `/leads/${id}/convert`, {})),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      expect((await sales.customers('GET', '/customers')).body.total).toBe(round);
    }
  });

  it('C8: what is not covered converts only with force and a reason, which the audit log keeps', async () => {
    const sales = await openSales();
    const { id } = (await sales.leads('POST', '/leads', { ...ani, service_plan_id: sales.planId })).body;
    expect((await sales.leads('POST', `/leads/${id}/check`)).body.state).toBe('not_covered');
    const convert = (body: unknown) => sales.leads('POST', `/leads/${id}/convert`, body);
    expect((await convert({})).status).toBe(409);
    expect(await convert({ force: true })).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'reason' }] } },
    });
    expect((await convert({ force: true, reason: 'Tarik kabel baru' })).status).toBe(201);
    const kept = await bridge.look<{ changes: Record<string, unknown> }>(
      `select changes from audit_logs where tenant_id = $1 and entity_type = 'lead' and changes ? 'reason'`,
      [sales.tenant.id],
    );
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).toContain('Tarik kabel baru');
    expect(JSON.stringify(kept)).not.toContain('Ani');
  });

  it('C8: a conversion that is refused leaves the lead, the numbers and the customers as they were', async () => {
    const sales = await openSales();
    await sales.coverage('POST', '/coverage/areas', odp);
    await sales.registered({ username: 'taken' });
    const id = await coveredLead(sales);
    expect((await sales.leads('POST', `/leads/${id}/convert`, { username: 'taken' })).status).toBe(409);
    expect((await sales.leads('GET', `/leads/${id}`)).body).toMatchObject({ state: 'covered', customer_id: null });
    expect((await sales.leads('POST', `/leads/${id}/convert`, {})).body.customer_code).toBe('CUST002');
  });

  it('C8: who moves must be checked again; who is lost is taken up again first', async () => {
    const sales = await openSales();
    await sales.coverage('POST', '/coverage/areas', odp);
    const id = await coveredLead(sales);
    const change = (body: unknown) => sales.leads('PATCH', `/leads/${id}`, body);
    expect((await change({ latitude: -6.5 })).body).toMatchObject({ state: 'new', coverage_area_id: null });
    expect((await change({ state: 'lost', lost_reason: 'Mahal' })).body).toMatchObject({
      state: 'lost',
      lost_reason: 'Mahal',
    });
    expect((await sales.leads('POST', `/leads/${id}/check`)).status).toBe(409);
    expect((await sales.leads('POST', `/leads/${id}/convert`, { force: true, reason: 'x' })).status).toBe(409);
    expect((await change({ state: 'new' })).body).toMatchObject({ state: 'new', lost_reason: null });
    expect((await change({ latitude: null })).status).toBe(400);
    expect((await sales.leads('POST', '/leads', { name: 'A', phone: '1', address: 'x', latitude: 1 })).status).toBe(
      400,
    );
  });

  it('P13: a lead wants a plan that exists, in its own tenant', async () => {
    const [sales, other] = [await openSales(), await openSales()];
    const { id } = (await sales.leads('POST', '/leads', ani)).body;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(randomUUID(), other.planId, sales.planId), async (service_plan_id) => {
        const answers = [
          await sales.leads('PATCH', `/leads/${id}`, { service_plan_id }),
          await sales.leads('POST', '/leads', { ...ani, service_plan_id }),
        ];
        const isOwn = service_plan_id === sales.planId;
        expect(answers.map(({ status }) => status)).toEqual(isOwn ? [200, 201] : [400, 400]);
      }),
      { numRuns: 100 },
    );
    expect((await other.leads('GET', `/leads/${id}`)).status).toBe(404);
  });

  it('P12: each lead in a filtered or searched list matches', async () => {
    const sales = await openSales();
    const people = ['Ani 100%', 'Budi', 'Cici_C', 'Dedi'];
    for (const [i, name] of people.entries()) {
      const { id } = (await sales.leads('POST', '/leads', { ...ani, name })).body;
      if (i % 2 === 0) await sales.leads('PATCH', `/leads/${id}`, { state: 'lost' });
    }
    const query = fc.record({
      state: fc.constantFrom(undefined, 'new', 'lost', 'covered'),
      search: fc.constantFrom(undefined, 'ANI', '%', '_', 'di', 'x'),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ state, search }) => {
        const asked = new URLSearchParams({ ...(state && { state }), ...(search && { search }) });
        const { body } = await sales.leads('GET', `/leads?${asked}`);
        const expected = people.filter(
          (name, i) =>
            (!state || state === (i % 2 === 0 ? 'lost' : 'new')) &&
            (!search || `${name} ${ani.email} ${ani.address}`.toLowerCase().includes(search.toLowerCase())),
        );
        expect((body.data as { name: string }[]).map(({ name }) => name).sort()).toEqual(expected.sort());
        expect(body.total).toBe(expected.length);
      }),
      { numRuns: 100 },
    );
  });

  it('I3, SEC-28: a reseller has its own leads; who may only look sees no contact data', async () => {
    const sales = await openSales();
    const reseller = randomUUID();
    await bridge.look(`insert into resellers (tenant_id, id, name) values ($1, $2, 'R')`, [sales.tenant.id, reseller]);
    const own = sales.leadsAs('reseller', reseller);
    const { id } = (await own('POST', '/leads', { ...ani, service_plan_id: sales.planId })).body;
    const others = (await sales.leads('POST', '/leads', ani)).body;
    expect((await own('GET', '/leads')).body).toMatchObject({ total: 1 });
    expect((await own('GET', `/leads/${others.id}`)).status).toBe(404);
    expect((await own('POST', `/leads/${others.id}/convert`, {})).status).toBe(404);
    const made = await own('POST', `/leads/${id}/convert`, { force: true, reason: 'Dekat tiang' });
    expect(made.status).toBe(201);
    expect((await sales.customers('GET', `/customers/${made.body.customer_id}`)).body.reseller_id).toBe(reseller);
    const looks = sales.leadsAs('viewer');
    expect((await looks('GET', `/leads/${others.id}`)).body).toMatchObject({
      phone: '***',
      latitude: null,
      is_masked: true,
    });
    expect((await looks('GET', '/leads?search=0812')).body).toMatchObject({ total: 0 });
    expect((await looks('POST', '/leads', ani)).status).toBe(403);
    expect((await sales.leadsAs('hr')('GET', '/leads')).status).toBe(403);
  });

  it('C8: a map and a check show the active areas, and those of the tenant alone', async () => {
    const [sales, other] = [await openSales(), await openSales()];
    const area = (await sales.coverage('POST', '/coverage/areas', odp)).body;
    await other.coverage('POST', '/coverage/areas', { ...odp, name: 'Milik lain' });
    expect((await sales.coverage('GET', '/coverage/check?latitude=-6.3&longitude=107.301')).body).toEqual({
      covered: true,
      areas: [{ id: area.id, name: 'ODP 7' }],
    });
    expect((await sales.coverage('GET', '/coverage/map')).body).toEqual({
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', id: area.id, geometry: odp.geometry, properties: { name: 'ODP 7', radius_m: 500 } },
      ],
    });
    expect((await sales.coverage('POST', '/coverage/areas', odp)).status).toBe(409);
    expect((await sales.coverage('POST', '/coverage/areas', { ...odp, name: 'B', radius_m: null })).status).toBe(400);
    const off = await sales.coverage('PATCH', `/coverage/areas/${area.id}`, { is_active: false });
    expect(off.body).toMatchObject({ is_active: false, radius_m: 500 });
    expect((await sales.coverage('GET', '/coverage/check?latitude=-6.3&longitude=107.3')).body.covered).toBe(false);
    expect((await sales.coverage('DELETE', `/coverage/areas/${area.id}`)).status).toBe(204);
    expect((await sales.coverage('GET', `/coverage/areas/${area.id}`)).status).toBe(404);
    expect((await other.coverage('GET', `/coverage/areas/${area.id}`)).status).toBe(404);
    expect((await sales.coverage('GET', '/coverage/check?latitude=91&longitude=0')).status).toBe(400);
  });

  it('C8, L1: where ERPNext is the ledger, the customer is to be one there too, by reference only', async () => {
    const sales = await openSales();
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [sales.tenant.id],
    );
    const { id } = (await sales.leads('POST', '/leads', { ...ani, service_plan_id: sales.planId })).body;
    const made = await sales.leads('POST', `/leads/${id}/convert`, { force: true, reason: 'x' });
    const waiting = await bridge.look(`select intent from outbox where tenant_id = $1 and kind = 'ledger.customer'`, [
      sales.tenant.id,
    ]);
    expect(waiting).toEqual([{ intent: { kind: 'ledger.customer', customerId: made.body.customer_id } }]);
  });
});
