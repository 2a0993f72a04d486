import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { instantAt } from '#domain/local-time.ts';
import { createStore } from '#inbox/store.ts';
import { lateBill } from './late-bill.ts';
import { createTestHub, noon, type TestHub, type TestLine, zone } from './test-hub.ts';

let hub: TestHub;
let tenantId: string;
let number = 0;

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
  tenantId = await hub.addTenant();
});
afterAll(() => hub.close());

async function newLine(): Promise<TestLine> {
  hub.time.now = noon('2026-11-15');
  hub.ledger.fail(null);
  hub.enforcer.recover();
  number += 1;
  const line = await hub.addLine(tenantId, `cust${number}`);
  await hub.settle();
  return line;
}

async function announce(line: TestLine, doctype = 'Sales Invoice', name = `INV-${line.customer}`): Promise<void> {
  await createStore(hub.db)(hub.arrival(line.tenantId, doctype, name));
}

const groupAt = (line: TestLine): string | undefined => hub.enforcer.user(line.username)?.group.split(':')[1];

describe('the main job', () => {
  it('P25: a registered line exists at the enforcer, in its plan', async () => {
    const line = await newLine();
    expect([await hub.stateOf(line), groupAt(line)]).toEqual(['active', 'home']);
    expect(hub.enforcer.user(line.username)?.password).toBe('rahasia1');
  });

  it('B3, R5: an unpaid bill moves the line into the walled garden at 00:01 of the 21st, by the clock alone', async () => {
    const line = await newLine();
    hub.ledger.put(lateBill(line));
    await announce(line);
    await hub.settle();
    expect(groupAt(line)).toBe('home');
    hub.time.now = instantAt('2026-11-21', 0, 1, zone) - 1;
    await hub.settle();
    expect(groupAt(line)).toBe('home');
    hub.time.now += 1;
    await hub.settle();
    expect([await hub.stateOf(line), groupAt(line)]).toEqual(['isolated', 'isolir']);
  });

  it('P27, P25: the bill is paid, and the line is back in its plan', async () => {
    const line = await newLine();
    hub.time.now = noon('2026-11-22');
    hub.ledger.put(lateBill(line));
    await announce(line);
    await hub.settle();
    expect(groupAt(line)).toBe('isolir');
    hub.ledger.put(lateBill(line, { outstanding: 0n }));
    await announce(line);
    await hub.settle();
    expect([await hub.stateOf(line), groupAt(line)]).toEqual(['active', 'home']);
  });

  it('law 3: while the ledger is out of reach nobody is cut, and it is caught up with afterwards', async () => {
    const line = await newLine();
    hub.ledger.put(lateBill(line));
    await announce(line);
    await hub.settle();
    hub.time.now = noon('2026-11-22');
    for (const reason of ['unreachable', 'unauthorized', 'nonsense'] as const) {
      hub.ledger.fail({ reason, detail: 'away' });
      await hub.settle();
      expect(groupAt(line)).toBe('home');
    }
    const [waiting] = await hub.look<{ error: string }>('select error from dirty_documents where name = $1', [
      line.customer,
    ]);
    expect(waiting?.error).toContain('away');
    hub.ledger.fail(null);
    await hub.look(`update dirty_documents set not_before = now(), locked_until = null`);
    await hub.settle();
    expect(groupAt(line)).toBe('isolir');
  });

  it('P29: with RADIUS away the rows wait, visibly, and are written when it is back', async () => {
    const line = await newLine();
    hub.enforcer.fail({ reason: 'unreachable', detail: 'connect ECONNREFUSED' });
    hub.time.now = noon('2026-11-22');
    hub.ledger.put(lateBill(line));
    await announce(line);
    await hub.settle();
    expect([await hub.stateOf(line), groupAt(line)]).toEqual(['isolated', 'home']);
    const [waiting] = await hub.look<{ state: string; error: string }>(
      `select state, error from outbox where subscription_id = $1 and kind = 'access.apply' order by id desc limit 1`,
      [line.subscriptionId],
    );
    expect(waiting).toEqual({ state: 'ready', error: 'connect ECONNREFUSED' });
    hub.enforcer.recover();
    await hub.look(`update outbox set next_at = now() where state = 'ready'`);
    await hub.settle();
    expect(groupAt(line)).toBe('isolir');
  });

  it('B2: the same delivery ten times and a hundred times at once is one row and one look (REL-4)', async () => {
    const line = await newLine();
    hub.ledger.put(lateBill(line));
    const store = createStore(hub.db);
    const same = hub.arrival(tenantId, 'Sales Invoice', `INV-${line.customer}`, `same ${line.customer}`);
    const before = hub.ledger.calls('fetch');
    const answers = [];
    for (let i = 0; i < 10; i++) answers.push(await store(same));
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => store(same)))));
    expect(answers.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1);
    await hub.settle();
    expect(hub.ledger.calls('fetch') - before).toBe(1);
  });

  it('law 1: what a delivery says decides nothing; the ledger does', async () => {
    const line = await newLine();
    hub.time.now = noon('2026-11-22');
    hub.ledger.put(lateBill(line, { outstanding: 0n }));
    await createStore(hub.db)({
      ...hub.arrival(tenantId, 'Sales Invoice', `INV-${line.customer}`),
      raw: Buffer.from('{"status":"Overdue","outstanding_amount":50.0}'),
    });
    await hub.settle();
    expect(groupAt(line)).toBe('home');
  });

  it('B3: a payment that is taken back settles for five minutes before it cuts', async () => {
    const line = await newLine();
    hub.time.now = noon('2026-11-22');
    hub.ledger.put(lateBill(line, { outstanding: 0n }));
    await announce(line);
    await hub.settle();
    hub.ledger.put(lateBill(line));
    await announce(line);
    await hub.settle();
    expect(groupAt(line)).toBe('home');
    hub.time.now += 300_000;
    await hub.settle();
    expect(groupAt(line)).toBe('isolir');
  });

  it('T2: a deactivated tenant is not worked on, and nobody of it is cut', async () => {
    const other = await hub.addTenant();
    const line = await hub.addLine(other, 'orang1');
    await hub.settle();
    hub.ledger.put(lateBill(line));
    hub.time.now = noon('2026-11-22');
    await announce(line);
    await hub.look('update tenants set is_active = false where id = $1', [other]);
    await hub.settle();
    expect(groupAt(line)).toBe('home');
    await hub.look('update tenants set is_active = true where id = $1', [other]);
    await hub.settle();
    expect(groupAt(line)).toBe('isolir');
  });

  it('B6: the timeline tells the way from the ledger to the rows, under one correlation id', async () => {
    const line = await newLine();
    hub.time.now = noon('2026-11-22');
    hub.ledger.put(lateBill(line));
    await createStore(hub.db)(hub.arrival(tenantId, 'Sales Invoice', `INV-${line.customer}`, `corr ${line.customer}`));
    await hub.settle();
    const rows = await hub.look<{ kind: string }>(
      'select kind from timeline where subscription_id = $1 and correlation_id = $2 order by id',
      [line.subscriptionId, `corr ${line.customer}`],
    );
    expect(rows.map((row) => row.kind)).toEqual(['ledger', 'decision', 'rows']);
  });
});
