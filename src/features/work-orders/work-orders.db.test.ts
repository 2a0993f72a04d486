import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideLine } from '#access/decide-lines.ts';
import { mayMoveOrder, needsReason, type WorkOrderState, workOrderStates } from '#domain/work-order.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { type Answer, type Call, callAs, callRaw } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import { advanceOrder } from './advancing.ts';
import { forgetOrdersOf, ordersOf } from './personal-data.ts';
import { workOrdersRoutes } from './routes.ts';

let bridge: TestBridge;
let office: Office;
let folder: string;
let budi: Record<string, unknown>;
let dewi: string;
let rudi: string;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'work-orders-'));
  const settings = { field_work: { order_at_registration: true }, language: 'id' };
  office = await openOffice(bridge, { settings });
  budi = (await office.registered({ latitude: -6.3, longitude: 107.3 })).body;
  [dewi, rudi] = [await addTechnician(), await addTechnician()];
}, 60_000);
afterAll(async () => {
  await bridge.close();
  await rm(folder, { recursive: true });
});

async function addTechnician(tenantId = office.tenant.id, role = 'technician'): Promise<string> {
  const id = randomUUID();
  const sql = `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'Dewi', $4, '-')`;
  await bridge.look(sql, [id, tenantId, `${id}@x.id`, role]);
  return id;
}

const routes = () =>
  workOrdersRoutes({
    db: bridge.db,
    clock: () => officeTime,
    files: createTenantFiles(folder),
    decideNow: async (tenantId, id) => void (await decideLine(bridge.db, () => officeTime, tenantId, id)),
  });
const as = (role: string, userId?: string, at = office): Call => callAs(routes(), at.tenant, role, userId);
const admin: Call = (...call) => as('admin')(...call);
const path = ({ body }: Answer): string => `/work-orders/${body.id}`;
const issue = (more: object = {}): Promise<Answer> =>
  admin('POST', '/work-orders', { kind: 'repair', customer_id: budi.id, notes: 'lampu merah', ...more });
const timeline = async (id: unknown): Promise<readonly string[]> =>
  (await bridge.look<{ text: string }>(`select text from timeline where subscription_id = $1 order by id`, [id])).map(
    ({ text }) => text,
  );

