import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { resellersRoutes } from '#features/resellers/routes.ts';
import { tablesOfTenants } from '#test/model/tenancy-findings.ts';
import { type Call, callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;
let office: Office;
let resellers: Call;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());
beforeEach(async () => {
  office = await openOffice(bridge, { decides: false });
  resellers = resellersAs('admin');
});

const resellersAs = (role: string): Call => callAs(resellersRoutes({ db: bridge.db }), office.tenant, role);

async function addReseller(name = `Warung ${randomUUID()}`): Promise<string> {
  const made = await resellers('POST', '/resellers', { name });
  expect(made.status).toBe(201);
  return String(made.body.id);
}
async function addPlan(price: number): Promise<string> {
  const plan = { name: `Paket ${randomUUID()}`, speed_download: 20, speed_upload: 5, price };
  return String((await office.plans('POST', '/service-plans', plan)).body.id);
}
const sells = (id: string, ...plans: readonly (readonly [plan: string, price: number | null])[]) =>
  resellers('PUT', `/resellers/${id}/plans`, {
    plans: plans.map(([service_plan_id, price]) => ({ service_plan_id, price })),
  });

const budi = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5' };
const feeOf = async (subscription: unknown): Promise<bigint | undefined> =>
  (
    await bridge.look<{ fee: string }>('select monthly_fee::text as fee from subscriptions where id = $1', [
      Object(subscription).id,
    ])
  ).map(({ fee }) => BigInt(fee))[0];

describe('resellers', () => {
  it('S1: are added, changed, listed and counted, with an audit entry each', async () => {
    const made = await resellers('POST', '/resellers', {
      name: ' Warung Bu Tini ',
      phone: '0812',
      erp_supplier: 'TINI',
    });
    const id = String(made.body.id);
    expect(made).toMatchObject({ status: 201, body: { name: 'Warung Bu Tini', is_active: true, erp_employee: null } });
    expect(await resellers('PATCH', `/resellers/${id}`, { address: 'Jl. 1', is_active: false })).toMatchObject({
      status: 200,
      body: { phone: '0812', address: 'Jl. 1', is_active: false, erp_supplier: 'TINI' },
    });
    await office.registered();
    await resellers('PATCH', `/resellers/${id}`, { is_active: true });
    await office.registered({ reseller_id: id });
    expect((await resellers('GET', '/resellers?search=tini')).body).toMatchObject({
      total: 1,
      data: [{ id, customers: 1 }],
    });
    expect((await resellers('GET', `/resellers/${id}/statistics`)).body).toMatchObject({
      customers: 1,
      by_status: { pending: 1, active: 0 },
      users: 0,
      keys: 0,
    });
    const audited = await bridge.look<{ action: string; changes: unknown }>(
      `select action, changes from audit_logs where tenant_id = $1 and entity_type = 'reseller' order by id`,
      [office.tenant.id],
    );
    expect(audited.map(({ action }) => action)).toEqual(['create', 'update', 'update']);
    expect(audited[1]?.changes).toMatchObject({ is_active: { old: true, new: false }, address: { new: '***' } });
  });

  it('S1: what does not fit is refused in the name of its field', async () => {
    const id = await addReseller('Warung');
    expect(await resellers('POST', '/resellers', { name: 'WARUNG' })).toMatchObject({
      status: 409,
      body: { code: 'DUPLICATE_ENTRY', details: { field: 'name' } },
    });
    const payee = { erp_supplier: 'A', erp_employee: 'B' };
    for (const asked of [
      await resellers('POST', '/resellers', { name: 'Lain', ...payee }),
      await resellers('PATCH', `/resellers/${id}`, payee),
    ]) {
      expect(asked).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'erp_employee' }] } } });
    }
    expect((await resellers('PATCH', `/resellers/${id}`, { erp_supplier: 'A' })).status).toBe(200);
    expect((await resellers('PATCH', `/resellers/${id}`, { erp_supplier: null, erp_employee: 'B' })).status).toBe(200);
    expect((await resellers('PATCH', `/resellers/${randomUUID()}`, { name: 'X' })).status).toBe(404);
    expect((await sells(randomUUID())).status).toBe(404);
  });

  it('I3: operator and finance look, the admin alone changes, a reseller sees none of it', async () => {
    const id = await addReseller();
    for (const role of ['operator', 'finance']) {
      expect((await resellersAs(role)('GET', `/resellers/${id}/plans`)).status).toBe(200);
      expect((await resellersAs(role)('PATCH', `/resellers/${id}`, { name: 'X' })).status).toBe(403);
      expect((await resellersAs(role)('PUT', `/resellers/${id}/plans`, { plans: [] })).status).toBe(403);
    }
    for (const role of ['reseller', 'technician', 'viewer', 'noc']) {
      expect((await resellersAs(role)('GET', '/resellers')).status).toBe(403);
    }
  });
});

