import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { planGroupRows } from '#domain/radius-groups.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import { createTestHub, type TestHub, type TestLine } from './test-hub.ts';

const fake = createFakeEnforcer();
/** No group reaches it: each group's own intent is still to be tried. */
const withoutGroups: Enforcer = {
  ...fake,
  applyGroup: async () => ({ ok: false, error: { reason: 'unreachable', detail: 'not yet' } }),
};
const rows = planGroupRows({ downKbps: 10_000, upKbps: 2_000 });

let hub: TestHub;
let tenantId: string;
beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'), { enforcer: withoutGroups });
  tenantId = await hub.addTenant();
});
afterAll(() => hub.close());

type Waiting = { state: string; error: string | null; wait_s: number };
const intentOf = async ({ subscriptionId }: TestLine): Promise<Waiting | undefined> =>
  (
    await hub.look<Waiting>(
      `select state, error, extract(epoch from next_at - now())::float as wait_s from outbox
       where kind = 'access.apply' and subscription_id = $1`,
      [subscriptionId],
    )
  )[0];

/** As after a long outage: the users' intents have been tried often, and are tried again before their group's. */
const afterAnOutage = (): Promise<unknown> =>
  hub.look(`update outbox set attempts = 5, next_at = now() where kind = 'access.apply' and state = 'ready'`);

it('law 7, B10: a user that is tried before its group waits for it, however often it was tried', async () => {
  const line = await hub.addLine(tenantId, 'dini1');
  await hub.steps.decide();
  for (let tries = 0; tries < 3; tries++) {
    await afterAnOutage();
    await hub.steps.dispatch();
    expect(await intentOf(line)).toMatchObject({ state: 'ready', error: expect.stringContaining('no reply rows') });
  }
  expect((await intentOf(line))?.wait_s).toBeLessThan(15);

  await fake.applyGroup({ group: groupName(tenantId, { plan: 'home' }), generation: 0n, ...rows });
  await afterAnOutage();
  await hub.steps.dispatch();
  expect(fake.user(line.username)?.group).toBe(groupName(tenantId, { plan: 'home' }));
  const applied = await hub.look(
    'select 1 from access where subscription_id = $1 and applied_generation = generation',
    [line.subscriptionId],
  );
  expect(applied).toHaveLength(1);
});

it('P29: beside a user that is refused for good, only that one is given up', async () => {
  const other = await hub.addTenant();
  const group = groupName(tenantId, { plan: 'home' });
  await fake.applyUsers([{ username: 'orang9', generation: 0n, group, password: 'x', mac: null, reply: [] }]);
  const stolen = await hub.addLine(other, 'orang9');
  const early = await hub.addLine(other, 'dini9');
  await hub.steps.decide();
  await afterAnOutage();
  await hub.steps.dispatch();
  expect((await intentOf(stolen))?.state).toBe('dead');
  expect((await intentOf(early))?.state).toBe('ready');
});
