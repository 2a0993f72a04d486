import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runBills } from '#features/billing/bill-run.ts';
import { openTill, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const why = { reason: 'diminta pelanggan' };
const billsOf = ({ tenant }: Till) =>
  bridge.look(
    `select kind, reason, period_from, period_to, due_date, net::int, tax::int, settled::int from invoices
     where tenant_id = $1 order by created_at, kind, serial`,
    [tenant.id],
  );
/** The office's day is the 1st of February 2025: the line is as if it were served since the 1st of January. */
const servedSinceJanuary = ({ tenant }: Till, line: string) =>
  bridge.look(`update subscriptions set activated_at = '2025-01-01T05:00Z' where tenant_id = $1 and id = $2`, [
    tenant.id,
    line,
  ]);

describe('moves by hand and their money', () => {
  it('L2, R4: a prepaid line pays its first bill, the difference to a dearer plan, and has back what it has not used', async () => {
    const till = await openTill(bridge, { tax: { enabled: true, inclusive: false } });
    const budi = await till.payer({ billing_mode: 'prepaid' });
    const line = `/subscriptions/${budi.line}`;
    expect((await till.subscriptions('GET', line)).body).toMatchObject({ state: 'pending' });
    expect((await till.paid(budi, 166_500)).status).toBe(201);
    expect((await till.subscriptions('GET', line)).body).toMatchObject({ state: 'active' });
    const faster = { name: 'Home 20', speed_download: 20, speed_upload: 10, price: 300_000 };
    const plan = await till.plans('POST', '/service-plans', faster);
    const moved = await till.subscriptions('POST', `${line}/change-plan`, { service_plan_id: plan.body.id, ...why });
    expect(moved.body).toMatchObject({ state: 'active' });
    expect((await till.subscriptions('POST', `${line}/terminate`, why)).status).toBe(200);
    const days = { period_from: '2025-02-01', period_to: '2025-02-28' };
    expect(await billsOf(till)).toEqual([
      {
        kind: 'invoice',
        reason: 'first',
        ...days,
        due_date: '2025-02-08',
        net: 150_000,
        tax: 16_500,
        settled: 166_500,
      },
      {
        kind: 'invoice',
        reason: 'change',
        ...days,
        due_date: '2025-03-01',
        net: 150_000,
        tax: 16_500,
        settled: 166_500,
      },
      expect.objectContaining({ kind: 'credit_note', net: 150_000, tax: 16_500, settled: 166_500 }),
      expect.objectContaining({ kind: 'credit_note', settled: 0 }),
    ]);
    const [credited] = await bridge.look<{ sum: number }>(
      `select sum(total)::int from invoices where tenant_id = $1 and kind = 'credit_note'`,
      [till.tenant.id],
    );
    // 27 of 28 days of 300,000, and the tax on them.
    expect(credited?.sum).toBe(Math.round((300_000 * 27) / 28) + Math.round((300_000 * 27 * 0.11) / 28));
  });

  it('L2, R5: a postpaid line pays by days until a change of plan and until its end, and the run bills no day of it again', async () => {
    const till = await openTill(bridge);
    const { line } = await till.payer();
    await servedSinceJanuary(till, line);
    const slower = { name: 'Home 5', speed_download: 5, speed_upload: 5, price: 100_000 };
    const plan = await till.plans('POST', '/service-plans', slower);
    const change = { service_plan_id: plan.body.id, ...why };
    expect((await till.subscriptions('POST', `/subscriptions/${line}/change-plan`, change)).status).toBe(200);
    expect((await till.subscriptions('POST', `/subscriptions/${line}/terminate`, why)).status).toBe(200);
    const run = { tenantId: till.tenant.id, correlationId: '-', zone: 'Asia/Jakarta' };
    expect(await runBills(bridge.db, { ...run, now: Date.parse('2025-03-01T00:01:00+07:00') })).toBe(0);
    expect(await billsOf(till)).toMatchObject([
      { reason: 'change', period_from: '2025-01-01', period_to: '2025-01-31', due_date: '2025-02-20', net: 150_000 },
      { reason: 'termination', period_from: '2025-02-01', period_to: '2025-02-01', due_date: '2025-02-20', net: 3_571 },
    ]);
  });

  it('L1: where ERPNext is the ledger, or the hub makes no bills, a move brings none', async () => {
    const none = await openTill(bridge, { bills_from: null });
    const first = await none.payer();
    await servedSinceJanuary(none, first.line);
    await none.subscriptions('POST', `/subscriptions/${first.line}/terminate`, why);
    expect(await billsOf(none)).toEqual([]);
    const other = await openTill(bridge);
    const { line } = await other.payer();
    await servedSinceJanuary(other, line);
    const connection = `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`;
    await bridge.look(connection, [other.tenant.id]);
    expect((await other.subscriptions('POST', `/subscriptions/${line}/terminate`, why)).status).toBe(200);
    expect(await billsOf(other)).toEqual([]);
  });
});
