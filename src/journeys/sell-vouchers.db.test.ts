import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { post } from '#features/billing/verbs.ts';
import { vouchersRoutes } from '#features/vouchers/routes.ts';
import { voucherSalesRoutes } from '#features/vouchers/sales-routes.ts';
import { createMemoryCounters } from '#platform/counters.ts';
import type { Paper } from '#platform/paper/papers.ts';
import { type Answer, type Call, callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import { creditBooked } from './move-deposit.ts';
import { createRedemption, type Redemption } from './redeem-voucher.ts';
import { createVoucherSelling } from './sell-vouchers.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const price = 88_800;
const clock = (): number => officeTime;

let bridge: TestBridge;
let shop: Shop;
const papers: Paper[] = [];

type Seller = { readonly id: string; readonly call: Call };
type Shop = {
  readonly office: Office;
  readonly redemption: Redemption;
  /** The ISP's own rooms of vouchers. */
  readonly admin: Call;
  /** A reseller with so much in its deposit. */
  readonly seller: (deposit: number, db?: Database) => Promise<Seller>;
  /** A batch that resellers are offered at `price`. */
  readonly batch: (more?: object) => Promise<string>;
  readonly line: (more?: Record<string, unknown>) => Promise<{ readonly id: string; readonly username: string }>;
};

async function openShop(settings: Record<string, unknown> = {}): Promise<Shop> {
  const office = await openOffice(bridge, {
    settings: { default_billing_mode: 'prepaid', tax: { enabled: true }, ...settings },
  });
  const { tenant, around } = office;
  const { vaultOf } = around;
  const print = async (paper: Paper): Promise<Uint8Array> => {
    papers.push(paper);
    return Buffer.from('{}');
  };
  const press = { print, close: async () => undefined };
  const redemption = createRedemption({ db: bridge.db, clock, vaultOf, counters: createMemoryCounters() });
  const enter = (db: Database, role: string, userId: string): Call => {
    const deps = { db, clock, vaultOf, press };
    const sales = callAs(voucherSalesRoutes({ ...deps, ...createVoucherSelling(deps) }), tenant, role, userId);
    const batches = callAs(vouchersRoutes({ ...deps, redeem: redemption.redeem }), tenant, role, userId);
    return (method, path, ...rest) =>
      (/^\/(reseller|voucher-sales)/.test(path) ? sales : batches)(method, path, ...rest);
  };
  const admin = enter(bridge.db, 'admin', tenant.adminId);
  return {
    office,
    redemption,
    admin,
    seller: async (deposit, db = bridge.db) => {
      const id = randomUUID();
      await bridge.look('insert into resellers (tenant_id, id, name) values ($1, $2, $3)', [
        tenant.id,
        id,
        `Toko ${id}`,
      ]);
      if (deposit > 0) await topUp(tenant.id, id, deposit);
      return { id, call: enter(db, 'reseller', id) };
    },
    batch: async (more = {}) => {
      const wish = { days: 30, price: 100_000, reseller_price: price, count: 10, prefix: 'KCB', ...more };
      const { status, body } = await admin('POST', '/vouchers', wish);
      expect(status, JSON.stringify(body)).toBe(201);
      return String(body.id);
    },
    line: async (more = {}) => {
      const { body } = await office.registered(more);
      const { id, username } = Object(body.subscription);
      return { id: String(id), username: String(username) };
    },
  };
}

const topUp = (tenantId: string, resellerId: string, amount: number) =>
  bridge.db.tenant(tenantId, (tx) =>
    creditBooked(
      tx,
      { tenantId, correlationId: 'c', by: null, now: officeTime },
      {
        kind: 'top_up',
        resellerId,
        amount: BigInt(amount),
        sourceId: randomUUID(),
        idemKey: randomUUID(),
        memo: '',
        other: [{ account: 'cash', amount: BigInt(amount) }],
      },
    ),
  );

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  shop = await openShop();
});
afterAll(() => bridge.close());

const buy = (by: Seller, batch_id: string, count: number, key: string = randomUUID()): Promise<Answer> =>
  by.call('POST', '/reseller/vouchers', { batch_id, count }, { 'Idempotency-Key': key });