describe('work orders', () => {
  it('C9, A3: a new line waits for its order, and is served when the technician is done', async () => {
    const line = Object(budi.subscription);
    expect(line.state).toBe('pending');
    const { body } = await admin('GET', `/work-orders?subscription_id=${line.id}`);
    const [order] = body.data as Record<string, unknown>[];
    expect(order).toMatchObject({ number: 'SPK202502001', kind: 'install', state: 'issued', source: 'registration' });
    const own = `/work-orders/${order?.id}`;
    const audited = await bridge.look(`select action, actor_role from audit_logs where entity_id = $1`, [order?.id]);
    expect(audited).toEqual([{ action: 'create', actor_role: 'admin' }]);
    expect(await admin('PATCH', own, { technician_id: dewi })).toMatchObject({ body: { state: 'assigned' } });
    const technician = as('technician', dewi);
    expect((await technician('PATCH', own, { state: 'installed' })).status).toBe(409);
    const where = { latitude: -6.3009, longitude: 107.3, accuracy_m: 10 };
    for (const state of ['picked_up', 'on_site', 'installed']) {
      expect(await technician('PATCH', own, { state, ...where })).toMatchObject({ status: 200, body: { state } });
    }
    const told = (await technician('GET', own)).body;
    expect(told).toMatchObject({ customer: { phone: '0812', address: 'Jl. Melati 5', latitude: -6.3 } });
    const steps = told.events as { to_state: string; distance_m: number | null; by_whom: string }[];
    expect(steps.map(({ to_state }) => to_state)).toEqual(['issued', 'assigned', 'picked_up', 'on_site', 'installed']);
    expect(steps.at(-1)).toMatchObject({ by_whom: 'technician', distance_m: 100 });
    expect((await office.subscriptions('GET', `/subscriptions/${line.id}`)).body).toMatchObject({ state: 'active' });
    expect(await timeline(line.id)).toEqual(
      expect.arrayContaining([expect.stringMatching(/SPK202502001 \(install\) is installed/)]),
    );
    expect(await admin('PATCH', own, { state: 'verified' })).toMatchObject({ body: { state: 'verified' } });
  });

  it('A3: numbers of a month have no gap, however many are issued at once', async () => {
    const before = Number((await admin('GET', '/work-orders')).body.total);
    const made = await Promise.all(Array.from({ length: 8 }, () => issue({ kind: 'survey' })));
    const wrong = await issue({ technician_id: randomUUID() });
    expect(wrong).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'technician_id' }] } } });
    const numbers = [...made, await issue()].map(({ body }) => Number(String(body.number).slice('SPK202502'.length)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 9 }, (_, i) => before + 1 + i));
  });

  it('A3: any sequence of steps leaves an order where the table of moves leads, whoever asks', async () => {
    const ways = { office: admin, technician: as('technician', dewi) } as const;
    const step = fc.record({
      by: fc.constantFrom('office', 'technician', 'scan'),
      to: fc.constantFrom(...workOrderStates),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const order = await issue({ technician_id: dewi });
        let state: WorkOrderState = 'assigned';
        for (const { by, to } of steps) {
          if (by === 'scan') {
            const done = { correlationId: 'c', at: new Date(officeTime), userId: dewi, position: null };
            await bridge.db.worker(office.tenant.id, (tx) =>
              advanceOrder(tx, String(order.body.id), { tenantId: office.tenant.id, ...done }),
            );
            if (mayMoveOrder(state, 'installed', 'scan')) state = 'installed';
            continue;
          }
          const isOwn = state !== 'issued';
          const who = to === 'assigned' ? { technician_id: dewi } : {};
          const reason = needsReason(to) ? { reason: 'rumah kosong' } : {};
          const { status } = await ways[by]('PATCH', path(order), {
            state: to,
            ...(by === 'office' ? who : {}),
            ...reason,
          });
          const isSame = to === state && isOwn;
          const isOffice = ['issued', 'assigned', 'verified', 'cancelled'].includes(to);
          const isAllowed =
            by === 'technician'
              ? isOwn && !isOffice && (isSame || mayMoveOrder(state, to, by))
              : to === state || mayMoveOrder(state, to, by);
          expect(status === 200, `${by}: ${state} → ${to} was ${status}`).toBe(isAllowed);
          if (isAllowed) state = to;
        }
        expect((await admin('GET', path(order))).body.state).toBe(state);
      }),
      { numRuns: 100 },
    );
  });

  it('A3: a step that an offline phone tells twice, late or in the future is one step, at most now', async () => {
    const order = await issue({ technician_id: dewi });
    const technician = as('technician', dewi);
    const step = { state: 'picked_up', client_ref: randomUUID(), at: '2035-01-01T00:00:00+07:00' };
    await technician('PATCH', path(order), step);
    await technician('PATCH', path(order), { state: 'on_site', client_ref: randomUUID() });
    const again = await technician('PATCH', path(order), step);
    expect(again).toMatchObject({ status: 200, body: { state: 'on_site' } });
    const events = again.body.events as { at: string; to_state: string }[];
    expect(events.map(({ to_state }) => to_state)).toEqual(['assigned', 'picked_up', 'on_site']);
    expect(events[1]?.at).toBe(new Date(officeTime).toISOString());
  });

  it('I3: a technician meets its own orders alone, and no words of the office’s', async () => {
    const order = await issue({ technician_id: dewi });
    const [owner, other] = [as('technician', dewi), as('technician', rudi)];
    const missing = await other('GET', `/work-orders/${randomUUID()}`);
    expect(await other('GET', path(order))).toEqual(missing);
    expect((await other('PATCH', path(order), { state: 'picked_up' })).status).toBe(404);
    expect((await other('GET', '/work-orders')).body).toMatchObject({ total: 0 });
    expect((await owner('PATCH', path(order), { notes: 'x' })).status).toBe(403);
    expect((await owner('PATCH', path(order), { technician_id: rudi })).status).toBe(403);
    const failed = await owner('PATCH', path(order), { state: 'failed' });
    expect(failed).toMatchObject({ status: 400, body: { message: 'Tulis alasannya.' } });
    const viewer = (await as('viewer')('GET', path(order))).body;
    expect(viewer).toMatchObject({ is_masked: true, notes: '***', customer: { phone: '***', latitude: null } });
  });

  it('contract: a technician sees the PPPoE password for an open order of its own, and only then', async () => {
    const { body } = await office.registered({ name: 'Ani' });
    const line = `/subscriptions/${Object(body.subscription).id}/password`;
    const order = await issue({ customer_id: body.id, technician_id: dewi });
    const reveal = (user: string) => office.subscriptionsAs('technician', user)('POST', line, { action: 'reveal' });
    expect((await reveal(rudi)).status).toBe(404);
    expect(await reveal(dewi)).toMatchObject({ status: 200, body: { password: Object(body.subscription).password } });
    const rotate = await office.subscriptionsAs('technician', dewi)('POST', line, { action: 'rotate' });
    expect(rotate.status).toBe(403);
    await admin('PATCH', path(order), { state: 'cancelled', reason: 'salah alamat' });
    expect((await reveal(dewi)).status).toBe(404);
  });

  it('P13: an order names a customer, a line and a technician that there are, in this tenant', async () => {
    const elsewhere = await openOffice(bridge);
    const foreign = (await elsewhere.registered()).body;
    const wrong = [
      { customer_id: foreign.id },
      { subscription_id: Object(foreign.subscription).id },
      { technician_id: await addTechnician(elsewhere.tenant.id) },
      { technician_id: await addTechnician(office.tenant.id, 'finance') },
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...wrong, {}), async (more) => {
        const answer = await issue(more);
        const [field] = Object.keys(more);
        if (field === undefined) expect(answer.status).toBe(201);
        else expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field }] } } });
      }),
      { numRuns: 100 },
    );
    expect((await as('admin', undefined, elsewhere)('GET', path(await issue()))).status).toBe(404);
  });
});

