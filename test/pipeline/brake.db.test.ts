import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { advanceHolds } from '#access/advance-holds.ts';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { fixForecast } from '#access/fix-forecast.ts';
import { markLines } from '#access/mark-dirty.ts';
import { planLines } from '#access/plan-lines.ts';
import { safetyRoutes } from '#features/safety/routes.ts';
import { createStore } from '#inbox/store.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { invoiceOf } from '#test/model/race-stage.ts';
import { createTestHub, noon, type TestHub, type TestLine } from './test-hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());

/** An ISP whose lines all owe, and nothing of it is known yet. */
async function debtors(count: number): Promise<{ tenantId: string; lines: readonly TestLine[]; ask: Ask }> {
  const tenantId = await hub.addTenant();
  const lines: TestLine[] = [];
  const mark = randomUUID().slice(0, 6);
  for (let i = 0; i < count; i++) lines.push(await hub.addLine(tenantId, `b${mark}x${i}`));
  await hub.settle();
  for (const line of lines) hub.ledger.put(invoiceOf(line, 150_000n));
  const ask = asCaller(safetyRoutes({ db: hub.db, clock: hub.clock, plan: planLines }), admin(tenantId));
  return { tenantId, lines, ask };
}

/** Has every line looked at with a fresh reading of the ledger, and everything done that follows. */
async function lookAgain(tenantId: string, lines: readonly TestLine[]): Promise<void> {
  hub.time.now += 61_000;
  const ids = lines.map(({ subscriptionId }) => subscriptionId);
  await hub.db.worker(tenantId, (tx) => markLines(tx, { tenantId, correlationId: 'test', cause: 'test' }, ids));
  await announce(lines);
  await hub.look('update dirty_documents set not_before = now()');
  await hub.settle();
}
const announce = async (lines: readonly TestLine[]): Promise<void> => {
  for (const line of lines)
    await createStore(hub.db)(hub.arrival(line.tenantId, 'Sales Invoice', `INV-${line.customer}-1`));
};

const statesOf = async (lines: readonly TestLine[]): Promise<Record<string, number>> => {
  const count: Record<string, number> = {};
  for (const line of lines) {
    const state = (await hub.stateOf(line)) ?? 'none';
    count[state] = (count[state] ?? 0) + 1;
  }
  return count;
};

/** Runs releases and what follows from them until none goes on. */
async function release(): Promise<readonly number[]> {
  const gone: number[] = [];
  for (let moved = 1; moved > 0; ) {
    moved = await advanceHolds(hub.db, hub.clock, async () => undefined);
    await hub.look('update dirty_documents set not_before = now()');
    await hub.settle();
    const [row] = await hub.look<{ n: number }>('select count(*)::int as n from cuts where hold_id is not null');
    gone.push(row?.n ?? 0);
  }
  return gone;
}

describe('more cuts than usual', () => {
  it('B8, P-e: are held beyond the limit, and looking again lets none slip through', async () => {
    const { tenantId, lines, ask } = await debtors(26);
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 20, active: 6 });
    hub.time.now += 2 * 3_600_000;
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 20, active: 6 });
    const online = lines.filter((line) => hub.enforcer.user(line.username)?.group.endsWith(':home'));
    expect(online).toHaveLength(6);
    const { body } = await ask('GET', '/holds');
    expect(body.data?.[0]).toMatchObject({ state: 'waiting', lines: { held: 6 }, evidence: { limit: 20 } });
  });

  it('B8, X3: one call lets them go, 1, then 10, then the rest; taking it back restores exactly those', async () => {
    const { tenantId, lines, ask } = await debtors(34);
    await lookAgain(tenantId, lines);
    const { body } = await ask('GET', '/holds');
    const id = body.data?.[0]?.id;
    expect((await ask('POST', `/holds/${id}/release`)).body).toMatchObject({ state: 'releasing' });
    expect((await ask('POST', `/holds/${id}/release`)).status).toBe(409);
    const before =
      (await hub.look<{ n: number }>('select count(*)::int as n from cuts where hold_id is not null'))[0]?.n ?? 0;
    const gone = (await release()).map((n) => n - before);
    expect([...new Set(gone)].filter((n) => n > 0)).toEqual([1, 11, 14]);
    expect(await statesOf(lines)).toEqual({ isolated: 34 });
    const ended = await ask('GET', '/holds?state=released');
    expect(ended.body.data?.[0]).toMatchObject({ id, lines: { held: 0, cut: 14 } });

    expect((await ask('POST', `/holds/${id}/revert`)).body).toMatchObject({ state: 'waiting', lines: { held: 14 } });
    await hub.settle();
    expect(await statesOf(lines)).toEqual({ isolated: 20, active: 14 });
  });

  it('law 14: whoever pays meanwhile is spared, and a hold that nobody waits in lapses', async () => {
    const { tenantId, lines, ask } = await debtors(22);
    await lookAgain(tenantId, lines);
    for (const line of lines) hub.ledger.put(invoiceOf(line, 0n));
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ active: 22 });
    await release();
    expect((await ask('GET', '/holds')).body.data?.[0]).toMatchObject({ state: 'lapsed', lines: { spared: 2 } });
  });

  it('B8: where two admins are, more than a tenth needs both', async () => {
    const { tenantId, lines } = await debtors(44);
    const people = [randomUUID(), randomUUID()];
    for (const [i, userId] of people.entries()) {
      await hub.look(
        `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'A', 'admin', '-')`,
        [userId, tenantId, `a${i}@x.id`],
      );
    }
    const asks = people.map((userId) =>
      asCaller(safetyRoutes({ db: hub.db, clock: hub.clock, plan: planLines }), { userId, tenantId, role: 'admin' }),
    );
    await lookAgain(tenantId, lines);
    const id = (await asks[0]?.('GET', '/holds'))?.body.data?.[0]?.id;
    const first = await asks[0]?.('POST', `/holds/${id}/release`);
    expect(first).toMatchObject({ status: 409, body: { details: { needs_second_person: true, lines: 24 } } });
    expect((await asks[0]?.('POST', `/holds/${id}/release`))?.status).toBe(409);
    expect(await asks[1]?.('POST', `/holds/${id}/release`)).toMatchObject({
      status: 200,
      body: { state: 'releasing' },
    });
  });

  it('B8: what was forecast 24 h before goes without a person', async () => {
    const { tenantId, lines } = await debtors(26);
    for (const line of lines)
      hub.ledger.put({
        ...invoiceOf(line, 150_000n),
        dueDate: '2027-03-20',
        terms: [{ dueDate: '2027-03-20', amount: 150_000n }],
      });
    hub.time.now = noon('2027-03-18');
    await lookAgain(tenantId, lines);
    for (let hour = 0; hour < 24; hour++) {
      const due = new Date(noon('2027-03-19') + hour * 3_600_000);
      await fixForecast(hub.db, tenantId, due, due.getTime());
    }
    hub.time.now = noon('2027-03-20') + 12 * 3_600_000 + 90_000;
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 26 });
  });

  it('B8: workers side by side do not spend one allowance twice', async () => {
    const { tenantId, lines } = await debtors(30);
    hub.time.now += 61_000;
    await announce(lines);
    await hub.steps.consume();
    await hub.look('update ledger_readings set started_at = $2 where tenant_id = $1', [
      tenantId,
      new Date(hub.time.now),
    ]);
    for (const half of [lines.slice(0, 15), lines.slice(15)]) {
      const ids = half.map(({ subscriptionId }) => subscriptionId);
      await hub.db.worker(tenantId, (tx) => markLines(tx, { tenantId, correlationId: 't', cause: 't' }, ids));
    }
    await Promise.all([1, 2, 3].map(() => decideDirtyLines(hub.db, hub.clock, null, () => undefined)));
    await hub.settle();
    expect((await statesOf(lines)).isolated).toBe(20);
  });
});

