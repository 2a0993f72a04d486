import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { planLines } from '#access/plan-lines.ts';
import { encodeFact } from '#db/stored-fact.ts';
import { safetyRoutes } from '#features/safety/routes.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine } from './test-hub.ts';

const hourMs = 3_600_000;
const start = noon('2027-06-11');

/** A bill in a random world: when in June it is due, and what of it is open. */
type Bill = { readonly day: number; readonly open: bigint };
const bill = fc.record({ day: fc.integer({ min: 8, max: 20 }), open: fc.constantFrom(0n, 50_000n, 150_000n) });
const bills = fc.array(fc.array(bill, { maxLength: 2 }), { minLength: 5, maxLength: 5 });
const world = fc.record({
  before: bills,
  after: bills,
  graceDays: fc.integer({ min: 0, max: 3 }),
  minimum: fc.integer({ min: 1, max: 4 }),
  hours: fc.integer({ min: 2, max: 9 * 24 }),
  isStopped: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});

let hub: TestHub;
let tenantId: string;
let ask: Ask;
const lines: TestLine[] = [];

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
  tenantId = await hub.addTenant();
  for (let i = 0; i < 5; i++) lines.push(await hub.addLine(tenantId, `dry${i}`));
  ask = asCaller(safetyRoutes({ db: hub.db, clock: hub.clock, plan: planLines }), admin(tenantId));
});
afterAll(() => hub.close());

/** The ledger as it was read: each line's bills. */
async function store(billsOf: readonly (readonly Bill[])[]): Promise<void> {
  await hub.look('delete from ledger_documents where tenant_id = $1', [tenantId]);
  for (const [i, line] of lines.entries()) {
    for (const [n, { day, open }] of (billsOf[i] ?? []).entries()) {
      const dueDate = `2027-06-${String(day).padStart(2, '0')}`;
      const terms = [{ dueDate, amount: 150_000n }];
      const fact = { ...invoiceOf(line, open, n + 1), dueDate, terms };
      await hub.look(
        `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
         values ($1, 'Sales Invoice', $2, $3, '', $4, false, now())`,
        [tenantId, fact.name, fact.customer, encodeFact(fact)],
      );
    }
  }
}

/** Decides about every line at `at`, the ledger having been read just then. */
async function decideAll(at: number): Promise<void> {
  hub.time.now = at;
  await hub.look(
    `insert into ledger_readings (tenant_id, customer, started_at) values ($1, '', $2)
     on conflict (tenant_id, customer) do update set started_at = excluded.started_at`,
    [tenantId, new Date(at)],
  );
  const ids = lines.map(({ subscriptionId }) => subscriptionId);
  await hub.db.worker(tenantId, (tx) => markLines(tx, { tenantId, correlationId: 'x', cause: 'test' }, ids));
  while ((await decideDirtyLines(hub.db, hub.clock, null, () => undefined)) > 0);
}

type Places = Readonly<Record<string, { readonly state: string; readonly code: string }>>;
async function places(): Promise<Places> {
  const rows = await hub.look<{ name: string; state: string; code: string }>(
    `select s.username as name, a.state, a.reason ->> 'code' as code from access a
     join subscriptions s on s.id = a.subscription_id where a.tenant_id = $1`,
    [tenantId],
  );
  return Object.fromEntries(rows.map(({ name, state, code }) => [name, { state, code }]));
}
const moved = (before: Places, after: Places, from: string, to: string): string[] =>
  Object.keys(after)
    .filter((name) => before[name]?.state === from && after[name]?.state === to)
    .sort();
const named = (some: unknown): string[] =>
  Object.values(Object(some))
    .map((one) => String(Object(one).username))
    .sort();

describe('a dry run', () => {
  it('X4, B7: in 100 random worlds the plan is what then happens, and planning changes nothing', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(world, async ({ before, after, graceDays, minimum, hours, isStopped }) => {
        const settings = { grace_days: graceDays, brake_minimum: minimum, brake_percent: 1 };
        await hub.look('update tenants set settings = $2 where id = $1', [tenantId, JSON.stringify(settings)]);
        for (const table of ['held_lines', 'holds', 'cuts', 'kill_switches', 'outbox'])
          await hub.look(`delete from ${table} where tenant_id = $1`, [tenantId]);
        await store(before);
        await decideAll(start);
        await store(after);
        if (isStopped) await ask('PUT', '/kill-switch', { on: true, reason: 'uji' });
        const at = start + hours * hourMs;
        const now = await places();
        const { body, status } = await ask('POST', '/dry-runs', { at: new Date(at).toISOString() });
        expect(status).toBe(200);
        expect(await places()).toEqual(now);
        await decideAll(at);
        const then = await places();
        const waiting = (code: string): string[] => Object.keys(then).filter((name) => then[name]?.code === code);
        expect(named(body.cuts)).toEqual(moved(now, then, 'active', 'isolated'));
        expect(named(body.restores)).toEqual(moved(now, then, 'isolated', 'active'));
        expect(named(body.held_lines)).toEqual(waiting('held_by_brake').sort());
        expect([body.held, body.stopped]).toEqual([waiting('held_by_brake').length, waiting('cuts_stopped').length]);
        for (const [what, there] of Object.entries(body))
          if (what !== 'at' && Object.keys(Object(there)).length > 0) seen.add(what);
        if (Number(body.stopped) > 0) seen.add('stopped');
      }),
      { numRuns: 100 },
    );
    expect([...seen].sort()).toEqual(['cuts', 'held_lines', 'restores', 'stopped']);
  }, 120_000);

  it('B7: what if grace were longer, an invoice paid, ERPNext out of reach', async () => {
    await hub.look(`update tenants set settings = '{}' where id = $1`, [tenantId]);
    for (const table of ['held_lines', 'holds', 'cuts', 'kill_switches'])
      await hub.look(`delete from ${table} where tenant_id = $1`, [tenantId]);
    await store([]);
    await decideAll(start);
    await store(lines.slice(0, 2).map(() => [{ day: 12, open: 150_000n }]));
    const cuts = async (at: string, what_if: object): Promise<number> =>
      named((await ask('POST', '/dry-runs', { at, what_if })).body.cuts).length;
    const at = '2027-06-13T00:01:00+07:00';
    expect(await cuts('2027-06-13T00:00:59+07:00', {})).toBe(0);
    expect(await cuts(at, {})).toBe(2);
    expect(await cuts(at, { grace_days_plus: 1 })).toBe(0);
    expect(await cuts(at, { invoice_paid: `INV-${lines[0]?.customer}-1` })).toBe(1);
    expect(await cuts(at, { ledger_unreachable: true })).toBe(0);
  });
});