const jpeg = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text)]);

describe('photos as proof', () => {
  const upload = (order: Answer, bytes: Buffer, user = dewi) =>
    callRaw(routes(), office.tenant, 'technician', user)('POST', `${path(order)}/photos`, bytes);

  it('A3: a photo is known by its bytes, kept once, and shown to nobody’s browser as anything else', async () => {
    const order = await issue({ technician_id: dewi });
    const [first, again] = [await upload(order, jpeg('pagar')), await upload(order, jpeg('pagar'))];
    expect([first.status, again.status]).toEqual([201, 201]);
    const { id } = JSON.parse(first.text);
    expect(JSON.parse(again.text).id).toBe(id);
    expect((await admin('GET', path(order))).body.photos).toHaveLength(1);
    const shown = await callRaw(routes(), office.tenant, 'technician', dewi)('GET', `${path(order)}/photos/${id}`);
    expect(shown.text).toBe(jpeg('pagar').toString());
    expect(shown.headers.get('Content-Type')).toBe('image/jpeg');
    expect(shown.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(shown.headers.get('Content-Security-Policy')).toContain('sandbox');
    const page = await upload(order, Buffer.from('<script>alert(1)</script>'));
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('bukan foto') });
    expect((await upload(order, jpeg('x'), rudi)).status).toBe(404);
  });

  it('A3: ten photos of an order at most, five megabytes each, and no file without a row', async () => {
    const order = await issue({ technician_id: dewi });
    expect((await upload(order, jpeg('x'.repeat(5_000_000)))).status).toBe(413);
    const files = () => readdir(join(folder, 'files', office.tenant.id));
    const before = (await files()).length;
    const told = await Promise.all(Array.from({ length: 12 }, (_, i) => upload(order, jpeg(`${i}`))));
    expect(told.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), 409, 409]);
    expect((await files()).length).toBe(before + 10);
  });

  it('SEC-28: a customer who is erased leaves no words, places or photos in its orders', async () => {
    const { body } = await office.registered({ name: 'Citra', latitude: -6.3, longitude: 107.3 });
    const order = await issue({ customer_id: body.id, technician_id: dewi, notes: 'kunci di tetangga' });
    const step = { state: 'picked_up', note: 'anjing galak', latitude: -6.3, longitude: 107.3 };
    await as('technician', dewi)('PATCH', path(order), step);
    await upload(order, jpeg('rumah'));
    const held = () => bridge.db.tenant(office.tenant.id, (tx) => ordersOf(tx, office.tenant.id, String(body.id)));
    expect(JSON.stringify(await held())).toMatch(/kunci.*anjing/);
    const gone = await bridge.db.tenant(office.tenant.id, (tx) =>
      forgetOrdersOf(tx, office.tenant.id, String(body.id)),
    );
    expect(gone).toHaveLength(1);
    expect(JSON.stringify(await held())).not.toMatch(/kunci|anjing|-6\.3/);
  });
});