const codesOf = ({ body }: Answer): readonly string[] => (body.vouchers as { code: string }[]).map(({ code }) => code);
const why = ({ status, body }: Answer): unknown[] => [status, Object(body.details).reason];

const balanceOf = async ({ id }: Seller): Promise<number> => {
  const [row] = await bridge.look<{ balance: string }>('select balance from deposits where reseller_id = $1', [id]);
  return Number(row?.balance ?? 0);
};
const entriesOf = (sourceId: unknown) =>
  bridge.look<{ account: string; amount: number }>(
    `select e.account, e.amount::int as amount from entries e join postings p on p.id = e.posting_id
     where p.source_id = $1 order by p.posted_at, p.id, e.no`,
    [sourceId],
  );

/** What must hold of every tenant's vouchers and books: nothing to say is good. */
async function findings(tenantId: string): Promise<readonly string[]> {
  const [row] = await bridge.look<Record<string, number>>(
    `select
       (select coalesce(sum(-amount), 0)::int from entries where tenant_id = $1 and account = 'unearned') as owed,
       (select coalesce(sum(l.unit_price), 0)::int from vouchers v join voucher_sales l on l.id = v.sale_id
        where v.tenant_id = $1 and v.state = 'unused') as unused,
       (select coalesce(sum(-amount), 0)::int from entries where tenant_id = $1 and account = 'deposits') as booked,
       (select coalesce(sum(balance), 0)::int from deposits where tenant_id = $1) as deposits,
       (select coalesce(sum(count), 0)::int from voucher_sales where tenant_id = $1) as sold,
       (select count(*)::int from vouchers where tenant_id = $1 and sale_id is not null) as given,
       (select coalesce(sum(case kind when 'vouchers' then -amount when 'refund' then -amount else 0 end), 0)::int
        from deposit_moves where tenant_id = $1) as paid,
       (select coalesce(sum(l.unit_price), 0)::int from vouchers v join voucher_sales l on l.id = v.sale_id
        where v.tenant_id = $1 and v.state <> 'void') as worth`,
    [tenantId],
  );
  const { owed, unused, booked, deposits, sold, given, paid, worth } = row ?? {};
  return [
    ...(owed === unused ? [] : [`the books owe ${owed} for vouchers, of which ${unused} are unused`]),
    ...(booked === deposits ? [] : [`the books hold ${booked} of deposits, the deposits ${deposits}`]),
    ...(sold === given ? [] : [`${sold} were sold, ${given} were given`]),
    ...(paid === worth ? [] : [`${paid} was paid for what costs ${worth}`]),
  ];
}

