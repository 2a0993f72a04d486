import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

async function addReseller({ tenant }: Office, isActive = true): Promise<string> {
  const id = randomUUID();
  await bridge.look('insert into resellers (tenant_id, id, name, is_active) values ($1, $2, $3, $4)', [
    tenant.id,
    id,
    `Rudi ${id}`,
    isActive,
  ]);
  await bridge.look(
    `insert into users (id, tenant_id, email, name, role, password_hash, reseller_id)
     values ($1, $2, $3, 'Rudi', 'reseller', '-', $1)`,
    [id, tenant.id, `${id}@x.id`],
  );
  return id;
}

const budi = (office: Office) => ({
  name: 'Budi',
  phone: '08123456',
  address: 'Jl. 1',
  service_plan_id: office.planId,
});
const audited = (office: Office, action: string) =>
  bridge.look<{ entity_type: string; changes: Record<string, unknown> }>(
    'select entity_type, changes from audit_logs where tenant_id = $1 and action = $2 order by id',
    [office.tenant.id, action],
  );

describe('who may do what with customers', () => {
  it('I3: a reseller registers, sees and changes its own customers, and no others', async () => {
    const office = await openOffice(bridge);
    const [one, two] = [await addReseller(office), await addReseller(office)];
    const [ofOne, ofTwo] = [office.customersAs('reseller', one), office.customersAs('reseller', two)];
    const made = await ofOne('POST', '/customers', budi(office));
    expect(made).toMatchObject({ status: 201, body: { reseller_id: one } });
    await office.registered({ name: 'Orang Lain' });
    const path = `/customers/${made.body.id}`;
    expect((await ofOne('GET', '/customers')).body).toMatchObject({ total: 1 });
    expect((await ofOne('GET', '/customers?search=ora')).body).toMatchObject({ total: 0 });
    expect((await ofOne('GET', '/customers/statistics')).body).toMatchObject({ total: 1 });
    expect((await ofTwo('GET', '/customers')).body).toMatchObject({ total: 0, data: [] });
    const missing = await ofTwo('GET', `/customers/${randomUUID()}`);
    for (const [method, tail, body] of [
      ['GET', '', undefined],
      ['GET', '/history', undefined],
      ['PATCH', '', { notes: 'x' }],
      ['POST', '/subscriptions', { service_plan_id: office.planId }],
    ] as const) {
      expect(await ofTwo(method, `${path}${tail}`, body)).toEqual({ status: 404, body: missing.body });
    }
    expect((await ofOne('PATCH', path, { notes: 'milik saya' })).status).toBe(200);
    expect((await ofOne('PATCH', path, { reseller_id: two })).status).toBe(403);
    expect((await ofOne('POST', '/customers', { ...budi(office), reseller_id: two })).status).toBe(403);
    expect((await ofOne('DELETE', path)).status).toBe(403);
  });

  it('P13: a customer is given only to a reseller who is there, in this tenant, and active', async () => {
    const [office, other] = [await openOffice(bridge), await openOffice(bridge)];
    const id = String((await office.registered()).body.id);
    const strangers = [randomUUID(), await addReseller(office, false), await addReseller(other)];
    const good = await addReseller(office);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...strangers, good), async (reseller_id) => {
        const answer = await office.customers('PATCH', `/customers/${id}`, { reseller_id });
        if (reseller_id === good) expect(answer).toMatchObject({ status: 200, body: { reseller_id: good } });
        else expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'reseller_id' }] } } });
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-28: contact data is masked for who may only look, and not searched for them either', async () => {
    const office = await openOffice(bridge);
    const made = await office.registered({
      phone: '08123456789',
      email: 'budi@contoh.id',
      latitude: -6.3,
      longitude: 107.3,
    });
    const looking = office.customersAs('viewer');
    const { body } = await looking('GET', `/customers/${made.body.id}`);
    expect(body).toMatchObject({
      name: 'Budi',
      phone: '***789',
      address: '***',
      email: '***',
      latitude: null,
      longitude: null,
      is_masked: true,
    });
    for (const search of ['08123456789', 'contoh', '0812-3456']) {
      expect((await looking('GET', `/customers?search=${search}`)).body).toMatchObject({ total: 0 });
      expect((await office.customers('GET', `/customers?search=${search}`)).body).toMatchObject({ total: 1 });
    }
    expect((await looking('GET', '/customers?search=budi')).body).toMatchObject({ total: 1 });
    expect((await looking('GET', '/customers?national_id=3215012345670001')).status).toBe(403);
    for (const role of ['finance', 'operator']) {
      expect((await office.customersAs(role)('GET', `/customers/${made.body.id}`)).body.phone).toBe('08123456789');
    }
  });

  it('P7: without the permission every route of the room is refused, and nothing changes', async () => {
    const office = await openOffice(bridge);
    const id = String((await office.registered()).body.id);
    const nobody = ['hr', 'warehouse', 'technician', 'somebody'];
    const calls = [
      ['GET', '/customers', undefined],
      ['GET', '/customers/statistics', undefined],
      ['GET', `/customers/${id}`, undefined],
      ['GET', `/customers/${id}/history`, undefined],
      ['POST', '/customers', budi(office)],
      ['POST', `/customers/${id}/subscriptions`, { service_plan_id: office.planId }],
      ['PATCH', `/customers/${id}`, { notes: 'x' }],
      ['DELETE', `/customers/${id}`, undefined],
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...nobody), fc.constantFrom(...calls), async (role, [method, path, body]) => {
        expect((await office.customersAs(role)(method, path, body)).status).toBe(403);
      }),
      { numRuns: 100 },
    );
    const looks = office.customersAs('viewer');
    for (const [method, path, body] of calls.slice(4)) expect((await looks(method, path, body)).status).toBe(403);
    expect((await office.customers('GET', '/customers')).body).toMatchObject({ total: 1 });
  });

  it('SEC-19: what is not the caller’s to set is not set', async () => {
    const office = await openOffice(bridge);
    const id = randomUUID();
    const theirs = {
      id,
      tenant_id: id,
      status: 'terminated',
      customer_code: 'X',
      created_at: '2020-01-01',
      photo_file: 'x',
    };
    const made = await office.registered(theirs);
    expect(made.body).toMatchObject({ customer_code: 'CUST001', status: 'active', has_photo: false });
    expect(made.body.id).not.toBe(id);
    const path = `/customers/${made.body.id}`;
    const changed = await office.customers('PATCH', path, { ...theirs, erp_customer: 'Mine', notes: 'y' });
    expect(changed.body).toMatchObject({ customer_code: 'CUST001', status: 'active', erp_customer: null, notes: 'y' });
    const [row] = await bridge.look<{ tenant_id: string }>('select tenant_id from customers where id = $1', [
      made.body.id,
    ]);
    expect(row?.tenant_id).toBe(office.tenant.id);
  });

  it('P45: registering, changing and removing are in the audit log, with personal values masked', async () => {
    const office = await openOffice(bridge);
    const { id, subscription } = (await office.registered({ national_id: '3215012345670001' })).body as {
      id: string;
      subscription: { id: string };
    };
    await office.customers('PATCH', `/customers/${id}`, { phone: '0899', notes: 'Rahasia', name: 'Budiman' });
    await office.customers('POST', `/customers/${id}/subscriptions`, { service_plan_id: office.planId });
    const [made] = (await audited(office, 'create')).filter(({ entity_type }) => entity_type === 'customer');
    expect(made?.changes).toMatchObject({
      customer_code: { new: 'CUST001' },
      phone: { new: '***' },
      name: { new: '***' },
    });
    const updates = (await audited(office, 'update')).filter(({ entity_type }) => entity_type === 'customer');
    expect(Object.keys(updates[0]?.changes ?? {}).sort()).toEqual(['name', 'notes', 'phone']);
    expect((await audited(office, 'create')).map(({ entity_type }) => entity_type)).toContain('subscription');
    for (const line of [subscription.id])
      await office.subscriptions('POST', `/subscriptions/${line}/terminate`, { reason: 'x' });
    const all = JSON.stringify(await bridge.look('select * from audit_logs where tenant_id = $1', [office.tenant.id]));
    for (const canary of ['0899', 'Rahasia', 'Budiman', '3215012345670001', 'Jl. Melati'])
      expect(all).not.toContain(canary);
  });

  it('C5: the due day of what the hub bills moves with the customer’s; ERPNext’s stays its own', async () => {
    const office = await openOffice(bridge);
    const own = String((await office.registered()).body.id);
    expect((await office.customers('PATCH', `/customers/${own}`, { due_date: 5 })).body).toMatchObject({
      subscription: { due_date: 5 },
    });
    const theirs = String((await office.registered({ erp_subscription: 'SUB-1' })).body.id);
    expect(await office.customers('PATCH', `/customers/${theirs}`, { due_date: 5 })).toMatchObject({
      status: 409,
      body: { details: { fields: ['due_date'] } },
    });
  });

  it('C9: the history says when, why and by whom a line changed', async () => {
    const office = await openOffice(bridge);
    const { id, subscription } = (await office.registered()).body as { id: string; subscription: { id: string } };
    await office.subscriptions('POST', `/subscriptions/${subscription.id}/suspend`, { reason: 'Cuti' });
    await office.customers('PATCH', `/customers/${id}`, { latitude: -6.3, longitude: 107.3 });
    await office.customers('PATCH', `/customers/${id}`, { latitude: -6.4, longitude: 107.3 });
    const { body } = await office.customers('GET', `/customers/${id}/history`);
    const [line] = body.subscriptions as { changes: Record<string, unknown>[] }[];
    expect(line?.changes).toEqual([
      expect.objectContaining({ kind: 'registered', cause: 'registration' }),
      expect.objectContaining({ kind: 'decision', state: 'active', was: null, cause: 'registration', by: null }),
      expect.objectContaining({ kind: 'by_hand', by: 'Sari', text: expect.stringContaining('Cuti') }),
      expect.objectContaining({ kind: 'decision', state: 'suspended', was: 'active', by: 'Sari' }),
    ]);
    expect(body.positions).toEqual([
      expect.objectContaining({ latitude: -6.4, recorded_by: office.tenant.adminId }),
      expect.objectContaining({ latitude: -6.3 }),
    ]);
    expect((await office.customersAs('viewer')('GET', `/customers/${id}/history`)).body.positions).toEqual([]);
  });
});
