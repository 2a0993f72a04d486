import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { advanceNotices } from '#access/advance-notices.ts';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { planLines } from '#access/plan-lines.ts';
import { encodeFact } from '#db/stored-fact.ts';
import { noticeLeadMs } from '#decide/notice.ts';
import { instantAt } from '#domain/local-time.ts';
import { weekdays } from '#domain/no-cut.ts';
import { safetyRoutes } from '#features/safety/routes.ts';
import { writeNotice } from '#outbox/write-notice.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine, zone } from './test-hub.ts';

const hourMs = 3_600_000;
const start = noon('2027-06-11');

/** A bill in a random world: when in June it is due, and what of it is open. */
type Bill = { readonly day: number; readonly open: bigint };
const bill = fc.record({ day: fc.integer({ min: 8, max: 20 }), open: fc.constantFrom(0n, 50_000n, 150_000n) });
const bills = fc.array(fc.array(bill, { maxLength: 2 }), { minLength: 5, maxLength: 5 });
const forEachLine = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 5, maxLength: 5 });
const june = (day: number): string => `2027-06-${String(day).padStart(2, '0')}`;
/** What spares a line beside the brake: a calendar, a promise, a missing notice (spec X7, X8). */
const sparing = fc.record({
  noCut: fc.record({
    weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { maxLength: 3 }),
    dates: fc
      .uniqueArray(fc.integer({ min: 11, max: 20 }), { maxLength: 2 })
      .map((days) => days.map((day) => ({ date: june(day), name: 'libur' }))),
    hours: fc.constantFrom([], [{ from: '17:00', to: '08:00' }]),
  }),
  noticeHours: fc.constantFrom(0, 0, 24),
  promises: forEachLine(fc.option(fc.integer({ min: 9, max: 20 }), { freq: 2 })),
  isReachable: forEachLine(fc.boolean()),
  isOverridden: forEachLine(fc.boolean()),
});
const spared = fc.option(sparing, { freq: 2 });
type Sparing = typeof sparing extends fc.Arbitrary<infer T> ? T : never;
const world = fc.record({
  spared,
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
      const dueDate = june(day);
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

/** Promises, addresses, and notices that a person has waived. */
async function storeSparing({ promises, isReachable, isOverridden }: Sparing): Promise<void> {
  for (const [i, line] of lines.entries()) {
    const { subscriptionId: id, customer } = line;
    await hub.look('update customers set email = $2, updated_at = $3 where erp_customer = $1', [
      customer,
      isReachable[i] ? 'a@b.example' : null,
      new Date(start),
    ]);
    const day = promises[i] ?? null;
    if (day !== null) {
      await hub.look(
        `insert into promises (tenant_id, customer_id, subscription_id, until, recorded_by, recorded_at)
         select tenant_id, customer_id, id, $2, id, now() from subscriptions where id = $1`,
        [id, june(day)],
      );
    }
    if (isOverridden[i]) {
      await hub.look(
        `insert into cut_notices (tenant_id, subscription_id, invoice, amount, due_date, state, at)
         values ($1, $2, $3, 1, '2027-06-11', 'overridden', $4)`,
        [tenantId, id, `INV-${customer}-1`, new Date(start)],
      );
    }
  }
}

const remind = () =>
  advanceNotices(hub.db, hub.clock, (tx, id, notice, correlationId) =>
    writeNotice(tx, id, notice, correlationId, hub.dispatching.hooks.appendMessage),
  );

/** Whatever the hub itself sends until then: each hour at which a reminder may be due, to lines that are online. */
async function sendReminders(until: number): Promise<void> {
  // Without a fresh reading nobody is cut meanwhile: the plan is about one moment, not about the way there.
  await hub.look('delete from ledger_readings where tenant_id = $1', [tenantId]);
  for (const hour of [0, 8]) {
    for (let day = 9; day <= 30; day++) {
      const moment = Math.max(start, instantAt(june(day), hour, hour === 0 ? 1 : 0, zone) - 24 * hourMs - noticeLeadMs);
      const nights = [moment, Math.max(start, moment - 60_000)];
      for (const now of nights) if (now <= until) moments.add(now);
    }
  }
  for (const now of [...moments].sort((a, b) => a - b)) await remindAt(now);
  moments.clear();
}
const moments = new Set<number>();

async function remindAt(now: number): Promise<void> {
  hub.time.now = now;
  const [due] = await hub.look<{ ids: string[] }>(
    `select coalesce(array_agg(a.subscription_id), '{}') as ids from access a
     left join wakes w on w.tenant_id = a.tenant_id and w.subscription_id = a.subscription_id
     where a.tenant_id = $1 and a.state = 'active' and (w.at <= $2 or $2 = $3)`,
    [tenantId, new Date(now), new Date(start)],
  );
  if (!due || due.ids.length === 0) return;
  await hub.db.worker(tenantId, (tx) => markLines(tx, { tenantId, correlationId: 'x', cause: 'test' }, due.ids));
  await decideDirtyLines(hub.db, hub.clock, null, () => undefined);
  await remind();
  await hub.look(`update messages set state = 'sent' where tenant_id = $1`, [tenantId]);
  await remind();
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
      fc.asyncProperty(world, async ({ before, after, graceDays, minimum, hours, isStopped, spared: sparedBy }) => {
        const settings = {
          grace_days: graceDays,
          brake_minimum: minimum,
          brake_percent: 1,
          no_cut: sparedBy?.noCut ?? {},
          notice_hours: sparedBy?.noticeHours ?? 0,
        };
        await hub.look('update tenants set settings = $2 where id = $1', [tenantId, JSON.stringify(settings)]);
        const emptied = [
          'held_lines',
          'holds',
          'cuts',
          'kill_switches',
          'outbox',
          'promises',
          'cut_notices',
          'messages',
        ];
        for (const table of emptied) await hub.look(`delete from ${table} where tenant_id = $1`, [tenantId]);
        if (sparedBy) await storeSparing(sparedBy);
        await store(before);
        await decideAll(start);
        await store(after);
        if (isStopped) await ask('PUT', '/kill-switch', { on: true, reason: 'uji' });
        const at = start + hours * hourMs;
        const now = await places();
        const { body, status } = await ask('POST', '/dry-runs', { at: new Date(at).toISOString() });
        expect(status).toBe(200);
        expect(await places()).toEqual(now);
        if (settings.notice_hours > 0) await sendReminders(at);
        await decideAll(at);
        const then = await places();
        const waiting = (...codes: readonly string[]): string[] =>
          Object.keys(then)
            .filter((name) => codes.some((code) => then[name]?.code === code))
            .sort();
        expect(named(body.cuts)).toEqual(moved(now, then, 'active', 'isolated'));
        expect(named(body.restores)).toEqual(moved(now, then, 'isolated', 'active'));
        expect(named(body.held_lines)).toEqual(waiting('held_by_brake'));
        expect(named(body.spared)).toEqual(waiting('promised', 'no_cut_time', 'awaiting_notice'));
        for (const { code } of Object.values(then)) seen.add(code);
        expect([body.held, body.stopped]).toEqual([waiting('held_by_brake').length, waiting('cuts_stopped').length]);
        for (const [what, there] of Object.entries(body))
          if (what !== 'at' && Object.keys(Object(there)).length > 0) seen.add(what);
        if (Number(body.stopped) > 0) seen.add('stopped');
      }),
      { numRuns: 100 },
    );
    const codes = [
      'awaiting_notice',
      'cuts_stopped',
      'debt',
      'held_by_brake',
      'no_cut_time',
      'nothing_due',
      'promised',
    ];
    expect([...seen].sort()).toEqual([...codes, 'cuts', 'held_lines', 'restores', 'spared', 'stopped'].sort());
  }, 120_000);

  it('B7: what if grace were longer, an invoice paid, ERPNext out of reach', async () => {
    await hub.look(`update tenants set settings = '{}' where id = $1`, [tenantId]);
    for (const table of ['held_lines', 'holds', 'cuts', 'kill_switches', 'promises', 'cut_notices'])
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