describe('vouchers that a reseller sells', () => {
  it('S1, S2: are bought from the deposit, with their codes, and owed for until they are redeemed', async () => {
    const seller = await shop.seller(500_000);
    const batch = await shop.batch();
    expect((await seller.call('GET', '/reseller/voucher-offers')).body).toEqual({
      data: expect.arrayContaining([
        {
          batch_id: batch,
          days: 30,
          service_plan: null,
          price: 100_000,
          reseller_price: price,
          expires_on: null,
          left: 10,
        },
      ]),
    });
    const sale = await buy(seller, batch, 2);
    expect(sale).toMatchObject({
      status: 201,
      body: { count: 2, unit_price: price, amount: 2 * price, unused: 2, redeemed: 0, reseller: { id: seller.id } },
    });
    const codes = codesOf(sale);
    expect(codes.every((code) => /^KCB-(\w{4})-(\w{5})-(\w{4})$/.test(code)) && new Set(codes).size).toBe(2);
    expect(await balanceOf(seller)).toBe(500_000 - 2 * price);
    expect(await entriesOf(sale.body.id)).toEqual([
      { account: 'deposits', amount: 2 * price },
      { account: 'unearned', amount: -2 * price },
    ]);
    const line = await shop.line();
    const told = await shop.admin('POST', '/vouchers/redeem', { code: codes[0], username: line.username });
    expect(told).toMatchObject({ status: 200, body: { days: 30, state: 'active' } });
    // What the ISP got for it, with the tax that is in it; the rest of the printed price is the reseller's own.
    expect(await entriesOf(told.body.id)).toEqual([
      { account: 'unearned', amount: price },
      { account: 'revenue', amount: -80_000 },
      { account: 'tax_payable', amount: -8_800 },
    ]);
    const { body } = await seller.call('GET', `/reseller/vouchers?sale_id=${sale.body.id}`);
    expect(Object(body.data).map((one: Record<string, unknown>) => [one.no, one.state])).toEqual([
      [1, 'redeemed'],
      [2, 'unused'],
    ]);
    const again = await seller.call('GET', `/reseller/voucher-sales/${sale.body.id}`);
    expect(again.body).toMatchObject({ unused: 1, redeemed: 1, vouchers: [{ code: null }, { code: codes[1] }] });
    expect(await findings(shop.office.tenant.id)).toEqual([]);
  });

  it('R4: control: to book a sold voucher in cash as if the ISP had sold it counts its money twice', async () => {
    const naive = await openShop();
    const { id: tenantId } = naive.office.tenant;
    const seller = await naive.seller(100_000);
    const [code = ''] = codesOf(await buy(seller, await naive.batch(), 1));
    const { username } = await naive.line();
    expect(await findings(tenantId)).toEqual([]);
    const { body } = await naive.admin('POST', '/vouchers/redeem', { code, username });
    expect(await findings(tenantId)).toEqual([]);
    await bridge.db.tenant(tenantId, async (tx) => {
      const entries = [
        { account: 'unearned', amount: -BigInt(price), resellerId: seller.id },
        { account: 'cash', amount: BigInt(price) },
      ] as const;
      const deed = { kind: 'voucher', idemKey: randomUUID(), postedOn: '2025-02-01', postedBy: null };
      await post(tx, tenantId, [{ ...deed, sourceId: String(body.id), entries }]);
    });
    expect(await findings(tenantId)).toHaveLength(1);
  });

  it('L1: where ERPNext keeps the books, what was paid leaves the hub’s when it is redeemed', async () => {
    const elsewhere = await openShop();
    const { id: tenantId } = elsewhere.office.tenant;
    const seller = await elsewhere.seller(100_000);
    const { username } = await elsewhere.line();
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenantId],
    );
    const [code] = codesOf(await buy(seller, await elsewhere.batch(), 1));
    const { body } = await elsewhere.admin('POST', '/vouchers/redeem', { code, username });
    expect(await entriesOf(body.id)).toEqual([
      { account: 'unearned', amount: price },
      { account: 'erpnext', amount: -price },
    ]);
    expect(await findings(tenantId)).toEqual([]);
  });

  it('S1: a code is on the ISP’s paper or offered, never both; what is bought is not printed or voided by the ISP', async () => {
    const seller = await shop.seller(500_000);
    const batch = await shop.batch({ count: 3 });
    const [bought = ''] = codesOf(await buy(seller, batch, 1));
    for (const paper of ['sheet', 'codes']) {
      expect(why(await shop.admin('GET', `/voucher-batches/${batch}/${paper}`))).toEqual([409, 'offered']);
    }
    const withdrawn = await shop.admin('PATCH', `/voucher-batches/${batch}`, { reseller_price: null });
    expect(withdrawn.body).toMatchObject({ reseller_price: null, handed_out_at: null, unused: 3, sold: 1 });
    expect(why(await buy(seller, batch, 1))).toEqual([409, 'not_offered']);
    await shop.admin('GET', `/voucher-batches/${batch}/sheet`);
    const sheet = papers.at(-1);
    const printed = sheet?.kind === 'vouchers' ? sheet.vouchers.map(({ no }) => no) : [];
    expect(printed).toEqual([2, 3]);
    expect(why(await shop.admin('PATCH', `/voucher-batches/${batch}`, { reseller_price: price }))).toEqual([
      409,
      'handed_out',
    ]);
    const voided = await shop.admin('POST', `/voucher-batches/${batch}/void`, { reason: 'hilang' });
    expect(voided.body).toMatchObject({ unused: 1, sold: 1, void: 2 });
    const { username } = await shop.line();
    expect((await shop.admin('POST', '/vouchers/redeem', { code: bought, username })).status).toBe(200);
    for (const wrong of [0, -1, 100_001, 1.5]) {
      const made = await shop.admin('POST', '/vouchers', { days: 1, price: 100_000, count: 1, reseller_price: wrong });
      expect([made.status, Object(made.body.details).fields?.[0].field]).toEqual([400, 'reseller_price']);
    }
  });

  it('S2: without the money, the vouchers or a key there is no sale, and nothing is taken', async () => {
    const poor = await shop.seller(price - 1);
    const batch = await shop.batch({ count: 2, expires_on: '2025-03-01' });
    expect(why(await buy(poor, batch, 1))).toEqual([409, 'deposit_too_low']);
    expect(why(await buy(await shop.seller(0), batch, 1))).toEqual([409, 'deposit_too_low']);
    const rich = await shop.seller(1_000_000);
    const short = await buy(rich, batch, 3);
    expect([...why(short), Object(short.body.details).left]).toEqual([409, 'not_enough', 2]);
    const keyless = await rich.call('POST', '/reseller/vouchers', { batch_id: batch, count: 1 });
    expect([keyless.status, Object(keyless.body.details).fields[0].field]).toEqual([400, 'Idempotency-Key']);
    for (const count of [0, -1, 101, 1.5]) expect((await buy(rich, batch, count)).status).toBe(400);
    expect(why(await buy(rich, randomUUID(), 1))).toEqual([409, 'not_offered']);
    await bridge.look(`update voucher_batches set expires_on = '2025-01-31' where id = $1`, [batch]);
    expect(why(await buy(rich, batch, 1))).toEqual([409, 'not_offered']);
    expect([await balanceOf(poor), await balanceOf(rich)]).toEqual([price - 1, 1_000_000]);
    expect(await bridge.look('select 1 from vouchers where batch_id = $1 and sale_id is not null', [batch])).toEqual(
      [],
    );
    expect(await findings(shop.office.tenant.id)).toEqual([]);
  });

  it('S1: of a plan that a reseller may not sell nothing is offered', async () => {
    const [one, other] = [await shop.seller(price), await shop.seller(price)];
    const { planId, plans, tenant } = shop.office;
    const wish = { name: `Home ${randomUUID()}`, speed_download: 20, speed_upload: 10, price: 200_000 };
    const { body } = await plans('POST', '/service-plans', wish);
    const batch = await shop.batch({ service_plan_id: planId, count: 1 });
    await bridge.look('insert into reseller_plans (tenant_id, reseller_id, service_plan_id) values ($1, $2, $3)', [
      tenant.id,
      one.id,
      body.id,
    ]);
    const offers = JSON.stringify((await one.call('GET', '/reseller/voucher-offers')).body);
    expect(offers).not.toContain(batch);
    expect(why(await buy(one, batch, 1))).toEqual([409, 'not_offered']);
    expect((await buy(other, batch, 1)).status).toBe(201);
  });

  it('REL-17: one key is one sale with the same codes, however often; with another wish it is refused', async () => {
    const seller = await shop.seller(500_000);
    const batch = await shop.batch();
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => buy(seller, batch, 2, key)));
    expect(new Set(all.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect([all[0]?.status, await balanceOf(seller)]).toEqual([201, 500_000 - 2 * price]);
    expect((await buy(seller, batch, 3, key)).status).toBe(409);
    expect(await findings(shop.office.tenant.id)).toEqual([]);
  });

  it('S1: are no other reseller’s to see, to print or to redeem', async () => {
    const [mine, theirs] = [await shop.seller(500_000), await shop.seller(500_000)];
    const batch = await shop.batch();
    const sale = await buy(mine, batch, 1);
    const path = `/reseller/voucher-sales/${sale.body.id}`;
    const missing = await theirs.call('GET', `/reseller/voucher-sales/${randomUUID()}`);
    for (const more of ['', '/sheet', '/codes']) expect(await theirs.call('GET', path + more)).toEqual(missing);
    for (const list of ['vouchers', 'voucher-sales', `vouchers?sale_id=${sale.body.id}`]) {
      expect((await theirs.call('GET', `/reseller/${list}`)).body).toMatchObject({ data: [], total: 0 });
    }
    expect(await mine.call('GET', path)).toMatchObject({
      status: 200,
      body: { vouchers: [{ code: codesOf(sale)[0] }] },
    });
    const line = await shop.line();
    const owner = (id: string) =>
      bridge.look(
        'update customers set reseller_id = $1 where id = (select customer_id from subscriptions where id = $2)',
        [id, line.id],
      );
    const redeem = (by: Seller) =>
      by.call('POST', '/vouchers/redeem', { code: codesOf(sale)[0], username: line.username });
    await owner(theirs.id);
    expect((await redeem(theirs)).status).toBe(404);
    await owner(mine.id);
    expect((await redeem(mine)).status).toBe(200);
    expect((await shop.admin('GET', '/reseller/vouchers')).status).toBe(403);
    expect((await mine.call('POST', `/voucher-sales/${sale.body.id}/take-back`, { reason: 'x' })).status).toBe(403);
  });

  it('S1: are printed as cards, as slips of 58 mm and as CSV, as far as they are good still, which is audited', async () => {
    const seller = await shop.seller(500_000);
    const sale = await buy(seller, await shop.batch(), 2);
    const path = `/reseller/voucher-sales/${sale.body.id}`;
    await shop.admin('POST', '/vouchers/redeem', { code: codesOf(sale)[0], username: (await shop.line()).username });
    for (const format of ['a4', '58mm']) {
      expect((await seller.call('GET', `${path}/sheet?format=${format}`)).status).toBe(200);
      expect(papers.at(-1)).toMatchObject({
        kind: 'vouchers',
        format,
        price: 100_000n,
        vouchers: [{ no: 2, code: codesOf(sale)[1] }],
      });
    }
    const audited = await bridge.look<{ form: string }>(
      `select changes::text as form from audit_logs where entity_id = $1 and action = 'reveal' order by at`,
      [sale.body.id],
    );
    expect(audited).toHaveLength(2);
  });
});