describe('what a reseller may sell', () => {
  it('S1: the list replaces the one before, whole or not at all', async () => {
    const id = await addReseller();
    const [one, two] = [await addPlan(100_000), await addPlan(200_000)];
    expect((await resellers('GET', `/resellers/${id}/plans`)).body).toEqual({ sells_all: true, plans: [] });
    expect((await sells(id, [one, 90_000], [two, null])).body).toMatchObject({
      sells_all: false,
      plans: expect.arrayContaining([expect.objectContaining({ service_plan_id: one, price: 90_000 })]),
    });
    const kept = (await resellers('GET', `/resellers/${id}/plans`)).body;
    expect(await sells(id, [one, 1], [randomUUID(), 1])).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'plans.1.service_plan_id' }] } },
    });
    expect(await sells(id, [one, 1], [one, 2])).toMatchObject({ status: 400 });
    expect((await resellers('GET', `/resellers/${id}/plans`)).body).toEqual(kept);
    const lists = await Promise.all([1, 2, 3, 4].map((price) => sells(id, [one, price], [two, price])));
    expect(lists.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { plans } = (await resellers('GET', `/resellers/${id}/plans`)).body;
    const prices = (plans as { price: number }[]).map(({ price }) => price);
    expect(prices).toEqual([prices[0], prices[0]]);
  });

  it('S1: it registers what is listed, at its price, and nothing else; the provider may do more', async () => {
    const id = await addReseller();
    const [mine, other] = [await addPlan(100_000), await addPlan(200_000)];
    await sells(id, [mine, 125_000]);
    const own = office.customersAs('reseller', id);
    const sold = await own('POST', '/customers', { ...budi, service_plan_id: mine });
    expect(sold.status).toBe(201);
    expect(await feeOf(sold.body.subscription)).toBe(125_000n);
    const refused = { status: 400, body: { details: { fields: [{ field: 'service_plan_id' }] } } };
    expect(await own('POST', '/customers', { ...budi, service_plan_id: other })).toMatchObject(refused);
    const further = `/customers/${sold.body.id}/subscriptions`;
    expect(await own('POST', further, { service_plan_id: other })).toMatchObject(refused);
    expect(await own('POST', '/customers', { ...budi, service_plan_id: mine, erp_customer: 'C-1' })).toMatchObject({
      status: 403,
      body: { details: { field: 'erp_customer' } },
    });
    const byOffice = await office.customers('POST', further, { service_plan_id: other });
    expect(byOffice.status).toBe(201);
    expect(await feeOf(byOffice.body)).toBe(200_000n);
    const line = Object(sold.body.subscription).id;
    await sells(id, [mine, 125_000], [other, 222_000]);
    const moved = { service_plan_id: other, reason: 'naik' };
    expect((await office.subscriptions('POST', `/subscriptions/${line}/change-plan`, moved)).status).toBe(200);
    expect(await feeOf({ id: line })).toBe(222_000n);
  });

  it('S1: whatever the lists say, what a customer pays is the price of its own reseller, else the plan’s', async () => {
    const plans = [await addPlan(100_000), await addPlan(200_000)];
    const asSigned = [100_000, 200_000];
    const ids = [await addReseller(), await addReseller()];
    const listed = fc.option(fc.integer({ min: 1, max: 300_000 }), { nil: null });
    const list = fc.tuple(fc.option(listed, { nil: undefined }), fc.option(listed, { nil: undefined }));
    const sale = fc.record({ seller: fc.constantFrom(0, 1, null), plan: fc.constantFrom(0, 1) });
    type Prices = readonly (number | null | undefined)[];
    const lists: [Prices, Prices] = [[], []];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1), list, sale, async (changed, prices, { seller, plan }) => {
        lists[changed] = prices;
        const named = prices.flatMap((price, of) => (price === undefined ? [] : [[plans[of] ?? '', price] as const]));
        await sells(ids[changed] ?? '', ...named);
        const asks = seller === null ? office.customers : office.customersAs('reseller', ids[seller]);
        const made = await asks('POST', '/customers', { ...budi, service_plan_id: plans[plan] });
        const own = seller === null ? [] : (lists[seller] ?? []);
        const isListed = own.some((price) => price !== undefined);
        const isSold = !isListed || own[plan] !== undefined;
        expect(made.status).toBe(isSold ? 201 : 400);
        if (isSold) expect(await feeOf(made.body.subscription)).toBe(BigInt(own[plan] ?? asSigned[plan] ?? -1));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what follows from a registration', () => {
  /** A tenant in which it has every consequence that there is. */
  async function busyOffice(ledger: 'builtin' | 'erpnext'): Promise<void> {
    const settings = { field_work: { order_at_registration: true }, bills_from: '2025-01-01' };
    office = await openOffice(bridge, { settings });
    resellers = resellersAs('admin');
    await office.plans('PATCH', `/service-plans/${office.planId}`, { erp_item: 'HOME-10' });
    await bridge.look(
      `insert into webhook_endpoints (tenant_id, url, event_types, secret) values ($1, 'https://x.id', '["*"]', '-')`,
      [office.tenant.id],
    );
    if (ledger === 'builtin') return;
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [office.tenant.id],
    );
  }
  let used = 10;
  const whole = () => {
    used += 1;
    const place = { latitude: -6.3, longitude: 107.3 };
    const line = {
      mac: `AA:BB:CC:00:00:${used}`,
      billing_mode: 'prepaid',
      service_plan_id: office.planId,
    };
    return {
      ...budi,
      ...place,
      ...line,
      email: 'budi@x.id',
      national_id: `32150000000000${used}`,
      notes: 'pagar hijau',
    };
  };
  async function rowsAdded(ask: () => Promise<{ status: number }>): Promise<Record<string, number>> {
    const tables = (await tablesOfTenants(bridge.look)).filter((table) => table !== 'customer_tally');
    const counted = async (): Promise<readonly number[]> =>
      Promise.all(
        tables.map(async (table) => {
          const query = `select count(*)::int as n from ${table} where tenant_id = $1`;
          return (await bridge.look<{ n: number }>(query, [office.tenant.id]))[0]?.n ?? 0;
        }),
      );
    const before = await counted();
    expect((await ask()).status).toBe(201);
    const after = await counted();
    return Object.fromEntries(tables.map((table, at) => [table, (after[at] ?? 0) - (before[at] ?? 0)]));
  }

  it.each(['builtin', 'erpnext'] as const)(
    'S1: a reseller’s has all the consequences that the office’s has (%s)',
    async (ledger) => {
      await busyOffice(ledger);
      const own = office.customersAs('reseller', await addReseller());
      await office.customers('POST', '/customers', whole());
      const byOffice = await rowsAdded(() => office.customers('POST', '/customers', whole()));
      const byReseller = await rowsAdded(() => own('POST', '/customers', whole()));
      expect(byReseller).toEqual(byOffice);
      const expected = {
        customers: 1,
        work_orders: 1,
        work_order_events: 1,
        messages: 1,
        announcements: 2,
        customer_positions: 1,
      };
      expect(byReseller).toMatchObject(expected);
      expect(byReseller).toMatchObject(ledger === 'builtin' ? { invoices: 1, postings: 1 } : { ledger_invoices: 1 });
    },
  );
});
