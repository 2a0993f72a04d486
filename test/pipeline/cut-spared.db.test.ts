import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { advanceNotices } from '#access/advance-notices.ts';
import { fixForecast } from '#access/fix-forecast.ts';
import { askSubscriptions, markDocuments, markLines } from '#access/mark-dirty.ts';
import { planLines } from '#access/plan-lines.ts';
import { instantAt } from '#domain/local-time.ts';
import { safetyRoutes } from '#features/safety/routes.ts';
import { createStore } from '#inbox/store.ts';
import { writeNotice } from '#outbox/write-notice.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine, zone } from './test-hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());

const hourMs = 3_600_000;
const at = (date: string, hour: number, minute = 0): number => instantAt(date, hour, minute, zone);
const cut = at('2026-11-21', 0, 1);
let count = 0;

async function tenantWith(settings: object): Promise<{ tenantId: string; ask: Ask }> {
  hub.time.now = noon('2026-11-17');
  const tenantId = await hub.addTenant();
  await hub.look('update tenants set settings = $2 where id = $1', [tenantId, JSON.stringify(settings)]);
  const ask = asCaller(safetyRoutes({ db: hub.db, clock: hub.clock, plan: planLines }), admin(tenantId));
  return { tenantId, ask };
}
async function bill(line: TestLine, open: bigint): Promise<void> {
  const terms = [{ dueDate: '2026-11-20', amount: 150_000n }];
  const fact = { ...invoiceOf(line, open), dueDate: '2026-11-20', terms };
  hub.ledger.put(fact);
  hub.time.now += 6_000;
  await createStore(hub.db)(hub.arrival(line.tenantId, 'Sales Invoice', fact.name));
  await hub.settle();
}
async function debtor(tenantId: string, email: string | null = null): Promise<TestLine> {
  count += 1;
  const line = await hub.addLine(tenantId, `hemat${count}`);
  await hub.look('update customers set email = $2, updated_at = $3 where erp_customer = $1', [
    line.customer,
    email,
    new Date(hub.time.now),
  ]);
  await bill(line, 150_000n);
  return line;
}
/** Lets the clock strike, reminders be written, and everything happen that follows from it. */
async function strike(now: number): Promise<void> {
  hub.time.now = now;
  for (let round = 0; round < 2; round++) {
    await hub.settle();
    await remind();
    await hub.look('update dirty_documents set not_before = now()');
    await hub.settle();
  }
}
const remind = () =>
  advanceNotices(hub.db, hub.clock, (tx, tenantId, notice, correlationId) =>
    writeNotice(tx, tenantId, notice, correlationId, hub.dispatching.hooks.appendMessage),
  );
const groupOf = ({ username }: TestLine): string | undefined => hub.enforcer.user(username)?.group.split(':')[1];
async function reasonOf({ subscriptionId }: TestLine): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await hub.look<{ reason: object }>('select reason from access where subscription_id = $1', [
    subscriptionId,
  ]);
  return { ...row?.reason };
}

describe('the no-cut calendar', () => {
  const noCut = {
    weekdays: ['sunday'],
    dates: [{ date: '2026-11-23', name: 'Hari Guru' }],
    hours: [{ from: '17:00', to: '08:00' }],
  };

  it('X8: a cut waits for the next open minute and is made then; restores wait for nothing', async () => {
    const { tenantId } = await tenantWith({ no_cut: noCut });
    const line = await debtor(tenantId);
    await strike(cut);
    expect([groupOf(line), await reasonOf(line)]).toEqual([
      'home',
      expect.objectContaining({ code: 'no_cut_time', day: '' }),
    ]);
    await strike(at('2026-11-21', 7, 59));
    expect(groupOf(line)).toBe('home');
    await strike(at('2026-11-21', 8));
    expect(groupOf(line)).toBe('isolir');
    hub.time.now = at('2026-11-22', 3);
    await bill(line, 0n);
    expect(groupOf(line)).toBe('home');
  });

  it('X8, B8: the forecast counts a cut in the hour in which it is permitted, not in that of the due date', async () => {
    const { tenantId } = await tenantWith({ no_cut: noCut });
    await debtor(tenantId);
    for (const hour of [0, 8]) {
      const ahead = at('2026-11-20', hour);
      await fixForecast(hub.db, tenantId, new Date(ahead), ahead);
    }
    const forecasts = await hub.look<{ hour: Date; lines: number }>(
      'select hour, lines from cut_forecasts where tenant_id = $1 and lines > 0',
      [tenantId],
    );
    expect(forecasts).toEqual([{ hour: new Date(at('2026-11-21', 8)), lines: 1 }]);
  });

  it('X8: changing the calendar decides about every line anew; the status tells until when it is closed', async () => {
    const { tenantId, ask } = await tenantWith({ no_cut: noCut });
    await debtor(tenantId);
    await strike(cut);
    const { body } = await ask('GET', '/safety');
    expect(body).toMatchObject({
      no_cut_until: new Date(at('2026-11-21', 8)).toISOString(),
      waiting: { no_cut_time: 1 },
    });
  });
});