describe('vouchers that are taken back', () => {
  it('S2: give their price back to the deposit once, however many ask, and are worth nothing', async () => {
    const seller = await shop.seller(5 * price);
    const sale = await buy(seller, await shop.batch(), 5);
    const [used, unused] = codesOf(sale);
    const { username } = await shop.line();
    await shop.admin('POST', '/vouchers/redeem', { code: used, username });
    const path = `/voucher-sales/${sale.body.id}`;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => shop.admin('POST', `${path}/take-back`, { reason: 'toko tutup' })),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
    expect((await shop.admin('GET', path)).body).toMatchObject({ unused: 0, redeemed: 1, taken_back: 4 });
    expect(await balanceOf(seller)).toBe(4 * price);
    const late = await shop.admin('POST', '/vouchers/redeem', { code: unused, username });
    expect(why(late)).toEqual([409, 'void']);
    expect(await findings(shop.office.tenant.id)).toEqual([]);
  });

  it('S2: a code that is redeemed while it is taken back is either used or paid back', async () => {
    const seller = await shop.seller(10 * price);
    const sale = await buy(seller, await shop.batch(), 10);
    const { id } = await shop.line();
    const at = { tenantId: shop.office.tenant.id, correlationId: 'c' };
    const outcomes = await Promise.all([
      ...codesOf(sale).map((code) =>
        shop.redemption.redeemOwn(at, id, code).then(
          () => 'used',
          (error: unknown) => Object(error).details?.reason,
        ),
      ),
      shop.admin('POST', `/voucher-sales/${sale.body.id}/take-back`, { reason: 'x' }).then(({ status }) => status),
    ]);
    const used = outcomes.filter((outcome) => outcome === 'used').length;
    expect(outcomes.filter((outcome) => outcome === 'void')).toHaveLength(10 - used);
    expect(await balanceOf(seller)).toBe((10 - used) * price);
    expect(await findings(at.tenantId)).toEqual([]);
  });
});

