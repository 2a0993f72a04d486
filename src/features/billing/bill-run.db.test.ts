import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { atOnce } from '#test/features/at-once.ts';
import { openTill, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { runBills } from './bill-run.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const zone = 'Asia/Jakarta';
/** A moment by the clocks of Jakarta, such as `2025-03-01T00:01`. */
const at = (moment: string): number => Date.parse(`${moment}:00+07:00`);

const run = ({ tenant }: Till, moment: string, db: Database = bridge.db, together = 500): Promise<number> =>
  runBills(db, { tenantId: tenant.id, correlationId: '-', zone, now: at(moment), together });

type Bill = Readonly<Record<string, unknown>>;
const billsOf = ({ tenant }: Till): Promise<readonly Bill[]> =>
  bridge.look<Bill>(
    `select number, reason, period_from, period_to, due_date, total::int, settled::int, subscription_id
     from invoices where tenant_id = $1 order by serial`,
    [tenant.id],
  );
const set = ({ tenant }: Till, line: string, facts: string): Promise<unknown> =>
  bridge.look(`update subscriptions set ${facts} where tenant_id = $1 and id = $2`, [tenant.id, line]);

/** Fails at its n-th transaction, as a process that is killed there. */
const dyingAt = (n: number): Database => {
  let count = 0;
  return {
    ...bridge.db,
    worker: (tenantId, work) =>
      bridge.db.worker(tenantId, async (tx) => {
        const answer = await work(tx);
        count += 1;
        if (count === n) throw new Error('killed');
        return answer;
      }),
  };
};

/** What asks for the customers' locks gets none. */
const noLocks: KyselyPlugin = {
  transformQuery: ({ node }) =>
    node.kind === 'RawNode'
      ? { ...node, sqlFragments: node.sqlFragments.map((text) => text.replace('for no key update', '')) }
      : node,
  transformResult: async ({ result }) => result,
};
const unlocked = ({ db }: TestBridge): Database => ({
  ...db,
  worker: (tenantId, work) => db.worker(tenantId, (tx) => work(tx.withPlugin(noLocks))),
});

/** Two runs that have both looked whom to bill before either writes: how many ended well, and the bills there are. */
async function together(on: TestBridge, db: Database): Promise<{ ended: number; bills: number }> {
  const till = await openTill(on);
  const { id } = till.tenant;
  for (let n = 0; n < 3; n += 1) await till.payer();
  await on.look(`insert into counters (tenant_id, name, value) values ($1, 'invoice 2025', 0)`, [id]);
  const held = { sql: 'select from counters where tenant_id = $1 for update', values: [id] };
  const begin = () => run(till, '2025-03-01T00:01', db);
  const ends = await atOnce(on, held, [begin, begin]);
  const count = await on.look<{ n: number }>('select count(*)::int as n from invoices where tenant_id = $1', [id]);
  return { ended: ends.filter(({ status }) => status === 'fulfilled').length, bills: count[0]?.n ?? 0 };
}

describe('the bill run', () => {
  it('L2: two runs at once bill each line once, as one', async () => {
    expect(await together(bridge, bridge.db)).toEqual({ ended: 2, bills: 3 });
  });

  it('L2: control: without the customers’ locks only the period’s own key stops the second; without it all is billed twice', async () => {
    expect(await together(bridge, unlocked(bridge))).toEqual({ ended: 1, bills: 3 });
    const keyless = await createTestBridge(inject('postgresUrl'));
    try {
      await keyless.look('drop index invoices_period');
      expect(await together(keyless, unlocked(keyless))).toEqual({ ended: 2, bills: 6 });
    } finally {
      await keyless.close();
    }
  });

  it('L2, R5: a postpaid month is billed on the 1st with tax, due on the 20th, once however often it is begun', async () => {
    const till = await openTill(bridge, { tax: { enabled: true, inclusive: true } });
    const { line } = await till.payer();
    expect(await run(till, '2025-02-28T23:59')).toBe(0);
    expect(await run(till, '2025-03-01T00:01')).toBe(1);
    expect(await run(till, '2025-03-01T00:01')).toBe(0);
    const february = {
      ...{ number: 'INV-2025-000001', reason: 'first', subscription_id: line },
      ...{ period_from: '2025-02-01', period_to: '2025-02-28', due_date: '2025-03-20', total: 150_000 },
    };
    expect(await billsOf(till)).toEqual([{ ...february, settled: 0 }]);
    expect(await run(till, '2025-05-02T09:00')).toBe(2);
    expect((await billsOf(till)).map(({ period_from }) => period_from)).toEqual([
      '2025-02-01',
      '2025-03-01',
      '2025-04-01',
    ]);
  });

  it('L2: credit that a customer has pays the new bill at once', async () => {
    const till = await openTill(bridge);
    const budi = await till.payer();
    expect((await till.paid(budi, 200_000)).status).toBe(201);
    await run(till, '2025-03-01T00:01');
    await run(till, '2025-04-01T00:01');
    expect((await billsOf(till)).map(({ settled }) => settled)).toEqual([150_000, 50_000]);
  });

  it('R4, C9: nobody is billed who is held, ended, on vouchers, never served, or of another ledger', async () => {
    const till = await openTill(bridge);
    const facts = ['suspended_at = now()', 'terminated_at = now()', 'valid_until = now()', 'activated_at = null'];
    for (const fact of facts) await set(till, (await till.payer()).line, fact);
    const elsewhere = await till.payer();
    await bridge.look(`update customers set erp_customer = 'CUST-1' where id = $1`, [elsewhere.id]);
    expect(await run(till, '2025-03-01T00:01')).toBe(0);
    const none = await openTill(bridge, { bills_from: null });
    await none.payer();
    expect(await run(none, '2025-03-01T00:01')).toBe(0);
  });

  it('R4: a prepaid month is billed 7 days ahead; who paid the first bill late has the days that it names', async () => {
    const till = await openTill(bridge);
    const { line } = await till.payer({ billing_mode: 'prepaid', due_date: 10 });
    expect(await billsOf(till)).toMatchObject([
      { reason: 'first', period_from: '2025-02-01', period_to: '2025-02-09', due_date: '2025-02-08', total: 43_548 },
    ]);
    expect(await run(till, '2025-02-03T00:01')).toBe(0);
    await set(till, line, `activated_at = '2025-02-05T12:00:00+07'`);
    expect(await run(till, '2025-02-06T00:01')).toBe(0);
    expect(await run(till, '2025-02-07T00:01')).toBe(1);
    expect((await billsOf(till))[1]).toMatchObject({
      ...{ reason: 'period', period_from: '2025-02-14', period_to: '2025-03-09', due_date: '2025-02-14' },
    });
  });

  it('L2, REL-19: runs beside each other, and one that is killed, bill each line once, with numbers without a gap', async () => {
    const till = await openTill(bridge);
    for (let n = 0; n < 8; n += 1) await till.payer();
    await expect(run(till, '2025-03-01T00:01', dyingAt(2), 3)).rejects.toThrow('killed');
    expect(await billsOf(till)).toHaveLength(3);
    await Promise.all(Array.from({ length: 5 }, () => run(till, '2025-03-01T00:01', bridge.db, 3)));
    const bills = await billsOf(till);
    expect(new Set(bills.map(({ subscription_id }) => subscription_id)).size).toBe(8);
    expect(bills.map(({ number }) => number)).toEqual(
      Array.from({ length: 8 }, (_, n) => `INV-2025-${String(n + 1).padStart(6, '0')}`),
    );
  });
});
