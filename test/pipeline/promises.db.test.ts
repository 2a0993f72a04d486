import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideLine } from '#access/decide-lines.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { promisesRoutes } from '#features/promises/routes.ts';
import { createStore } from '#inbox/store.ts';
import { type Ask, asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine, zone } from './test-hub.ts';

let hub: TestHub;
let tenantId: string;
let ask: Ask;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
  hub.time.now = noon('2026-11-19');
  tenantId = await hub.addTenant();
  ask = asClerk('operator');
});
afterAll(() => hub.close());

const decideNow = async (tenant: string, line: string): Promise<void> => {
  await decideLine(hub.db, hub.clock, tenant, line);
};
const asClerk = (role: string): Ask =>
  asCaller(promisesRoutes({ db: hub.db, clock: hub.clock, decideNow }), { userId: randomUUID(), tenantId, role });

let count = 0;
/** A line with a bill that is due on the 20th of November. */
async function debtor(): Promise<TestLine> {
  count += 1;
  const line = await hub.addLine(tenantId, `janji${count}`);
  await bill(line, 150_000n);
  return line;
}
async function bill(line: TestLine, open: bigint): Promise<void> {
  const terms = [{ dueDate: '2026-11-20', amount: 150_000n }];
  const fact = { ...invoiceOf(line, open), dueDate: '2026-11-20', terms };
  hub.ledger.put(fact);
  hub.time.now += 6_000;
  await createStore(hub.db)(hub.arrival(tenantId, 'Sales Invoice', fact.name));
  await hub.settle();
}
/** Lets the clock strike, and everything happen that follows from it. */
async function strike(now: number): Promise<void> {
  hub.time.now = now;
  await hub.settle();
  await hub.look('update dirty_documents set not_before = now()');
  await hub.settle();
}
const promise = (line: TestLine, until: string, by = ask, of = 'line') =>
  by('POST', `/subscriptions/${line.subscriptionId}/promises`, { until, note: 'gajian', of });
const groupOf = ({ username }: TestLine): string | undefined => hub.enforcer.user(username)?.group.split(':')[1];
const stateOf = async (line: TestLine): Promise<unknown> =>
  (await ask('GET', `/subscriptions/${line.subscriptionId}/promises`)).body.data?.[0]?.state;
const cut = instantAt('2026-11-21', 0, 1, zone);