/** Two resellers, whose deposits cover more than there is, want a batch of few: how many were sold, and to whom. */
async function rush(
  at: Shop,
  tries: number,
  sellers: readonly Seller[],
  take: (by: Seller, batch: string, n: number) => Promise<number>,
) {
  const few = 30;
  const batch = await at.batch({ count: few });
  let begun = 0;
  const bought = new Map<string, number>();
  const someone = async (): Promise<void> => {
    for (let n = begun++; n < tries; n = begun++) {
      const by = sellers[n % sellers.length];
      if (!by) return;
      const got = await take(by, batch, n);
      bought.set(by.id, (bought.get(by.id) ?? 0) + got);
    }
  };
  await Promise.all(Array.from({ length: 12 }, someone));
  return { few, bought, sum: [...bought.values()].reduce((sum, count) => sum + count, 0) };
}

describe('two resellers who buy all that there is at once', () => {
  const tries = Math.max(100, Math.round(1_000 * scale));

  it('S2: each voucher is sold once, to the last, each is paid for, and nothing is half done', async () => {
    const sellers = [await shop.seller(3_000_000), await shop.seller(3_000_000)];
    const codes: string[] = [];
    const { few, bought, sum } = await rush(shop, tries, sellers, async (by, batch, n) => {
      const told = await buy(by, batch, 1 + (n % 3));
      if (told.status !== 201) {
        expect(why(told)).toEqual([409, 'not_enough']);
        return 0;
      }
      codes.push(...codesOf(told));
      return 1 + (n % 3);
    });
    expect([sum, new Set(codes).size]).toEqual([few, few]);
    for (const seller of sellers) {
      expect(await balanceOf(seller)).toBe(3_000_000 - price * (bought.get(seller.id) ?? 0));
    }
    expect(await findings(shop.office.tenant.id)).toEqual([]);
  });

  it('control: looking for what is unsold first and marking it then sells vouchers twice', async () => {
    const naive = await openShop();
    const sellers = [await naive.seller(0), await naive.seller(0)];
    const { id: tenantId, adminId } = naive.office.tenant;
    const { few, sum } = await rush(naive, tries, sellers, (by, batch) =>
      bridge.db.tenant(tenantId, async (tx) => {
        const { rows } = await sql<{ id: string }>`
          select id from vouchers where batch_id = ${batch} and sale_id is null order by no limit 1`.execute(tx);
        if (!rows[0]) return 0;
        const made = await sql<{ id: string }>`
          insert into voucher_sales (tenant_id, reseller_id, batch_id, count, unit_price, idem_key, sold_by)
          values (${tenantId}, ${by.id}, ${batch}, 1, 1, ${randomUUID()}, ${adminId}) returning id`.execute(tx);
        await sql`update vouchers set sale_id = ${made.rows[0]?.id}, reseller_id = ${by.id}
          where id = ${rows[0].id}`.execute(tx);
        return 1;
      }),
    );
    expect(sum).toBeGreaterThan(few);
    expect(await findings(tenantId)).not.toEqual([]);
  });
});