describe('the kill switch', () => {
  it('B8: stops cuts and nothing else; turned off, they are decided afresh', async () => {
    const { tenantId, lines, ask } = await debtors(3);
    await ask('PUT', '/kill-switch', { on: true, reason: 'uji' });
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ active: 3 });
    await ask('PUT', '/kill-switch', { on: false, reason: 'selesai' });
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 3 });
    await ask('PUT', '/kill-switch', { on: true, reason: 'uji' });
    for (const line of lines) hub.ledger.put(invoiceOf(line, 0n));
    await lookAgain(tenantId, lines);
    expect(lines.map((line) => hub.enforcer.user(line.username)?.group.split(':')[1])).toEqual([
      'home',
      'home',
      'home',
    ]);
  });

  it('B8: the installation’s stops the cuts of every tenant', async () => {
    const { tenantId, lines, ask } = await debtors(2);
    const owner = asCaller(safetyRoutes({ db: hub.db, clock: hub.clock, plan: planLines }), {
      userId: randomUUID(),
      tenantId: null,
      role: 'platform_owner',
    });
    const turned = await owner('PUT', '/kill-switch/installation', { on: true, reason: 'cadangan' });
    expect(turned.status).toBe(200);
    await lookAgain(tenantId, lines);
    expect(lines.map((line) => hub.enforcer.user(line.username)?.group.split(':')[1])).toEqual(['home', 'home']);
    expect((await ask('GET', '/kill-switch')).body).toMatchObject({ on: true, installation: { reason: 'cadangan' } });
    await owner('PUT', '/kill-switch/installation', { on: false, reason: 'selesai' });
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 2 });
  });

  it('B8: a cut that was decided before it was turned on does not reach RADIUS', async () => {
    const { tenantId, lines, ask } = await debtors(1);
    const [line] = lines;
    await lookAgain(tenantId, lines);
    expect(await statesOf(lines)).toEqual({ isolated: 1 });
    for (const one of lines) hub.ledger.put(invoiceOf(one, 0n));
    await lookAgain(tenantId, lines);
    await ask('PUT', '/kill-switch', { on: true, reason: 'uji' });
    await hub.look(
      `insert into outbox (tenant_id, kind, key, subscription_id, intent, generation, urgency, correlation_id)
       select tenant_id, kind, key, subscription_id, intent, generation + 1000000, urgency, correlation_id from outbox
       where subscription_id = $1 and kind = 'access.apply' and intent -> 'desired' ->> 'state' = 'isolated'`,
      [line?.subscriptionId],
    );
    await hub.steps.dispatch();
    expect(hub.enforcer.user(line?.username ?? '')?.group).toContain(':home');
    const [waiting] = await hub.look<{ error: string }>(
      `select error from outbox where subscription_id = $1 and kind = 'access.apply' and state = 'ready'`,
      [line?.subscriptionId],
    );
    expect(waiting?.error).toContain('kill switch');
    await hub.look(`update outbox set state = 'superseded' where state = 'ready'`);
  });
});
