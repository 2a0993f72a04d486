import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { booksFindings } from '#test/features/books-findings.ts';
import { type Deposits, openDeposits } from '#test/features/deposit-desk.ts';
import { depositFindings } from '#test/features/deposit-findings.ts';
import { openTill, type Payer, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { approveTopUp, askTopUp, enterByHand, rejectTopUp } from './requests.ts';
import { changeDeposit, listMoves, showDeposit, statementCsv } from './statement.ts';
import { tellLow } from './telling.ts';

let bridge: TestBridge;
let till: Till;
let desk: Deposits;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  till = await openTill(bridge, { deposit_two_people_from: 1_000_000 });
  desk = openDeposits(bridge, till);
});
afterAll(() => bridge.close());

const findings = async () => [
  ...(await depositFindings(bridge.look, till.tenant.id)),
  ...(await booksFindings(bridge.look, till.tenant.id)),
];
const refused = (reason: string) => ({ code: 'CONFLICT', details: expect.objectContaining({ reason }) });
const inTenant = <T>(work: Parameters<typeof bridge.db.tenant<T>>[1]) => bridge.db.tenant(till.tenant.id, work);
const asked = { method: 'transfer' as const, reference: 'BCA 881', notes: '' };
/** 300 at full length. */
const storms = Math.max(100, Math.round(300 * Number(process.env.JEMBATAN_FAULT_SCALE)));

