import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { tellLatency } from '#main/latency-metrics.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { measureLatency } from './measure.ts';
import { latencyRoutes } from './routes.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const minuteMs = 60_000;

let bridge: TestBridge;
let tenant: TestTenant;
let call: Call;
let line: string;
let nas: { readonly id: string; readonly name: string };

const routes = () => latencyRoutes({ db: bridge.db, clock: () => now });

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());
beforeEach(async () => {
  tenant = await addTenant(bridge);
  call = callAs(routes(), tenant);
  await addRows(bridge.look, tenant.id);
  for (const table of ['enforcements', 'latency_buckets', 'timeline'])
    await bridge.look(`delete from ${table} where tenant_id = $1`, [tenant.id]);
  const [router] = await bridge.look<{ id: string; name: string }>('select id, name from nas where tenant_id = $1', [
    tenant.id,
  ]);
  nas = router ?? { id: '', name: '' };
  const [first] = await bridge.look<{ id: string }>('select id from subscriptions where tenant_id = $1', [tenant.id]);
  line = first?.id ?? '';
});

type Way = { readonly state: string; readonly was: string; readonly generation: number; readonly webhook?: boolean };

/** A decision at `at`, its rows 40 ms later, the ACK after 100 ms; its webhook 20 ms before. */
async function walk(at: number, { state, was, generation, webhook = true }: Way, isAcked = true): Promise<void> {
  const correlation = randomUUID();
  if (webhook)
    await bridge.look(
      `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id, received_at)
       values ($1, 'erpnext', $2, '-', 'Sales Invoice', 'INV', 'on_change', '', 'done', $3, $4)`,
      [tenant.id, Buffer.from(correlation), correlation, new Date(at - 20)],
    );
  const tell = (kind: string, after: number, data: object) =>
    bridge.look(
      `insert into timeline (tenant_id, subscription_id, at, kind, text, correlation_id, data)
       values ($1, $2, $3, $4, '-', $5, $6)`,
      [
        tenant.id,
        line,
        new Date(at + after),
        kind,
        correlation,
        JSON.stringify({ ...data, generation: `${generation}` }),
      ],
    );
  await tell('decision', 0, { state, was });
  await tell('rows', 40, {});
  await tell('disconnect', 60, { answer: 'silence', nas: nas.name });
  if (isAcked) await tell('disconnect', 100, { answer: 'ack', nas: nas.name });
}

const suspend = { state: 'isolated', was: 'active', generation: 1 };
const restore = { state: 'active', was: 'isolated', generation: 2 };

const measure = (startedAt: Date | null = null, at = now): Promise<void> =>
  measureLatency({ db: bridge.db, sessionsOf: async () => [{ startedAt }] }, tenant.id, at);

type Figures = { step: string; count: number; p50_ms: number; p95_ms: number; p99_ms: number };
const told = async (query = ''): Promise<{ suspend: Figures[]; restore: Figures[] }> =>
  (await call('GET', `/latency${query}`)).body as { suspend: Figures[]; restore: Figures[] };

describe('latency', () => {
  it('X5: each step of a cut and of a restore is told, the session that followed included', async () => {
    const at = now - 5 * minuteMs;
    await walk(at, suspend);
    await walk(at + minuteMs, restore);
    await measure(new Date(at + minuteMs + 2_100));
    const { suspend: cut, restore: back } = await told();
    const steps = (figures: Figures[]) => Object.fromEntries(figures.map(({ step, p50_ms }) => [step, p50_ms]));
    expect(steps(back)).toEqual({
      webhook_to_decision: 20,
      decision_to_rows: 40,
      rows_to_ack: 60,
      ack_to_session: 2_000,
      webhook_to_ack: 120,
      webhook_to_session: 2_120,
    });
    expect(steps(cut)).toMatchObject({ webhook_to_decision: 20, decision_to_rows: 40, rows_to_ack: 60 });
  });

  it('X5: p50, p95 and p99 are those of the span that is asked for', async () => {
    for (let i = 1; i <= 10; i++) await walk(now - i * minuteMs, { ...suspend, generation: i }, i < 10);
    await measure();
    const rows = (await told()).suspend.find(({ step }) => step === 'decision_to_rows');
    expect(rows).toEqual({ step: 'decision_to_rows', count: 10, p50_ms: 40, p95_ms: 40, p99_ms: 40 });
    const from = new Date(now - 3 * minuteMs).toISOString();
    expect((await told(`?from=${from}`)).suspend.find(({ step }) => step === 'decision_to_rows')?.count).toBe(3);
    expect((await call('GET', `/latency?from=${from}&to=${from}`)).status).toBe(400);
  });

  it('X5: a router has its own figures; what it did not acknowledge is not among them', async () => {
    await walk(now - minuteMs, suspend);
    await walk(now - 2 * minuteMs, restore, false);
    await measure();
    expect((await told(`?nas_id=${nas.id}`)).suspend.length).toBeGreaterThan(0);
    expect((await told(`?nas_id=${nas.id}`)).restore).toEqual([]);
    expect(await told(`?nas_id=${randomUUID()}`)).toMatchObject({ suspend: [], restore: [] });
  });

  it('X5: what the clock began has no webhook, and a decision that moved nobody is no enforcement', async () => {
    await walk(now - minuteMs, { ...suspend, webhook: false });
    await walk(now - minuteMs, { state: 'active', was: 'active', generation: 9 });
    await measure();
    const { suspend: cut, restore: back } = await told();
    expect(cut.map(({ step }) => step)).toEqual(['decision_to_rows', 'rows_to_ack']);
    expect(back).toEqual([]);
  });

  it('X5, O5: measuring again changes nothing, and the histograms count each once, by ids', async () => {
    await walk(now - minuteMs, suspend);
    for (let i = 0; i < 3; i++) await measure();
    for (let i = 0; i < 3; i++) await measure(null, now + 30 * minuteMs);
    const metrics = new Registry();
    tellLatency(metrics, bridge.db);
    const lines = (await metrics.metrics()).split('\n').filter((text) => text.includes(tenant.id));
    const labels = `tenant="${tenant.id}",nas="${nas.id}",kind="suspend",step="rows_to_ack"`;
    expect(lines).toContain(`jembatan_enforcement_seconds_count{${labels}} 1`);
    expect(lines).toContain(`jembatan_enforcement_seconds_sum{${labels}} 0.06`);
    expect(lines).toContain(`jembatan_enforcement_seconds_bucket{${labels},le="0.05"} 0`);
    expect(lines).toContain(`jembatan_enforcement_seconds_bucket{${labels},le="0.1"} 1`);
    expect(lines).toContain(`jembatan_enforcement_seconds_bucket{${labels},le="+Inf"} 1`);
  });

  it('P1, P7: another tenant sees none of it, and who may not is refused', async () => {
    await walk(now - minuteMs, suspend);
    await measure();
    const other = callAs(routes(), await addTenant(bridge));
    expect((await other('GET', '/latency')).body).toMatchObject({ suspend: [], restore: [] });
    expect((await callAs(routes(), tenant, 'finance')('GET', '/latency')).status).toBe(403);
  });
});
