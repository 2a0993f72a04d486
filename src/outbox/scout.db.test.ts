import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import type { IntentKind } from '#domain/intents.ts';
import { addTenant, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { lanes } from './dispatch.ts';
import { createScout } from './scout.ts';

const kinds = lanes.flatMap((lane) => lane.kinds);

let bridge: TestBridge;
let tenant: TestTenant;
let looks = 0;
/** The bridge, with its claims counted. */
let counted: Database;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge);
  counted = {
    ...bridge.db,
    claim: (work) => {
      looks += 1;
      return bridge.db.claim(work);
    },
  };
});
afterAll(() => bridge.close());
beforeEach(async () => {
  await bridge.look('delete from outbox');
  looks = 0;
});

const add = (kind: IntentKind, more = `'ready', now(), null`): Promise<unknown> =>
  bridge.look(
    `insert into outbox (tenant_id, kind, key, intent, generation, urgency, correlation_id, state, next_at, locked_until)
     values ($1, $2, 'k', '{}', 1, 1, '-', ${more})`,
    [tenant.id, kind],
  );

const dueOf = async (db: Database): Promise<readonly string[]> => {
  const scout = createScout(db, kinds);
  const due = await Promise.all(lanes.map((lane) => scout(lane.kinds)));
  return lanes.filter((_, i) => due[i]).map(({ name }) => name);
};

describe('whoever looks for all lanes', () => {
  it('finds what is ready and due, and what a dead worker left behind, each in its lane', async () => {
    await add('nas.apply');
    await add('message.send', `'running', now(), now() - interval '1 s'`);
    expect(await dueOf(bridge.db)).toEqual(['rows', 'messages']);
  });

  it('finds nothing in what waits, is under way, or is done', async () => {
    await add('nas.apply', `'ready', now() + interval '1 minute', null`);
    await add('tenant.remove', `'running', now(), now() + interval '1 minute'`);
    await add('webhook.deliver', `'done', now(), null`);
    expect(await dueOf(bridge.db)).toEqual([]);
  });

  it('asks once for those that ask in one turn', async () => {
    await dueOf(counted);
    expect(looks).toBe(1);
  });

  it('law 6: tells who asks during a look what was committed since it began', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const scout = createScout(
      {
        ...counted,
        claim: async (work) => {
          const found = await counted.claim(work);
          if (looks === 1) await gate;
          return found;
        },
      },
      kinds,
    );
    const first = scout(['nas.apply']);
    while (looks === 0) await turn();
    await add('nas.apply');
    const second = scout(['nas.apply']);
    expect(await second).toBe(true);
    open();
    // The one before may not have seen it; it did not keep the other waiting.
    await first;
    expect(looks).toBe(2);
  });

  it('asks again after a failure', async () => {
    let fails = true;
    const scout = createScout(
      { ...counted, claim: (work) => (fails ? Promise.reject(new Error('away')) : counted.claim(work)) },
      kinds,
    );
    await expect(scout(['nas.apply'])).rejects.toThrow('away');
    fails = false;
    expect(await scout(['nas.apply'])).toBe(false);
  });
});
