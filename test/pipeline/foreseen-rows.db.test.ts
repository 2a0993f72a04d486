import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { decideWithin } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { createStore } from '#inbox/store.ts';
import type { Handing } from '#outbox/append.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { BegunUsers, Enforcer, UserAccess } from '#ports/enforcer/port.ts';
import { lateBill } from './late-bill.ts';
import { createTestHub, noon, type TestHub, type TestLine } from './test-hub.ts';

const fake = createFakeEnforcer();
const noted: string[] = [];
/** Writes at the commit; a test that shows what happens without it has it write at the beginning. */
let isRash = false;
const begin = ([user]: readonly UserAccess[]): BegunUsers => {
  const write = () => fake.applyUsers(user ? [user] : []);
  noted.push('begun');
  const early = isRash ? write() : null;
  return {
    commit: () => {
      noted.push('committed');
      return early ?? write();
    },
    undo: () => void noted.push('taken back'),
  };
};
const enforcer: Enforcer = {
  ...fake,
  applyUsers: (users) => {
    noted.push('written');
    return fake.applyUsers(users);
  },
  beginUsers: begin,
};

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let count = 0;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'), { enforcer });
});
afterAll(() => hub.close());
beforeEach(async () => {
  count += 1;
  isRash = false;
  tenantId = await hub.addTenant();
  line = await hub.addLine(tenantId, `dulu${count}`);
  await hub.settle();
  hub.time.now = noon('2026-11-22');
  noted.length = 0;
});

async function owes(outstanding: bigint): Promise<void> {
  hub.ledger.put(lateBill(line, { outstanding }));
  await createStore(hub.db)(hub.arrival(tenantId, 'Sales Invoice', `INV-${line.customer}`));
  await hub.settle();
}
const group = (): string | undefined => fake.user(line.username)?.group.split(':')[1];
const mac = (): string | null | undefined => fake.user(line.username)?.mac;

/** The line's modem is another one; its rows are begun, and its transaction ends as `end` does. */
const changeModem = (end: () => void) =>
  hub.db.worker(tenantId, async (tx) => {
    await tx
      .updateTable('subscriptions')
      .set({ mac: '4C:5E:0C:AA:BB:01' })
      .where('id', '=', line.subscriptionId)
      .execute();
    await markLines(tx, { tenantId, correlationId: 'c', cause: 'a test' }, [line.subscriptionId]);
    const handing = hub.dispatching.handing as Handing;
    const saved = await decideWithin(tx, tenantId, [line.subscriptionId], hub.time.now, handing);
    await expect.poll(() => noted, { timeout: 20_000 }).toEqual(['begun']);
    end();
    return saved;
  });

const fails = (): never => {
  throw new Error('the bridge is away');
};

describe('rows that are written while a decision is being committed', () => {
  it('law 5, B4: whoever has paid comes back by them, and they are written once', async () => {
    await owes(150_000n);
    expect(group()).toBe('isolir');
    noted.length = 0;
    await owes(0n);
    expect([group(), noted]).toEqual(['home', ['begun', 'committed']]);
  });

  it('B8: a cut is not begun: whether it may go out is asked when its turn comes', async () => {
    await owes(150_000n);
    expect([group(), noted]).toEqual(['isolir', ['written']]);
  });

  it('law 5: they stand when the decision does, and not before', async () => {
    const saved = await changeModem(() => expect(mac()).toBeNull());
    expect(mac()).toBeNull();
    if (saved) hub.dispatching.handing?.take(saved);
    await expect.poll(mac, { timeout: 20_000 }).toBe('4C:5E:0C:AA:BB:01');
    expect(noted).toEqual(['begun', 'committed']);
  });

  it('law 5: of a decision that was rolled back nothing stands, and what was begun is taken back', async () => {
    await expect(changeModem(fails)).rejects.toThrow('the bridge is away');
    await expect.poll(() => noted, { timeout: 20_000 }).toEqual(['begun', 'taken back']);
    expect(mac()).toBeNull();
    await hub.settle();
    expect(mac()).toBeNull();
  });

  it('control: written at once, they stand though the decision was rolled back', async () => {
    isRash = true;
    await expect(changeModem(fails)).rejects.toThrow('the bridge is away');
    await expect.poll(mac, { timeout: 20_000 }).toBe('4C:5E:0C:AA:BB:01');
  });
});
