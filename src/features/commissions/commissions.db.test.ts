import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { post } from '#features/billing/verbs.ts';
import { creditDeposit } from '#features/deposits/verbs.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { claimIntents } from '#outbox/claim.ts';
import { dispatchCommission } from '#outbox/dispatch-commission.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createLog } from '#platform/log.ts';
import { openTill, type Payer, type Till } from '#test/features/till.ts';
import { type Call, callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { commissionsRoutes } from './routes.ts';

let bridge: TestBridge;
let till: Till;
let reseller: string;
let payers: readonly Payer[];

const dayMs = 86_400_000;
const boom = new Error('the process died');
const paying = { post, creditDeposit };
const roomAs = (role: string, userId?: string, deps = paying): Call =>
  callAs(commissionsRoutes({ db: bridge.db, clock: () => till.time.now, paying: deps }), till.tenant, role, userId);
const room: Call = (...args) => roomAs('admin')(...args);
const other: Call = (...args) => roomAs('finance', randomUUID())(...args);

async function addReseller(): Promise<string> {
  const sql = 'insert into resellers (tenant_id, name) values ($1, $2) returning id';
  const [row] = await bridge.look<{ id: string }>(sql, [till.tenant.id, randomUUID()]);
  return row?.id ?? '';
}
async function payerOf(id: string): Promise<Payer> {
  const payer = await till.payer();
  await bridge.look('update customers set reseller_id = $2 where id = $1', [payer.id, id]);
  return payer;
}
const addRule = (body: object) => room('POST', '/commission-rules', { occasion: 'every', kind: 'percent', ...body });

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  till = await openTill(bridge, { tax: { enabled: true, inclusive: true } });
  reseller = await addReseller();
  payers = await Promise.all(Array.from({ length: 6 }, () => payerOf(reseller)));
});
afterAll(() => bridge.close());

/** Carries what waits in the lane; `dies`: each is begun, and its process is killed before the commit. */
async function carry({
  dies = false,
  twice = false,
  settle = createSettleCommission(() => till.time.now),
} = {}): Promise<void> {
  const dispatching = {
    ...{ db: bridge.db, log: createLog('silent') },
    settleCommission: async (...args: Parameters<typeof settle>) => {
      await settle(...args);
      if (dies) throw boom;
    },
  } as unknown as Dispatching; // Commissions use no more of it.
  await bridge.look(
    `update outbox set locked_until = now() - interval '1 s' where kind = 'commission.settle' and state = 'running'`,
  );
  const claimed = await claimIntents(bridge.db, ['commission.settle'], 60_000, 100);
  const work = [...claimed, ...(twice ? claimed : [])].map(async (one) => {
    if (one.intent.kind !== 'commission.settle') return;
    await dispatchCommission(dispatching, one, one.intent).catch((error: unknown) => {
      if (error !== boom) throw error;
    });
  });
  await Promise.all(work);
}

const rowsOf = async (id = reseller) =>
  (await room('GET', `/commissions?reseller_id=${id}&page_size=100`)).body.data as Record<string, unknown>[];
const amountsOf = async (id: string) => (await rowsOf(id)).map(({ amount }) => amount).reverse();
const paidFor = async (payer: Payer, bill: number, amount = bill): Promise<string> => {
  await till.billed(payer, bill);
  return String((await till.paid(payer, amount)).body.id);
};
const reverse = (id: string) => till.billing('POST', `/payments/${id}/reverse`, { reason: 'salah' });

