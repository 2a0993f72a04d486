import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { markLines } from '#access/mark-dirty.ts';
import { provisionTenant } from '#access/provision-tenant.ts';
import { groupName } from '#domain/groups.ts';
import { planGroupRows } from '#domain/radius-groups.ts';
import { appendIntents } from '#outbox/append.ts';
import type { NasAnswer, Session } from '#ports/enforcer/port.ts';
import { addRouter, hold, openSession } from '#test/faults/routers/stage.ts';
import { eventually } from './eventually.ts';
import { createTestHub, type TestHub, type TestLine } from './test-hub.ts';

const ack: NasAnswer = { answer: 'ack', roundTripMs: 1, attempts: 1 };
/** Mbps of the plans, by key. */
const plans = { home: 10, fast: 20, turbo: 50 } as const;
type Plan = keyof typeof plans;
const rateOf = (plan: Plan): string => `${plans[plan]}M/${plans[plan]}M`;

let hub: TestHub;
let tenantId: string;
let line: TestLine;
let session: Session;
/** What the session's router was told in the order in which it took effect there. */
let rates: string[];
let count = 0;

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'));
});
afterAll(() => hub.close());
beforeEach(async () => {
  count += 1;
  rates = [];
  hub.enforcer.onDrop((dropped) => {
    hub.enforcer.endSession(dropped.uniqueId);
    return ack;
  });
  hub.enforcer.onChange((_session, { rateLimit }) => {
    rates.push(rateLimit);
    return ack;
  });
  tenantId = await hub.addTenant();
  await provision();
  line = await hub.addLine(tenantId, `telat${count}`);
  await hub.settle();
  const address = `10.8.0.${count}`;
  await addRouter(hub, tenantId, address, 3799);
  session = openSession(hub.enforcer, line, address);
});

async function provision(): Promise<void> {
  await hub.db.worker(tenantId, async (tx) => {
    await provisionTenant(tx, tenantId, false);
    const intents = (Object.keys(plans) as Plan[]).map((plan) => {
      const kbps = plans[plan] * 1_000;
      const group = groupName(tenantId, { plan });
      return { kind: 'group.apply', group, ...planGroupRows({ downKbps: kbps, upKbps: kbps }) } as const;
    });
    const rest = { subscriptionId: null, generation: 1n, urgency: 0, correlationId: '-' };
    await appendIntents(
      tx,
      tenantId,
      intents.map((intent) => ({ intent, key: intent.group, ...rest })),
    );
  });
  for (const plan of ['fast', 'turbo']) {
    await hub.look(
      `insert into service_plans (id, tenant_id, name, key, down_kbps, up_kbps, price) values ($1, $2, $3, $3, 1, 1, 1)`,
      [randomUUID(), tenantId, plan],
    );
  }
  await hub.settle();
}

async function moveTo(plan: Plan): Promise<void> {
  await hub.look(
    `update subscriptions set service_plan_id = (select id from service_plans where tenant_id = $1 and key = $2)
     where id = $3`,
    [tenantId, plan, line.subscriptionId],
  );
  const mark = { tenantId, correlationId: 'test', cause: 'test' };
  await hub.db.worker(tenantId, (tx) => markLines(tx, mark, [line.subscriptionId]));
}

/** Holds the router's answer to the next CoA, and its effect, until it is told to go on. */
function slowRouter(): () => void {
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const isFirst = { value: true };
  hub.enforcer.onChange(async (_session, { rateLimit }) => {
    if (isFirst.value) {
      isFirst.value = false;
      await gate;
    }
    rates.push(rateLimit);
    return ack;
  });
  return goOn;
}

const told = async (kind: string): Promise<readonly { readonly data: object }[]> =>
  hub.look('select data from timeline where subscription_id = $1 and kind = $2', [line.subscriptionId, kind]);
const nextLook = (): Promise<unknown> =>
  hub.look(`update outbox set next_at = now() where tenant_id = $1 and state = 'ready'`, [tenantId]);

describe('a CoA that something newer overtakes', () => {
  it('R2: its late effect is undone: what stands is told once more', async () => {
    const goOn = slowRouter();
    const before = hub.enforcer.changes.length;
    await moveTo('fast');
    const first = hub.settle();
    await eventually(
      () => hub.enforcer.changes.length,
      (asked) => asked === before + 1,
    );
    await moveTo('turbo');
    await hub.settle();
    expect(rates).toEqual([rateOf('turbo')]);
    goOn();
    await first;
    await nextLook();
    await hub.settle();
    // The danger was real: without the question after the answer the session would have stayed at the second.
    expect(rates).toEqual([rateOf('turbo'), rateOf('fast'), rateOf('turbo')]);
    expect(await told('coa_overtaken')).toHaveLength(1);
  });

  it('R2: a cut goes by Disconnect, and the late answer starts nothing', async () => {
    const goOn = slowRouter();
    const before = hub.enforcer.changes.length;
    await moveTo('fast');
    const first = hub.settle();
    await eventually(
      () => hub.enforcer.changes.length,
      (asked) => asked === before + 1,
    );
    await hold(hub, [line], true);
    await hub.settle();
    expect(await hub.enforcer.isOpen(session.uniqueId)).toMatchObject({ value: false });
    goOn();
    await first;
    await nextLook();
    await hub.settle();
    expect(rates).toEqual([rateOf('fast')]);
    expect(hub.enforcer.drops.filter(({ session: { uniqueId } }) => uniqueId === session.uniqueId)).toHaveLength(1);
  });

  it.each<[string, NasAnswer]>([
    ['refused', { answer: 'nak', errorCause: 501, roundTripMs: 1, attempts: 1 }],
    ['left unanswered', { answer: 'silence', attempts: 5 }],
  ])('R2: one that is %s is followed by a Disconnect', async (_how, answer) => {
    hub.enforcer.onChange(() => answer);
    await moveTo('fast');
    await hub.settle();
    await hub.look(`update nas set next_try_at = null where tenant_id = $1`, [tenantId]);
    await nextLook();
    await hub.settle();
    expect(await told('coa')).toMatchObject([{ data: answer }]);
    expect(await hub.enforcer.isOpen(session.uniqueId)).toMatchObject({ value: false });
  });

  it('an order that was interrupted before its answer is given again', async () => {
    hub.enforcer.onChange((_session, { rateLimit }) => {
      rates.push(rateLimit);
      throw new Error('the process is killed here');
    });
    await moveTo('fast');
    await hub.settle();
    hub.enforcer.onChange((_session, { rateLimit }) => {
      rates.push(rateLimit);
      return ack;
    });
    await hub.look(
      `update outbox set locked_until = now() - interval '1 s' where tenant_id = $1 and state = 'running'`,
      [tenantId],
    );
    await hub.settle();
    expect(rates).toEqual([rateOf('fast'), rateOf('fast')]);
    expect(await told('coa')).toHaveLength(1);
  });
});
