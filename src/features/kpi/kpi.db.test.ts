import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { claimIntents } from '#outbox/claim.ts';
import { dispatchSalary } from '#outbox/dispatch-salary.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createLog } from '#platform/log.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import { type Answer, addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { kpiRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
let dewi: string;
let rudi: string;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

async function open(settings: object): Promise<void> {
  tenant = await addTenant(bridge, { field_work: settings });
  [dewi, rudi] = [await addUser('Dewi'), await addUser('Rudi')];
}
async function addUser(name: string): Promise<string> {
  const id = randomUUID();
  const sql = `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, $3, $4, 'technician', '-')`;
  await bridge.look(sql, [id, tenant.id, `${id}@x.id`, name]);
  return id;
}
type Order = { readonly kind?: string; readonly state?: string; readonly done: string; readonly wanted?: string };
/** An order that was done, issued ten hours before it was. */
async function addOrder(by: string, { kind = 'install', state = 'verified', done, wanted }: Order): Promise<void> {
  const [order, customer] = [randomUUID(), randomUUID()];
  await bridge.look(
    `insert into customers (id, tenant_id, customer_code, name, phone, address) values ($1, $2, $3, 'Budi', '-', '-')`,
    [customer, tenant.id, customer],
  );
  await bridge.look(
    `insert into work_orders (id, tenant_id, number, kind, state, source, customer_id, technician_id, installed_by, issued_at,
      installed_at, scheduled_at) values ($1, $2, $1::uuid::text, $3, $4, 'office', $5, $6, $6, $7::timestamptz - interval '10 hours', $7, $8)`,
    [order, tenant.id, kind, state, customer, by, done, wanted ?? null],
  );
}
const as = (role: string, at: string, userId?: string): Call =>
  callAs(kpiRoutes({ db: bridge.db, clock: () => Date.parse(at) }), tenant, role, userId);
const december = '2026-12-02T00:00:00Z';
const count = (month: string, at = december): Promise<Answer> => as('hr', at)('POST', `/kpi/incentives/${month}`);
const paid = ({ body }: Answer) =>
  (body.data as Record<string, unknown>[]).map(({ technician_name, installs, amount, state }) => [
    technician_name,
    installs,
    amount,
    state,
  ]);
const statesOf = (answer: Answer) => paid(answer).map(([, , , state]) => state);

describe('figures of technicians', () => {
  it('A7: what was done, how long it took and what was on time, by days of the tenant’s calendar', async () => {
    await open({ incentive_per_install: 50_000 });
    // 23:30 on the 30th in Jakarta; and 00:30 on the 1st, which is another month.
    await addOrder(dewi, { done: '2026-11-30T16:30:00Z', wanted: '2026-11-30T02:00:00Z' });
    await addOrder(dewi, { done: '2026-11-30T17:30:00Z' });
    await addOrder(dewi, { done: '2026-11-12T03:00:00Z', wanted: '2026-11-11T03:00:00Z', state: 'installed' });
    await addOrder(dewi, { done: '2026-11-13T03:00:00Z', kind: 'repair' });
    const path = '/kpi/technicians?from=2026-11-01&to=2026-11-30';
    const own = {
      ...{ name: 'Dewi', installs: 2, repairs: 1, others: 0, failures: 0, accepted_installs: 1, incentive: 50_000 },
      ...{ resolve_minutes_median: 600, resolve_minutes_p90: 600, on_time_percent: 50 },
    };
    const none = { installs: 0, repairs: 0, resolve_minutes_median: null, on_time_percent: null, incentive: 0 };
    expect((await as('hr', december)('GET', path)).body.data).toMatchObject([own, { name: 'Rudi', ...none }]);
    expect((await as('technician', december, dewi)('GET', path)).body.data).toMatchObject([own]);
    expect((await as('technician', december, rudi)('GET', path)).body.data).toMatchObject([none]);
  });

  it('A7: each accepted installation is paid once, however often and at once it is counted', async () => {
    await open({ incentive_per_install: 50_000 });
    for (const day of ['05', '06']) await addOrder(dewi, { done: `2026-11-${day}T03:00:00Z` });
    await addOrder(rudi, { done: '2026-11-07T03:00:00Z' });
    await addOrder(rudi, { done: '2026-11-08T03:00:00Z', state: 'installed' });
    expect((await count('2026-11', '2026-11-30T16:00:00Z')).body).toMatchObject({ code: 'CONFLICT' });
    const counted = await Promise.all([count('2026-11'), count('2026-11'), count('2026-11')]);
    for (const one of counted)
      expect(paid(one)).toEqual([
        ['Dewi', 2, 100_000, 'kept'],
        ['Rudi', 1, 50_000, 'kept'],
      ]);
    // Accepted after the month was counted: paid with the next.
    await bridge.look(`update work_orders set state = 'verified' where tenant_id = $1`, [tenant.id]);
    expect(paid(await count('2026-11'))).toHaveLength(2);
    expect(paid(await count('2026-12', '2027-01-02T00:00:00Z'))).toEqual([['Rudi', 1, 50_000, 'kept']]);
    expect((await as('technician', december, dewi)('GET', '/kpi/incentives')).status).toBe(403);
  });

  it('A7: where ERPNext pays, it is told once, of whoever is an employee there', async () => {
    await open({ incentive_per_install: 50_000 });
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenant.id],
    );
    for (const one of [dewi, rudi]) await addOrder(one, { done: '2026-11-05T03:00:00Z' });
    await bridge.look(`update users set erp_employee = 'HR-EMP-1' where id = $1`, [dewi]);
    expect(paid(await count('2026-11'))).toMatchObject([
      ['Dewi', 1, 50_000, 'waiting'],
      ['Rudi', 1, 50_000, 'kept'],
    ]);
    await bridge.look(`update users set erp_employee = 'HR-EMP-2' where id = $1`, [rudi]);
    expect(statesOf(await count('2026-11'))).toEqual(['waiting', 'waiting']);
    const ledger = createFakeLedger(() => new Date());
    const dispatching = {
      ...{ db: bridge.db, log: createLog('silent'), ledgerOf: async () => ledger },
      hooks: { appendMessage: async () => '' },
    } as unknown as Dispatching; // Salaries use no more of it.
    const claimed = await claimIntents(bridge.db, ['ledger.salary'], 60_000, 10);
    for (const one of [...claimed, ...claimed]) {
      if (one.intent.kind === 'ledger.salary') await dispatchSalary(dispatching, one, one.intent);
    }
    const rows = (await as('finance', december)('GET', '/kpi/incentives?month=2026-11')).body.data as object[];
    expect(rows).toHaveLength(2);
    for (const row of rows)
      expect(row).toMatchObject({ state: 'pushed', erp_salary: expect.stringMatching(/^PUSHED-ADS/) });
    expect(statesOf(await count('2026-11'))).toEqual(['pushed', 'pushed']);
    expect(await claimIntents(bridge.db, ['ledger.salary'], 60_000, 10)).toEqual([]);
  });
});