describe('commission (spec S3)', () => {
  it('S3: is earned when the money is in, by the most particular rule, without tax, first and then recurring', async () => {
    const [own, theirs] = [await addReseller(), await addReseller()];
    await addRule({ occasion: 'recurring', value: 500, reseller_id: own });
    await addRule({ occasion: 'first', kind: 'fixed', value: 20_000, reseller_id: own });
    await addRule({ value: 100, reseller_id: theirs });
    const [budi, siti] = [await payerOf(own), await payerOf(theirs)];
    await paidFor(budi, 111_000);
    await paidFor(budi, 111_000);
    await paidFor(siti, 111_000);
    await carry({ twice: true });
    await carry();
    // Both came in before anybody looked: they are of one moment.
    expect(new Set(await amountsOf(own))).toEqual(new Set([20_000, 5_000]));
    expect(await amountsOf(theirs)).toEqual([1_000]);
    expect((await rowsOf(own))[0]).toMatchObject({ base: 100_000, customer_id: budi.id, paid: false });
    const seen = await roomAs('reseller', own)('GET', '/reseller/commissions');
    expect(seen.body).toMatchObject({ total: 2 });
    const sums = await roomAs('reseller', own)('GET', '/reseller/commissions/summary');
    expect(sums.body).toMatchObject({ owed: 25_000, paid: 0, this_month: 25_000 });
    expect(sums.body.months).toHaveLength(12);
    expect((await room('GET', '/reseller/commissions')).status).toBe(403);
  });

  it('S3: what is reversed is taken back, also after it was paid out: from the next payout', async () => {
    const own = await addReseller();
    await addRule({ value: 1_000, reseller_id: own });
    const budi = await payerOf(own);
    const first = await paidFor(budi, 111_000);
    await carry();
    const until = '2025-02-01';
    const made = (await room('POST', '/commission-payouts', { until, reseller_id: own })).body.data as { id: string }[];
    const path = `/commission-payouts/${made[0]?.id}`;
    expect((await room('POST', `${path}/pay`, { method: 'cash' })).status).toBe(409);
    await room('POST', `${path}/approve`);
    expect((await room('POST', `${path}/pay`, { method: 'deposit' })).body).toMatchObject({
      state: 'paid',
      amount: 10_000,
    });
    const [deposit] = await bridge.look<{ balance: string }>('select balance from deposits where reseller_id = $1', [
      own,
    ]);
    expect(Number(deposit?.balance)).toBe(10_000);
    expect((await reverse(first)).status).toBe(200);
    till.time.now += dayMs;
    await carry();
    till.time.now -= dayMs;
    expect(await amountsOf(own)).toEqual([10_000, -10_000]);
    expect((await room('POST', '/commission-payouts', { until, reseller_id: own })).body.data).toEqual([]);
    await till.paid(budi, 333_000);
    await till.billed(budi, 222_000);
    await carry();
    expect((await room('GET', `/resellers/${own}/commissions`)).body).toMatchObject({ owed: 20_000, paid: 10_000 });
    const next = await room('POST', '/commission-payouts', { until, reseller_id: own });
    expect(next.body.data).toMatchObject([{ amount: 20_000 }]);
  });

  it('S3: money paid before the customer was the reseller’s earns it nothing, and what was earned stays with who had it', async () => {
    const [before, after] = [await addReseller(), await addReseller()];
    for (const one of [before, after]) await addRule({ value: 1_000, reseller_id: one });
    const budi = await till.payer();
    await paidFor(budi, 111_000, 55_500);
    await bridge.look('update customers set reseller_id = $2 where id = $1', [budi.id, before]);
    const paid = String((await till.paid(budi, 55_500)).body.id);
    await bridge.look('update customers set reseller_id = $2 where id = $1', [budi.id, after]);
    await carry();
    expect([await amountsOf(before), await amountsOf(after)]).toEqual([[5_000], []]);
    await reverse(paid);
    await carry();
    expect([await amountsOf(before), await amountsOf(after)]).toEqual([[5_000, -5_000], []]);
  });
});