describe('a notice before the cut', () => {
  const tellAt = cut - 26 * hourMs;
  const sent = (tenantId: string, state = 'sent') =>
    hub.look('update messages set state = $2, error = $3 where tenant_id = $1', [tenantId, state, 'no such mailbox']);

  it('X7: the hub reminds in time by itself, and cuts on time once the reminder was delivered', async () => {
    const { tenantId, ask } = await tenantWith({ notice_hours: 24 });
    const line = await debtor(tenantId, 'ani@example.net');
    await strike(tellAt - 60_000);
    expect((await ask('GET', '/cut-notices')).body.total).toBe(0);
    await strike(tellAt);
    expect((await ask('GET', '/cut-notices')).body.data?.[0]).toMatchObject({ state: 'queued', amount: 150_000 });
    await sent(tenantId);
    await strike(tellAt + 60_000);
    await strike(cut);
    expect(groupOf(line)).toBe('isolir');
    const messages = await hub.look('select id from messages where tenant_id = $1', [tenantId]);
    expect(messages).toHaveLength(1);
  });

  it('X7: while it is under way, or was delivered too lately, nobody is cut; the hours run from its delivery', async () => {
    const { tenantId } = await tenantWith({ notice_hours: 24 });
    const line = await debtor(tenantId, 'ani@example.net');
    await strike(tellAt);
    await strike(cut);
    expect([groupOf(line), (await reasonOf(line)).because]).toEqual(['home', 'sending']);
    await sent(tenantId);
    await strike(cut + hourMs);
    expect([groupOf(line), (await reasonOf(line)).because]).toEqual(['home', 'recent']);
    await strike(cut + 25 * hourMs - 1);
    expect(groupOf(line)).toBe('home');
    await strike(cut + 25 * hourMs);
    expect(groupOf(line)).toBe('isolir');
  });

  it('X7: who cannot be reached is held and listed; one call lets the cut go, and the trail says who', async () => {
    const { tenantId, ask } = await tenantWith({ notice_hours: 24 });
    const [without, bounced] = [await debtor(tenantId), await debtor(tenantId, 'salah@example.net')];
    await strike(tellAt);
    await sent(tenantId, 'bounced');
    await strike(cut);
    expect([groupOf(without), groupOf(bounced)]).toEqual(['home', 'home']);
    expect([(await reasonOf(without)).because, (await reasonOf(bounced)).because]).toEqual([
      'no_address',
      'undeliverable',
    ]);
    const { body } = await ask('GET', '/cut-notices?state=undeliverable');
    expect(body.total).toBe(2);
    const told = await ask('POST', '/cut-notices/override', { reason: 'ditelepon' });
    expect(told.body).toEqual({ lines: 2, bills: 2 });
    const ids = [without, bounced].map(({ subscriptionId }) => subscriptionId);
    await strike(cut + 120_000);
    expect([groupOf(without), groupOf(bounced)]).toEqual(['isolir', 'isolir']);
    const [entry] = await hub.look<{ changes: object }>(
      `select changes from audit_logs where tenant_id = $1 and entity_type = 'cut_notice'`,
      [tenantId],
    );
    for (const id of ids) expect(JSON.stringify(entry?.changes)).toContain(id);
  });

  it('X7: an address that is corrected gets its reminder; paid bills get none', async () => {
    const { tenantId, ask } = await tenantWith({ notice_hours: 24 });
    const [line, payer] = [await debtor(tenantId), await debtor(tenantId)];
    await strike(tellAt);
    expect((await ask('GET', '/cut-notices?state=undeliverable')).body.total).toBe(2);
    await bill(payer, 0n);
    await hub.look(`update customers set email = 'a@b.id', updated_at = $2 where tenant_id = $1`, [
      tenantId,
      new Date(hub.time.now + 1_000),
    ]);
    await strike(tellAt + 60_000);
    const { body } = await ask('GET', '/cut-notices?state=queued');
    expect([body.total, body.data?.[0]?.subscription_id]).toEqual([1, line.subscriptionId]);
  });

  it('X7: without the policy nobody is reminded, and nobody waits', async () => {
    const { tenantId, ask } = await tenantWith({});
    const line = await debtor(tenantId, 'ani@example.net');
    await strike(tellAt);
    await strike(cut);
    expect([groupOf(line), (await ask('GET', '/cut-notices')).body.total]).toEqual(['isolir', 0]);
  });
});

