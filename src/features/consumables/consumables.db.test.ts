import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { consumableKinds } from '#domain/consumable.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { type Answer, addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { meeting } from '#test/setup/meeting.ts';
import { consumablesRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
let dewi: string;
const told: { readonly event: string; readonly values: object; readonly to: object }[] = [];
const appendMessage: AppendMessage = async (_tx, _tenantId, message) => {
  told.push(message);
  return randomUUID();
};

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge);
  dewi = await addUser('technician');
  await addUser('warehouse');
});
beforeEach(() => {
  told.length = 0;
});
afterAll(() => bridge.close());

async function addUser(role: string): Promise<string> {
  const id = randomUUID();
  const sql = `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'Dewi', $4, '-')`;
  await bridge.look(sql, [id, tenant.id, `${id}@x.id`, role]);
  return id;
}

const as = (role: string, userId?: string): Call =>
  callAs(consumablesRoutes({ db: bridge.db, appendMessage }), tenant, role, userId);
const admin: Call = (...call) => as('warehouse')(...call);
const cable = (more: object = {}) => ({
  name: `Kabel ${randomUUID()}`,
  kind: 'cable',
  unit: 'm',
  quantity: 100,
  ...more,
});
const add = (more: object = {}): Promise<Answer> => admin('POST', '/consumables', cable(more));
const move = (of: unknown, body: object, by = admin): Promise<Answer> => by('POST', `/consumables/${of}/moves`, body);
const quantityOf = async (id: unknown): Promise<unknown> => (await admin('GET', `/consumables/${id}`)).body.quantity;
const fieldsOf = ({ body }: Answer): readonly string[] =>
  (Object(body.details).fields as { field: string }[]).map(({ field }) => field);