describe('payouts of commission', () => {
  it('S3: a run that is doubled, or killed half-way, makes one payout, which is paid once and by two people', async () => {
    const own = await addReseller();
    await addRule({ value: 10_000, reseller_id: own });
    await paidFor(await payerOf(own), 11_100_000);
    await carry();
    const wish = { until: '2025-02-01', reseller_id: own };
    const runs = await Promise.all([1, 2, 3].map(() => room('POST', '/commission-payouts', wish)));
    const made = runs.flatMap(({ body }) => body.data as { id: string }[]);
    expect(made).toHaveLength(1);
    const path = `/commission-payouts/${made[0]?.id}`;
    expect((await room('POST', `${path}/approve`)).body).toMatchObject({ code: 'FORBIDDEN' });
    expect((await other('POST', `${path}/approve`)).body).toMatchObject({ state: 'approved' });
    const dying = roomAs('admin', till.tenant.adminId, {
      ...paying,
      creditDeposit: async (...args: Parameters<typeof creditDeposit>) => {
        await creditDeposit(...args);
        throw boom;
      },
    });
    await expect(dying('POST', `${path}/pay`, { method: 'deposit' })).rejects.toThrow(boom);
    expect((await room('GET', path)).body).toMatchObject({ state: 'approved', method: null });
    const paid = await Promise.all([1, 2, 3, 4].map(() => room('POST', `${path}/pay`, { method: 'deposit' })));
    expect(paid.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await room('POST', `${path}/pay`, { method: 'cash' })).status).toBe(409);
    const [kept] = await bridge.look<{ balance: string; moves: string }>(
      'select balance, moves from deposits where reseller_id = $1',
      [own],
    );
    expect([Number(kept?.balance), Number(kept?.moves)]).toEqual([10_000_000, 1]);
  });
});

type Deed =
  | { readonly do: 'bill' | 'pay' | 'reverse' | 'refund' | 'cancel'; readonly who: number; readonly amount: number }
  | { readonly do: 'rule' | 'payout' | 'carry' | 'crash' | 'day'; readonly amount: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('bill', 'pay', 'pay', 'reverse', 'refund', 'cancel'),
      who: fc.nat(5),
      amount: fc.integer({ min: 1, max: 400_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('rule', 'payout', 'carry', 'crash', 'day'), amount: fc.nat(10_000) }),
  },
);

/** The newest payments of a payer; some may be taken back already, and then the deed is refused. */
const lastOf = async (table: 'payments' | 'invoices', customer: string, n: number): Promise<string> => {
  const rows = await bridge.look<{ id: string }>(
    `select id from ${table} where customer_id = $1 order by created_at desc limit 3`,
    [customer],
  );
  return rows[n % Math.max(1, rows.length)]?.id ?? randomUUID();
};

async function act(one: Deed): Promise<void> {
  const { amount } = one;
  if (one.do === 'carry') return carry({ twice: amount % 2 === 0 });
  if (one.do === 'crash') return carry({ dies: true });
  if (one.do === 'day') till.time.now += dayMs;
  if (one.do === 'rule')
    await addRule({ value: amount, reseller_id: reseller, occasion: amount % 2 ? 'first' : 'every' });
  if (one.do === 'payout') {
    const until = new Date(till.time.now).toISOString().slice(0, 10);
    const { body } = await room('POST', '/commission-payouts', { until });
    for (const { id } of (body.data ?? []) as { id: string }[]) {
      if (amount % 3 === 0) await room('POST', `/commission-payouts/${id}/cancel`);
      await other('POST', `/commission-payouts/${id}/approve`);
      await room('POST', `/commission-payouts/${id}/pay`, { method: amount % 2 ? 'transfer' : 'deposit' });
    }
  }
  const payer = 'who' in one ? payers[one.who] : undefined;
  if (!payer) return;
  if (one.do === 'bill') await till.billed(payer, amount);
  if (one.do === 'pay') await till.paid(payer, amount);
  if (one.do === 'reverse') await reverse(await lastOf('payments', payer.id, amount));
  if (one.do === 'cancel')
    await till.billing('POST', `/invoices/${await lastOf('invoices', payer.id, amount)}/cancel`, { reason: 'salah' });
  if (one.do === 'refund') {
    const body = { amount, payment_method: 'cash', reason: 'lebih' };
    await till.billing('POST', `/payments/${await lastOf('payments', payer.id, amount)}/refunds`, body);
  }
}