describe('a promise to pay', () => {
  it('X8: keeps a line online through its day; the clock ends it, and it was not kept', async () => {
    hub.time.now = noon('2026-11-19');
    const [spared, other] = [await debtor(), await debtor()];
    const { status, body } = await promise(spared, '2026-11-23');
    expect([status, body.state, body.until]).toEqual([201, 'running', '2026-11-23']);
    await strike(cut);
    expect([groupOf(spared), groupOf(other)]).toEqual(['home', 'isolir']);
    await strike(instantAt('2026-11-24', 0, 0, zone));
    expect(groupOf(spared)).toBe('home');
    await strike(instantAt('2026-11-24', 0, 1, zone));
    expect([groupOf(spared), await stateOf(spared)]).toEqual(['isolir', 'broken']);
    const told = await hub.look<{ text: string }>(
      `select text from timeline where subscription_id = $1 and kind in ('promise', 'decision') order by id`,
      [spared.subscriptionId],
    );
    const words = told.map(({ text }) => text).join('\n');
    expect(words).toMatch(
      /promise to pay until 2026-11-23 was recorded[\s\S]*janji bayar sampai 2026-11-23[\s\S]*tidak ditepati/,
    );
    expect(words).not.toContain('gajian');
  });

  it('X8, P-g: a part of the money ends nothing; all of it keeps the promise', async () => {
    hub.time.now = noon('2026-11-19');
    const line = await debtor();
    await promise(line, '2026-11-24');
    await strike(cut);
    await bill(line, 1n);
    expect([groupOf(line), await stateOf(line)]).toEqual(['home', 'running']);
    await bill(line, 0n);
    expect([groupOf(line), await stateOf(line)]).toEqual(['home', 'kept']);
  });

  it('X8: brings an isolated line back at once; withdrawn, it is decided about as usual', async () => {
    hub.time.now = cut;
    const line = await debtor();
    await strike(cut + 60_000);
    expect(groupOf(line)).toBe('isolir');
    const { body } = await promise(line, '2026-11-23');
    await hub.settle();
    expect(groupOf(line)).toBe('home');
    const path = `/subscriptions/${line.subscriptionId}/promises/${body.id}`;
    expect((await ask('DELETE', path)).body.state).toBe('withdrawn');
    await strike(hub.time.now + 61_000);
    expect(groupOf(line)).toBe('isolir');
    expect((await ask('DELETE', path)).status).toBe(409);
    const entries = await hub.look<{ action: string; changes: unknown }>(
      `select action, changes from audit_logs where entity_type = 'promise' and entity_id = $1 order by id`,
      [String(body.id)],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'delete']);
    expect(JSON.stringify(entries)).not.toContain('gajian');
  });

  it('X8: one for the customer holds for all its lines', async () => {
    hub.time.now = noon('2026-11-19');
    const [first, second] = [await debtor(), await debtor()];
    await hub.look(
      `update subscriptions set customer_id = (select customer_id from subscriptions where id = $1) where id = $2`,
      [first.subscriptionId, second.subscriptionId],
    );
    expect((await promise(first, '2026-11-23', ask, 'customer')).body.subscription_id).toBeNull();
    expect((await ask('GET', `/subscriptions/${second.subscriptionId}/promises`)).body.total).toBe(1);
    hub.time.now += 6_000;
    const terms = [{ dueDate: '2026-11-20', amount: 150_000n }];
    const fact = { ...invoiceOf(first, 150_000n, 2), subscription: second.customer, dueDate: '2026-11-20', terms };
    hub.ledger.put(fact);
    await createStore(hub.db)(hub.arrival(tenantId, 'Sales Invoice', fact.name));
    await hub.settle();
    await strike(cut);
    expect([groupOf(first), groupOf(second)]).toEqual(['home', 'home']);
    await bill(first, 0n);
    expect([groupOf(first), groupOf(second), await stateOf(first)]).toEqual(['home', 'home', 'running']);
    await strike(instantAt('2026-11-24', 0, 1, zone));
    expect([groupOf(first), groupOf(second), await stateOf(first)]).toEqual(['home', 'isolir', 'broken']);
  });

  it('X8: is bounded by the settings: how far, how many at once, how many a month', async () => {
    hub.time.now = noon('2026-11-19');
    const line = await debtor();
    expect((await promise(line, '2026-11-18')).status).toBe(400);
    expect((await promise(line, addDays('2026-11-19', 8))).status).toBe(400);
    const both = await Promise.all([promise(line, '2026-11-20'), promise(line, '2026-11-21')]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const id = both.find(({ status }) => status === 201)?.body.id;
    await ask('DELETE', `/subscriptions/${line.subscriptionId}/promises/${id}`);
    expect((await promise(line, '2026-11-20')).status).toBe(201);
    const again = (await ask('GET', `/subscriptions/${line.subscriptionId}/promises?state=running`)).body.data?.[0]?.id;
    await ask('DELETE', `/subscriptions/${line.subscriptionId}/promises/${again}`);
    expect((await promise(line, '2026-11-20')).body).toMatchObject({
      code: 'CONFLICT',
      details: { lately: 2, limit: 2 },
    });
    await hub.look(`update tenants set settings = '{"promise_max_days": 0}' where id = $1`, [tenantId]);
    expect((await promise(line, '2026-11-19')).status).toBe(409);
    await hub.look(`update tenants set settings = '{}' where id = $1`, [tenantId]);
  });

  it('I3: who may not, may not; a reseller sees those of its own customers', async () => {
    hub.time.now = noon('2026-12-01');
    const line = await debtor();
    expect((await promise(line, '2026-12-02', asClerk('noc'))).status).toBe(403);
    expect((await promise(line, '2026-12-02', asClerk('finance'))).status).toBe(201);
    const noted = async (role: string) =>
      (await asClerk(role)('GET', `/subscriptions/${line.subscriptionId}/promises`)).body.data?.[0]?.note;
    expect([await noted('operator'), await noted('noc')]).toEqual(['gajian', null]);
    const reseller = asClerk('reseller');
    expect((await reseller('GET', '/promises')).body.total).toBe(0);
    expect((await reseller('GET', `/subscriptions/${line.subscriptionId}/promises`)).status).toBe(404);
    expect((await promise(line, '2026-12-02', asClerk('viewer'))).status).toBe(403);
  });
});