describe('a sale that dies on its way', () => {
  it('S2: leaves nothing behind, and the same request sells then', async () => {
    const dying = await openShop();
    const seller = await dying.seller(500_000);
    const batch = await dying.batch();
    const { id: tenantId } = dying.office.tenant;
    // The process is gone just before its commit: PostgreSQL rolls back what it had done.
    const db: Database = {
      ...bridge.db,
      tenant: (id, work) =>
        bridge.db.tenant(id, async (tx) => {
          await work(tx);
          throw new Error('killed');
        }),
    };
    const killed = createVoucherSelling({ db, clock, vaultOf: dying.office.around.vaultOf });
    const caller = { userId: seller.id, tenantId, role: 'reseller' };
    const who = { tenantId, caller, correlationId: 'c', address: '127.0.0.1' };
    const key = randomUUID();
    await expect(killed.sell(who, { batch_id: batch, count: 2 }, `${seller.id} ${key}`)).rejects.toThrow('killed');
    expect(await bridge.look('select 1 from voucher_sales where tenant_id = $1', [tenantId])).toEqual([]);
    expect(await balanceOf(seller)).toBe(500_000);
    expect((await buy(seller, batch, 2, key)).status).toBe(201);
    expect(await balanceOf(seller)).toBe(500_000 - 2 * price);
    expect(await findings(tenantId)).toEqual([]);
  });
});
