import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, platformOwner } from '#test/features/room.ts';
import { countUsage, openMonths } from './count-usage.ts';
import { usageRoutes } from './usage-routes.ts';

let room: BridgeRoom;
let now: number;
let id: string;
let owner: Ask;
let line: (began: string, ended: string | null, state?: string) => Promise<void>;

const zone = 'Asia/Jakarta';
const at = (text: string): number => Date.parse(text);

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  owner = asCaller(usageRoutes({ db: room.db, clock: () => now }), platformOwner);
});
afterAll(() => room.close());
beforeEach(async () => {
  now = at('2026-11-20T03:00:00Z');
  id = await room.addTenant();
  const [customer, plan] = [randomUUID(), randomUUID()];
  await room.look(
    `insert into service_plans (id, tenant_id, name, key, down_kbps, up_kbps, price) values ($1, $2, 'P', 'p', 1, 1, 1)`,
    [plan, id],
  );
  await room.look(
    `insert into customers (id, tenant_id, customer_code, name, phone, address) values ($1, $2, 'C', 'B', '-', '-')`,
    [customer, id],
  );
  line = async (began, ended, state = 'active') => {
    const [lineId, name] = [randomUUID(), randomUUID().slice(0, 30)];
    await room.look(
      `insert into subscriptions (id, tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
         username, canonical_username, password, created_at, terminated_at)
       values ($1, $2, $3, $4, 'postpaid', 20, 1, 'x', $5, $5, '-', $6, $7)`,
      [lineId, id, customer, plan, name, began, ended],
    );
    await room.look(
      `insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
       values ($1, $2, $3, '{}', '{}', '{}', '-', 1, now())`,
      [id, lineId, ended === null ? state : 'terminated'],
    );
  };
});

const usage = async (month: string) => (await owner('GET', `/tenants/${id}/usage?month=${month}`)).body;
const deliver = (receivedAt: string) =>
  room.look(
    `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id, received_at)
     values ($1, 'erpnext', $2, 'x', 'x', 'x', 'x', 'x', 'done', '-', $3)`,
    [id, Buffer.from(randomUUID()), receivedAt],
  );

describe('metering', () => {
  it('T6: counts subscribers at their peak and at the end, the active ones, and deliveries of the month', async () => {
    await line('2026-10-02T00:00:00Z', null);
    await line('2026-11-02T00:00:00Z', '2026-11-10T00:00:00Z');
    await line('2026-11-05T00:00:00Z', '2026-11-11T00:00:00Z');
    await line('2026-11-15T00:00:00Z', null, 'isolated');
    await deliver('2026-11-03T00:00:00Z');
    await deliver('2026-10-03T00:00:00Z');
    expect(await usage('2026-11')).toMatchObject({
      subscribers_peak: 3,
      subscribers_end: 2,
      active_end: 1,
      events: 1,
      messages: 0,
    });
    expect(await usage('2026-10')).toMatchObject({ subscribers_peak: 1, subscribers_end: 1, events: 1 });
  });

  it('T6: a month begins and ends by the tenant’s own clocks', async () => {
    await deliver('2026-10-31T16:59:59Z');
    await deliver('2026-10-31T17:00:00Z');
    expect(await usage('2026-10')).toMatchObject({ events: 1 });
    expect(await usage('2026-11')).toMatchObject({ events: 1 });
    expect(openMonths(at('2026-10-31T17:00:00Z'), zone).map(({ name }) => name)).toEqual(['2026-11', '2026-10']);
  });

  it('T6: the peak is the most that there were at one time, whatever came and went', async () => {
    const day = fc.integer({ min: 1, max: 19 });
    const span = fc.tuple(day, fc.option(day)).map(([from, to]) => ({ from, to: to === null ? null : from + to }));
    await fc.assert(
      fc.asyncProperty(fc.array(span, { maxLength: 6 }), async (spans) => {
        await room.look('delete from access where tenant_id = $1', [id]);
        await room.look('delete from subscriptions where tenant_id = $1', [id]);
        await room.look('delete from usage_months where tenant_id = $1', [id]);
        const date = (n: number): string => new Date(at('2026-11-01T00:00:00Z') + n * 86_400_000).toISOString();
        const lasting = spans.map(({ from, to }) => ({ from, to: to !== null && to < 19 ? to : null }));
        for (const { from, to } of lasting) await line(date(from), to === null ? null : date(to));
        const until = 19.1;
        const there = (n: number): number =>
          lasting.filter(({ from, to }) => from <= n && from < until && (to ?? Number.POSITIVE_INFINITY) > n).length;
        const peak = Math.max(0, ...Array.from({ length: 20 }, (_, n) => there(n)).slice(0, 20));
        expect(await usage('2026-11')).toMatchObject({ subscribers_peak: peak, subscribers_end: there(until) });
      }),
      { numRuns: 100 },
    );
  });

  it('T6: counting again changes nothing, and a month that has ended keeps what was cleaned away since', async () => {
    await line('2026-11-02T00:00:00Z', null);
    await deliver('2026-11-03T00:00:00Z');
    const first = await usage('2026-11');
    for (let i = 0; i < 3; i++) await countUsage(room.db, id, zone, now);
    expect(await usage('2026-11')).toEqual(first);
    now = at('2026-12-05T00:00:00Z');
    await room.look('delete from inbox where tenant_id = $1', [id]);
    await room.look(`update access set state = 'isolated' where tenant_id = $1`, [id]);
    expect(await usage('2026-11')).toMatchObject({ events: 1, active_end: 1, subscribers_end: 1 });
  });

  it('T6: all tenants’ counts of a month are one list, in pages; a month that nobody counted is 404', async () => {
    await countUsage(room.db, id, zone, now);
    const list = (await owner('GET', '/usage?month=2026-11&page_size=100')).body;
    expect(Object.values(list.data ?? {}).map(({ tenant_id }) => tenant_id)).toContain(id);
    expect((await owner('GET', `/tenants/${id}/usage?month=2025-01`)).status).toBe(404);
    expect((await owner('GET', `/tenants/${randomUUID()}/usage?month=2026-11`)).status).toBe(404);
    for (const month of ['', '2026-13', '2026', 'x']) {
      expect((await owner('GET', `/usage?month=${month}`)).status).toBe(400);
    }
  });

  it('P7: no tenant’s admin may read it', async () => {
    const ask = asCaller(usageRoutes({ db: room.db, clock: () => now }), admin(id));
    for (const path of [`/tenants/${id}/usage?month=2026-11`, '/usage?month=2026-11']) {
      expect((await ask('GET', path)).status).toBe(403);
    }
  });
});