describe('a ledger that has shrunk', () => {
  const list = async (tenantId: string): Promise<void> => {
    const asked = [{ doctype: askSubscriptions, name: '*', correlationId: 'x' }];
    await hub.db.worker(tenantId, (tx) => markDocuments(tx, tenantId, asked));
    await hub.settle();
  };
  const names = Array.from({ length: 10 }, (_, n) => `LANG-${n}`);
  const put = (name: string) =>
    hub.ledger.put({
      kind: 'subscription',
      name,
      customer: 'x',
      cancelled: false,
      plans: [],
      billingMode: null,
      dueDay: null,
      username: null,
    });

  it('B8: holds every cut and says why; releasing accepts its size', async () => {
    const { tenantId, ask } = await tenantWith({});
    for (const name of names) put(name);
    await list(tenantId);
    const lines = [await debtor(tenantId), await debtor(tenantId)];
    for (const name of names.slice(0, 3)) hub.ledger.remove('Subscription', name);
    await list(tenantId);
    expect((await ask('GET', '/safety')).body.source).toMatchObject({ rows: 7, expected: 10, has_shrunk: true });
    await strike(cut);
    expect(lines.map(groupOf)).toEqual(['home', 'home']);
    const [hold] = (await ask('GET', '/holds')).body.data as unknown as readonly Record<string, unknown>[];
    expect(hold).toMatchObject({ state: 'waiting', lines: { held: 2 }, evidence: { limit: 0, source_rows: 7 } });
    expect([hold?.reason, hold?.note].join(' ')).toMatch(/lists 7 subscriptions[\s\S]*lists 7 subscriptions/);
    await ask('POST', `/holds/${hold?.id}/release`);
    expect((await ask('GET', '/safety')).body.source).toMatchObject({ expected: 7, has_shrunk: false });
  });

  it('B8: what grows back is believed at once, what falls slowly only after a day', async () => {
    const { tenantId, ask } = await tenantWith({});
    const source = async () => (await ask('GET', '/safety')).body.source;
    for (const name of names) put(name);
    await list(tenantId);
    hub.ledger.remove('Subscription', 'LANG-0');
    await list(tenantId);
    expect(await source()).toMatchObject({ rows: 9, expected: 10, has_shrunk: false });
    hub.time.now += 25 * hourMs;
    await list(tenantId);
    expect(await source()).toMatchObject({ rows: 9, expected: 9 });
    for (const name of names) hub.ledger.remove('Subscription', name);
    await list(tenantId);
    hub.time.now += 25 * hourMs;
    await list(tenantId);
    expect(await source()).toMatchObject({ rows: 0, expected: 9, has_shrunk: true });
    for (const name of names) put(name);
    await list(tenantId);
    expect(await source()).toMatchObject({ rows: 10, expected: 10, has_shrunk: false });
  });
});

it('X7, B8: a line that waits in a hold for an open hour stays in it', async () => {
  const { tenantId, ask } = await tenantWith({ brake_minimum: 1, no_cut: { hours: [{ from: '17:00', to: '08:00' }] } });
  const lines = [await debtor(tenantId), await debtor(tenantId)];
  await strike(at('2026-11-21', 8));
  expect(lines.map(groupOf).sort()).toEqual(['home', 'isolir']);
  const ids = lines.map(({ subscriptionId }) => subscriptionId);
  hub.time.now = at('2026-11-21', 18);
  await hub.db.worker(tenantId, (tx) => markLines(tx, { tenantId, correlationId: 'x', cause: 'test' }, ids));
  await hub.settle();
  expect((await ask('GET', '/holds')).body.data?.[0]).toMatchObject({
    state: 'waiting',
    lines: { held: 1, spared: 0 },
  });
});