/** What is wrong with the commissions as they stand, once nothing waits. */
const faults = () =>
  bridge.look<{ what: string }>(
    `select 'earned of what is reversed' as what from commission_sources s join payments p on p.id::text = s.source
       where p.status <> 'paid' and s.earned <> 0
     union all select 'more than was paid' from commission_sources s join payments p on p.id::text = s.source
       where s.earned > p.allocated or s.earned < 0
     union all select 'rows of another sum' from commission_sources s where s.earned <>
       (select coalesce(sum(amount), 0) from commissions m where m.kind = s.kind and m.source = s.source)
     union all select 'a payout of another sum' from commission_payouts o where o.state <> 'cancelled' and o.amount <>
       (select coalesce(sum(amount), 0) from commissions m where m.payout_id = o.id)
     union all select 'the books differ' from resellers r where
       (select coalesce(sum(amount), 0) from entries e where e.account = 'commissions_payable' and e.reseller_id = r.id) <>
       (select coalesce(sum(o.amount), 0) from commission_payouts o where o.reseller_id = r.id and o.state = 'paid')
       - (select coalesce(sum(m.amount), 0) from commissions m where m.reseller_id = r.id)`,
  );

it('S3: whatever happens in whatever order, a reversed payment earns nothing, shares are within the payment, and the books agree', async () => {
  await addRule({ value: 750, reseller_id: reseller });
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 4 }), async (deeds) => {
      for (const one of deeds) await act(one);
      await carry();
      expect(await faults()).toEqual([]);
    }),
    { numRuns: 100 },
  );
  const [earned] = await bridge.look<{ n: number; back: number }>(
    `select count(*) filter (where amount > 0)::int as n, count(*) filter (where amount < 0)::int as back from commissions
     where reseller_id = $1`,
    [reseller],
  );
  expect(earned?.n).toBeGreaterThan(20);
  expect(earned?.back).toBeGreaterThan(3);
}, 120_000);

it('control: who earns when told, instead of looking at what was earned, earns twice when a process dies after it', async () => {
  const budi = await payerOf(await addReseller());
  await carry();
  await paidFor(budi, 111_000);
  let earned = 0;
  const naive: Dispatching['settleCommission'] = async () => {
    earned += 5_000;
  };
  await carry({ dies: true, settle: naive });
  await carry({ settle: naive });
  expect(earned).toBe(10_000);
});

it('control: a payout run that reads what is owed and then writes makes two; the index of open payouts stops the second', async () => {
  const own = await addReseller();
  await addRule({ value: 10_000, reseller_id: own });
  await paidFor(await payerOf(own), 111_000);
  await carry();
  const runTwice = async () => {
    let reading = 2;
    let bothHaveRead = (): void => undefined;
    const read = new Promise<void>((resolve) => {
      bothHaveRead = resolve;
    });
    const naive = () =>
      bridge.db.tenant(till.tenant.id, async (tx) => {
        const owed = await tx.selectFrom('commissions').where('reseller_id', '=', own).select('amount').execute();
        reading -= 1;
        if (reading === 0) bothHaveRead();
        await read;
        const amount = owed.reduce((sum, one) => sum + one.amount, 0n);
        const made = {
          reseller_id: own,
          until: '2025-02-01',
          amount,
          state: 'draft' as const,
          made_by: own,
          made_at: new Date(),
        };
        await tx
          .insertInto('commission_payouts')
          .values({ tenant_id: till.tenant.id, ...made })
          .execute();
      });
    const ends = await Promise.allSettled([naive(), naive()]);
    await bridge.look('delete from commission_payouts where reseller_id = $1', [own]);
    return ends.filter(({ status }) => status === 'fulfilled').length;
  };
  const [index] = await bridge.look<{ made: string }>(
    `select indexdef as made from pg_indexes where indexname = 'commission_payouts_open'`,
  );
  expect(await runTwice()).toBe(1);
  await bridge.look('drop index commission_payouts_open');
  try {
    expect(await runTwice()).toBe(2);
  } finally {
    await bridge.look(index?.made ?? '');
  }
});