describe('consumables', () => {
  it('P9: a consumable without a required field is refused, and the field named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(['name', 'kind', 'unit', 'quantity'], { minLength: 1 }), async (missing) => {
        const body = Object.fromEntries(Object.entries(cable()).filter(([field]) => !missing.includes(field)));
        const answer = await admin('POST', '/consumables', body);
        expect(answer.status).toBe(400);
        expect([...fieldsOf(answer)].sort()).toEqual([...missing].sort());
      }),
      { numRuns: 100 },
    );
  });

  it('P16: a quantity that is not positive is refused, of a consumable and of a move', async () => {
    const { id } = (await add()).body;
    await fc.assert(
      fc.asyncProperty(fc.integer({ max: 0 }), fc.constantFrom('in', 'out', 'use'), async (quantity, kind) => {
        expect(fieldsOf(await add({ quantity }))).toEqual(['quantity']);
        expect(fieldsOf(await move(id, { kind, quantity }))).toEqual(['quantity']);
      }),
      { numRuns: 100 },
    );
    expect(await quantityOf(id)).toBe(100);
  });

  it('P48, P49: each change is audited with old and new, and each fall below the minimum told once', async () => {
    const minimum = 50;
    const { id } = (await add({ minimum })).body;
    const audited = async () => {
      const sql = `select changes from audit_logs where entity_id = $1 and action = 'update' order by id`;
      return (await bridge.look<{ changes: Record<string, unknown> }>(sql, [id])).map(
        ({ changes }) => changes.quantity,
      );
    };
    let quantity = 100;
    const step = fc.record({ kind: fc.constantFrom('in', 'out', 'use'), by: fc.integer({ min: 1, max: 120 }) });
    await fc.assert(
      fc.asyncProperty(step, async ({ kind, by }) => {
        told.length = 0;
        const before = quantity;
        const after = kind === 'in' ? before + by : before - by;
        const answer = await move(id, { kind, quantity: by });
        expect(answer.status).toBe(after < 0 ? 409 : 201);
        if (after < 0) {
          expect(told).toEqual([]);
          return;
        }
        quantity = after;
        expect(answer.body).toMatchObject({ kind, quantity: by, after });
        expect((await audited()).at(-1)).toEqual({ old: String(before), new: String(after) });
        // The admin and the warehouse.
        expect(told).toHaveLength(before >= minimum && after < minimum ? 2 : 0);
      }),
      { numRuns: 100 },
    );
    expect(await quantityOf(id)).toBe(quantity);
    await bridge.look(`update consumables set quantity = 60 where id = $1`, [id]);
    told.length = 0;
    for (const raised of [70, 80]) await admin('PATCH', `/consumables/${id}`, { minimum: raised });
    expect(told.map(({ event, values }) => ({ event, ...values }))).toEqual(
      Array(2).fill(expect.objectContaining({ event: 'low_stock', quantity: '60 m', minimum: '70 m' })),
    );
  });

  it('A8: of many who take at once nobody takes what is not there, and a phone that says it twice takes once', async () => {
    const { id } = (await add({ quantity: 10 })).body;
    const client_ref = randomUUID();
    const takes = [
      ...Array.from({ length: 8 }, () => ({ kind: 'out', quantity: 2 })),
      ...Array.from({ length: 3 }, () => ({ kind: 'out', quantity: 2, client_ref })),
    ];
    const answers = await Promise.all(takes.map((take) => move(id, take)));
    const left = Number(await quantityOf(id));
    const sums = await bridge.look<{ sum: string }>(
      `select sum(quantity)::text as sum from consumable_moves where consumable_id = $1`,
      [id],
    );
    expect([left, sums[0]?.sum]).toEqual([0, '10']);
    const once = answers.slice(8).filter(({ status }) => status === 201);
    expect(new Set(once.map(({ body }) => body.id)).size).toBeLessThanOrEqual(1);
  });

  it('control: whoever reads the quantity and writes what is left of it loses what another took meanwhile', async () => {
    const { id } = (await add({ quantity: 10 })).body;
    const both = meeting(2);
    const take = () =>
      bridge.db.tenant(tenant.id, async (tx) => {
        const of = tx.selectFrom('consumables').where('id', '=', String(id)).select('quantity');
        const { quantity } = await of.executeTakeFirstOrThrow();
        await both();
        await tx
          .updateTable('consumables')
          .set({ quantity: quantity - 2n })
          .where('id', '=', String(id))
          .execute();
      });
    await Promise.all([take(), take()]);
    expect(await quantityOf(id)).toBe(8);
  });

  it('A8: a technician carries what was handed over, sees its own bag, and uses it up for its own orders', async () => {
    const { id, name } = (await add()).body;
    const made = await move(id, { kind: 'transfer', quantity: 30, technician_id: dewi });
    const bag = String(made.body.to_consumable_id);
    await Promise.all([
      move(id, { kind: 'transfer', quantity: 5, technician_id: dewi }),
      move(bag, { kind: 'transfer', quantity: 2, place: 'Gudang' }),
    ]);
    expect([await quantityOf(id), await quantityOf(bag)]).toEqual([67, 33]);
    const technician = as('technician', dewi);
    expect((await technician('GET', '/consumables')).body.data).toMatchObject([{ id: bag, name, place: 'bag' }]);
    expect((await technician('GET', `/consumables/${id}`)).status).toBe(404);
    expect((await move(bag, { kind: 'out', quantity: 1 }, technician)).status).toBe(403);
    const [order, other] = [await addOrder(dewi), await addOrder(await addUser('technician'))];
    const use = (of: string, consumable_id: unknown) =>
      technician('POST', `/work-orders/${of}/consumables`, { consumable_id, quantity: 3 });
    expect((await use(order, bag)).body).toMatchObject({ kind: 'use', after: 30, order_id: order });
    expect((await use(other, bag)).status).toBe(404);
    expect(fieldsOf(await use(order, id))).toEqual(['consumable_id']);
    const short = await technician('POST', `/work-orders/${order}/consumables`, { consumable_id: bag, quantity: 31 });
    expect(short).toMatchObject({ status: 409, body: { message: `${name}: hanya ada 30 m.` } });
  });

  it('P12, P14: filters leave what matches, and what is removed leaves the lists and stays in the table', async () => {
    const ids = await Promise.all(consumableKinds.map(async (kind) => (await add({ kind })).body.id));
    for (const kind of consumableKinds) {
      const { data } = (await admin('GET', `/consumables?kind=${kind}&page_size=100`)).body;
      expect((data as { kind: string }[]).every((row) => row.kind === kind)).toBe(true);
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ids), async (id) => {
        const row = async () =>
          bridge.look(`select deleted_at is not null as gone from consumables where id = $1`, [id]);
        const [before] = await row();
        const { status } = await admin('DELETE', `/consumables/${id}`);
        expect(status).toBe(Object(before).gone ? 404 : 204);
        expect(await row()).toEqual([{ gone: true }]);
        expect((await admin('GET', `/consumables/${id}`)).status).toBe(404);
      }),
      { numRuns: 100 },
    );
  });
});

async function addOrder(technicianId: string): Promise<string> {
  const [order, customer] = [randomUUID(), randomUUID()];
  await bridge.look(
    `insert into customers (id, tenant_id, customer_code, name, phone, address) values ($1, $2, $3, 'Budi', '-', '-')`,
    [customer, tenant.id, customer],
  );
  await bridge.look(
    `insert into work_orders (id, tenant_id, number, kind, state, source, customer_id, technician_id, issued_at)
      values ($1, $2, $3, 'repair', 'on_site', 'office', $4, $5, now())`,
    [order, tenant.id, order, customer, technicianId],
  );
  return order;
}