describe('a deposit', () => {
  it('S2: pays what is open of a customer, or a part, and no more; the line comes back with it', async () => {
    const r = await desk.reseller();
    const payer = await desk.customerOf(r);
    await till.billed(payer, 150_000);
    await expect(desk.pay(r, { customer_id: payer.id })).rejects.toMatchObject(refused('deposit_too_low'));
    const before = till.time.now;
    till.time.now = Date.parse('2025-06-01T00:00:00Z');
    await bridge.look(`update access set state = 'isolated' where subscription_id = $1`, [payer.line]);
    await desk.topUp(r, 500_000);
    const above = desk.pay(r, { customer_id: payer.id, amount: 150_001 });
    await expect(above).rejects.toMatchObject({ details: { reason: 'above_open', open: 150_000 } });
    expect(await desk.pay(r, { customer_id: payer.id, amount: 50_000 })).toMatchObject({ balance: 450_000 });
    const paid = await desk.pay(r, { customer_id: payer.id });
    expect(paid).toMatchObject({ amount: 100_000, balance: 350_000, lines: [{ state: 'active' }] });
    await expect(desk.pay(r, { customer_id: payer.id })).rejects.toMatchObject(refused('nothing_open'));
    till.time.now = before;
    expect(await findings()).toEqual([]);
  });

  it('S1: pays for no customer of another reseller, and two who pay one bill pay it once', async () => {
    const [a, b] = [await desk.reseller(), await desk.reseller()];
    const payer = await desk.customerOf(a);
    await till.billed(payer, 100);
    await Promise.all([desk.topUp(a, 1_000), desk.topUp(b, 1_000)]);
    await expect(desk.pay(b, { customer_id: payer.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const both = await Promise.allSettled([1, 2].map(() => desk.pay(a, { customer_id: payer.id })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await desk.balanceOf(a)).toBe(900);
    expect(await desk.balanceOf(b)).toBe(0 + 1_000);
  });

  it('REL-17: one key is one payment, and another under it is refused', async () => {
    const r = await desk.reseller();
    const payer = await desk.customerOf(r);
    await till.billed(payer, 300);
    await desk.topUp(r, 1_000);
    const form = { customer_id: payer.id, amount: 100 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.pay(r, form, 'k')));
    expect(new Set(answers.map(({ id, balance }) => `${id} ${balance}`)).size).toBe(1);
    await expect(desk.pay(r, { ...form, amount: 101 }, 'k')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await desk.balanceOf(r)).toBe(900);
  });

  it('S2: of two payments that are refunded at once under one key one is, and the other is told why not', async () => {
    const r = await desk.reseller();
    await desk.topUp(r, 1_000);
    const free = async (): Promise<string> => {
      const payer = await desk.customerOf(r);
      const bill = await till.billed(payer, 100);
      const { id } = await desk.pay(r, { customer_id: payer.id });
      await till.billing('POST', `/invoices/${bill}/cancel`, { reason: 'uji' });
      return id;
    };
    for (let n = 0; n < 5; n++) {
      const both = [await free(), await free()];
      const ends = await Promise.allSettled(both.map((id) => desk.refund(id, 10, 'deposit', `satu ${n}`)));
      const told = ends.map((end) => (end.status === 'fulfilled' ? 'refunded' : end.reason.code));
      expect(told.sort()).toEqual(['CONFLICT', 'refunded']);
    }
    expect(await desk.balanceOf(r)).toBe(50);
  });

  it('S2: what is taken back goes into the deposit once, and never to cash', async () => {
    const r = await desk.reseller();
    const payer = await desk.customerOf(r);
    const bill = await till.billed(payer, 200);
    await desk.topUp(r, 1_000);
    const first = await desk.pay(r, { customer_id: payer.id });
    const twice = await Promise.allSettled([1, 2].map(() => desk.reverse(first.id)));
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await desk.balanceOf(r)).toBe(1_000);
    const again = await desk.pay(r, { customer_id: payer.id });
    await till.billing('POST', `/invoices/${bill}/cancel`, { reason: 'uji' });
    await expect(desk.refund(again.id, 50, 'cash')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await desk.refund(again.id, 50, 'deposit', 'r1');
    await desk.refund(again.id, 50, 'deposit', 'r1');
    expect(await desk.balanceOf(r)).toBe(850);
    await till.billed(payer, 100);
    const cash = String((await till.paid(payer, 1)).body.id);
    await expect(desk.refund(cash, 1, 'deposit')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await findings()).toEqual([]);
  });

  it('S2: spends no more on a day than its limit, and the day is the tenant’s own', async () => {
    const r = await desk.reseller();
    const before = till.time.now;
    await desk.topUp(r, 1_000);
    await inTenant((tx) => changeDeposit(tx, desk.finance, r, { daily_limit: 100 }));
    try {
      till.time.now = Date.parse('2025-02-10T16:59:59Z');
      await desk.buy(r, 60n);
      const all = await Promise.allSettled(Array.from({ length: 10 }, () => desk.buy(r, 20n)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      await expect(desk.buy(r, 1n)).rejects.toMatchObject(refused('daily_limit'));
      till.time.now = Date.parse('2025-02-10T17:00:00Z');
      expect(await desk.buy(r, 100n)).toMatchObject({ balance: 800n });
      const shown = await inTenant((tx) =>
        showDeposit(tx, { who: desk.finance, resellerId: r }, { now: till.time.now, gateways: [] }),
      );
      expect(shown).toMatchObject({ balance: 800, daily_limit: 100, spent_today: 100, ways: ['transfer', 'cash'] });
    } finally {
      till.time.now = before;
    }
  });

  it('holds no more than JSON numbers say exactly, and moves by nothing and less than nothing not at all', async () => {
    const r = await desk.reseller();
    const chest = openDeposits(bridge, await openTill(bridge, { deposit_two_people_from: null }));
    const rich = await chest.reseller();
    await chest.topUp(rich, Number.MAX_SAFE_INTEGER);
    await expect(chest.topUp(rich, 1)).rejects.toMatchObject(refused('deposit_too_high'));
    for (const amount of [0n, -1n, 2n ** 53n]) await expect(desk.buy(r, amount)).rejects.toThrow('above zero');
  });

  it('REL-18: is changed by nothing but its moves, and no move stands without its posting', async () => {
    const r = await desk.reseller();
    await desk.topUp(r, 100);
    const tenant = till.tenant.id;
    const tries = [
      sql`update deposits set balance = balance + 1 where reseller_id = ${r}`,
      sql`update deposits set moves = moves + 1 where reseller_id = ${r}`,
      sql`insert into deposit_moves (tenant_id, reseller_id, no, kind, amount, balance, posting_id, source_id, idem_key,
        correlation_id, moved_at) select tenant_id, reseller_id, 2, 'top_up', 5, 105, posting_id, source_id, 'x', 'x', now()
        from deposit_moves where reseller_id = ${r}`,
      sql`with p as (insert into postings (tenant_id, kind, idem_key, posted_on) values (${tenant}, 'x', ${randomUUID()},
        '2025-02-01') returning tenant_id, id) insert into entries (tenant_id, posting_id, no, account, reseller_id, amount)
        select tenant_id, id, no, 'deposits', ${r}::uuid, 3 - 2 * no from p, generate_series(1, 2) no`,
      sql`update deposit_moves set amount = 1 where reseller_id = ${r}`,
      sql`delete from deposit_moves where reseller_id = ${r}`,
    ];
    for (const one of tries) await expect(inTenant((tx) => one.execute(tx))).rejects.toThrow();
    expect(await desk.balanceOf(r)).toBe(100);
  });

  it('is told once when it falls below its mark, and again after it was above', async () => {
    const r = await desk.reseller();
    await bridge.look(`update resellers set email = 'toko@x.id' where id = $1`, [r]);
    const told = async () => {
      await tellLow(bridge.db, till.tenant.id, till.time.now, till.registering.appendMessage);
      const [row] = await bridge.look<{ n: number }>(
        `select count(*)::int as n from messages where tenant_id = $1 and event = 'deposit_low'`,
        [till.tenant.id],
      );
      return row?.n;
    };
    await desk.topUp(r, 1_000);
    await inTenant((tx) => changeDeposit(tx, desk.finance, r, { low_mark: 500 }));
    expect(await told()).toBe(0);
    await desk.buy(r, 600n);
    expect([await told(), await told()]).toEqual([1, 1]);
    await desk.topUp(r, 50);
    expect(await told()).toBe(1);
    await desk.topUp(r, 600);
    await desk.buy(r, 600n);
    expect(await told()).toBe(2);
  });

  it('has a statement with the running balance, by days of the tenant’s calendar', async () => {
    const r = await desk.reseller();
    await desk.topUp(r, 1_000);
    await desk.buy(r, 400n);
    const looking = { who: desk.finance, resellerId: r };
    const page = { page: 1, page_size: 10 };
    const { data } = await inTenant((tx) => listMoves(tx, looking, { ...page, from: '2025-02-01', to: '2025-02-01' }));
    expect(data.map(({ no, kind, amount, balance }) => [no, kind, amount, balance])).toEqual([
      [2, 'vouchers', -400, 600],
      [1, 'top_up', 1_000, 1_000],
    ]);
    expect((await inTenant((tx) => listMoves(tx, looking, { ...page, to: '2025-01-31' }))).total).toBe(0);
    const csv = await inTenant((tx) => statementCsv(tx, looking, {}));
    expect(csv.split('\r\n').slice(1, 3)).toEqual([
      '1,2025-02-01 01:00:00,top_up,1000,1000,cash',
      '2,2025-02-01 01:00:00,vouchers,-400,600,',
    ]);
  });
});

describe('a top-up', () => {
  it('S2: that a reseller asks for is done by one yes, and one of many yeses at once', async () => {
    const r = await desk.reseller();
    const { id } = await askTopUp(desk.requesting, desk.as('reseller', r), { ...asked, amount: 999_999 }, 'a');
    expect(await desk.balanceOf(r)).toBe(0);
    const yeses = Array.from({ length: 5 }, () => approveTopUp(desk.requesting, desk.as('finance', randomUUID()), id));
    const all = await Promise.allSettled(yeses);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await desk.balanceOf(r)).toBe(999_999);
    await expect(rejectTopUp(desk.requesting, desk.finance, id, { reason: 'x' })).rejects.toMatchObject(
      refused('over'),
    );
  });

  it('S2: takes two different people from the tenant’s limit on, whoever enters it; so does giving it back', async () => {
    const r = await desk.reseller();
    const entered = await desk.topUp(r, 1_000_000);
    expect(entered.state).toBe('approved_once');
    const again = approveTopUp(desk.requesting, desk.finance, entered.id);
    await expect(again).rejects.toMatchObject(refused('same_person'));
    const other = desk.as('admin', randomUUID());
    expect(await approveTopUp(desk.requesting, other, entered.id)).toMatchObject({ state: 'done' });
    const back = await desk.payOut(r, 1_000_000);
    expect([back.state, await desk.balanceOf(r)]).toEqual(['approved_once', 1_000_000]);
    await desk.payOut(r, 1);
    await expect(approveTopUp(desk.requesting, other, back.id)).rejects.toMatchObject(refused('deposit_too_low'));
    await desk.topUp(r, 1);
    expect(await approveTopUp(desk.requesting, other, back.id)).toMatchObject({ state: 'done' });
    expect(await desk.balanceOf(r)).toBe(0);
  });

  it('S2: is one for its key, is nobody’s any more after two weeks, and is refused with a reason', async () => {
    const r = await desk.reseller();
    const shop = desk.as('reseller', r);
    const wish = { ...asked, amount: 5 };
    const same = await Promise.all([1, 2].map(() => askTopUp(desk.requesting, shop, wish, 'k1')));
    expect(new Set(same.map(({ id }) => id)).size).toBe(1);
    await expect(askTopUp(desk.requesting, shop, { ...wish, amount: 6 }, 'k1')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const { id } = await askTopUp(desk.requesting, shop, wish, 'k2');
    expect(await rejectTopUp(desk.requesting, desk.finance, id, { reason: 'Tidak ada' })).toMatchObject({
      state: 'rejected',
      reason: 'Tidak ada',
    });
    const late = await askTopUp(desk.requesting, shop, wish, 'k3');
    till.time.now += 15 * 86_400_000;
    try {
      await expect(approveTopUp(desk.requesting, desk.finance, late.id)).rejects.toMatchObject(refused('expired'));
    } finally {
      till.time.now -= 15 * 86_400_000;
    }
    const stranger = { kind: 'top_up' as const, resellerId: randomUUID(), ...wish };
    await expect(enterByHand(desk.requesting, desk.finance, stranger, 'k4')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

type Deed = { readonly what: number; readonly amount: number; readonly which: number; readonly key: number };
const deed = fc.record({
  what: fc.nat(9),
  amount: fc.integer({ min: 1, max: 300 }),
  which: fc.nat(30),
  key: fc.nat(5),
});

const billsOf = async ({ id }: Payer): Promise<readonly string[]> =>
  (
    await bridge.look<{ id: string }>('select id from invoices where customer_id = $1 and cancelled_at is null', [id])
  ).map((row) => row.id);

/** What may be done to deposits at any time, by anybody; what is not possible just now is refused. */
async function attempt(shop: string, payer: Payer, { what, amount, which, key }: Deed): Promise<unknown> {
  const paid = async (): Promise<string> => {
    const rows = await bridge.look<{ id: string }>(
      `select id from payments where tenant_id = $1 and method = 'deposit' and status = 'paid'
       order by unallocated > 0 desc, created_at desc limit 5`,
      [till.tenant.id],
    );
    return rows[which % Math.max(1, rows.length)]?.id ?? randomUUID();
  };
  const name = `${shop} ${amount % 50} ${key}`;
  const deeds: readonly (() => Promise<unknown>)[] = [
    () => till.billed(payer, amount),
    () => desk.topUp(shop, amount, name),
    () => desk.payOut(shop, amount, name),
    () => desk.pay(shop, { customer_id: payer.id, amount: (amount % 50) + 1 }, name),
    () => desk.pay(shop, { customer_id: payer.id }),
    async () => desk.reverse(await paid()),
    async () => desk.refund(await paid(), amount, 'deposit', name),
    () => desk.buy(shop, BigInt(amount)),
    () => desk.buy(shop, BigInt(amount), true),
    async () => {
      for (const id of await billsOf(payer)) await till.billing('POST', `/invoices/${id}/cancel`, { reason: 'uji' });
    },
  ];
  return deeds[what]?.();
}

describe('deposits', () => {
  it('REL-18: top up, spend, give back, refund, reverse and die at once, keys repeated: they are what the books say', async () => {
    const shops = [await desk.reseller(), await desk.reseller()];
    const payers = await Promise.all(shops.map((shop) => desk.customerOf(shop)));
    await Promise.all(shops.map((shop) => desk.topUp(shop, 2_000)));
    const done = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 8 }), async (deeds) => {
        const ends = await Promise.allSettled(
          deeds.map((one, i) => attempt(shops[i % 2] ?? '', payers[i % 2] as Payer, one)),
        );
        for (const [i, end] of ends.entries()) {
          const what = deeds[i]?.what ?? 0;
          if (end.status === 'fulfilled') done.set(what, (done.get(what) ?? 0) + 1);
          else expect(['CONFLICT', 'NOT_FOUND', 'UNAVAILABLE', 'DUPLICATE_ENTRY']).toContain(end.reason.code);
        }
        expect(await depositFindings(bridge.look, till.tenant.id)).toEqual([]);
      }),
      { numRuns: storms },
    );
    expect(await findings()).toEqual([]);
    // Dying is never done; everything else was.
    expect([...done.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9]);
  }, 300_000);

  it('REL-18: control: a balance that is written alone, or a lost move, is found', async () => {
    const r = await desk.reseller();
    await desk.topUp(r, 100);
    await bridge.look('alter table deposits disable trigger user');
    await bridge.look('update deposits set balance = 101 where reseller_id = $1', [r]);
    const found = await depositFindings(bridge.look, till.tenant.id);
    expect(found).toHaveLength(2);
    await bridge.look('update deposits set balance = 100 where reseller_id = $1', [r]);
    await bridge.look('alter table deposits enable trigger user');
    expect(await depositFindings(bridge.look, till.tenant.id)).toEqual([]);
  });
});
