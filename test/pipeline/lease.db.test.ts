import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer, UserAccess } from '#ports/enforcer/port.ts';
import { createTestHub, type TestHub } from './test-hub.ts';

const fake = createFakeEnforcer();
const applied: string[] = [];
let waitMs = 0;
const slow: Enforcer = {
  ...fake,
  applyUsers: async (users: readonly UserAccess[]) => {
    applied.push(...users.map(({ username }) => username));
    await sleep(waitMs);
    return fake.applyUsers(users);
  },
};

let hub: TestHub;
let tenantId: string;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'), { enforcer: slow });
  tenantId = await hub.addTenant();
});
afterAll(() => hub.close());

it('REL-21: work that outlasts its lease is done once, because its owner lives', async () => {
  const line = await hub.addLine(tenantId, 'lama1');
  await hub.steps.decide();
  waitMs = 2.5 * hub.dispatching.leaseMs;
  const first = hub.steps.dispatch();
  while (!applied.includes(line.username)) await sleep(20);
  const until = performance.now() + 2 * hub.dispatching.leaseMs;
  while (performance.now() < until) {
    await hub.steps.dispatch();
    await sleep(100);
  }
  await first;
  expect(applied.filter((username) => username === line.username)).toHaveLength(1);
  expect(fake.user(line.username)?.group).toContain('home');
});

it('REL-21: what a dead worker left is taken up when its lease has ended, not before', async () => {
  const line = await hub.addLine(tenantId, 'mati1');
  await hub.steps.decide();
  waitMs = 0;
  await hub.look(
    `update outbox set state = 'running', attempts = 1, locked_until = now() + interval '1 second' where subscription_id = $1`,
    [line.subscriptionId],
  );
  await hub.steps.dispatch();
  expect(applied).not.toContain(line.username);
  await sleep(1_100);
  await hub.steps.dispatch();
  expect(applied).toContain(line.username);
});

it('REL-22: whoever lost the lease while it was paused tells nothing and sends nobody away; its successor does, once', async () => {
  const line = await hub.addLine(tenantId, 'jeda1');
  await hub.steps.decide();
  const told = () =>
    hub.look(
      `select 1 from timeline where kind = 'rows' and subscription_id = $1
       union all select 1 from outbox where kind = 'sessions.drop' and subscription_id = $1`,
      [line.subscriptionId],
    );
  waitMs = 500;
  const paused = hub.steps.dispatch();
  while (!applied.includes(line.username)) await sleep(20);
  // As another's claim leaves it.
  await hub.look(`update outbox set attempts = attempts + 1 where subscription_id = $1 and state = 'running'`, [
    line.subscriptionId,
  ]);
  await paused;
  expect(await told()).toHaveLength(0);
  waitMs = 0;
  await hub.look(`update outbox set locked_until = now() - interval '1 s' where subscription_id = $1`, [
    line.subscriptionId,
  ]);
  await hub.steps.dispatch();
  // A line that is served for the first time keeps its sessions.
  expect(await told()).toHaveLength(1);
});
