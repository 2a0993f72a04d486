import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { post } from '#features/billing/verbs.ts';
import { buy, codesOf, price, type Seller, type Shop, voucherShops, why } from '#test/features/voucher-shop.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

let bridge: TestBridge;
let shops: ReturnType<typeof voucherShops>;
let shop: Shop;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  shops = voucherShops(bridge);
  shop = await shops.openShop();
});
afterAll(() => bridge.close());

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
    expect(await shops.balanceOf(seller)).toBe(500_000 - 2 * price);
    expect(await shops.entriesOf(sale.body.id)).toEqual([
      { account: 'deposits', amount: 2 * price },
      { account: 'unearned', amount: -2 * price },
    ]);
    const line = await shop.line();
    const told = await shop.admin('POST', '/vouchers/redeem', { code: codes[0], username: line.username });
    expect(told).toMatchObject({ status: 200, body: { days: 30, state: 'active' } });
    // What the ISP got for it, with the tax that is in it; the rest of the printed price is the reseller's own.
    expect(await shops.entriesOf(told.body.id)).toEqual([
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
    expect(await shops.findings(shop.office.tenant.id)).toEqual([]);
  });

  it('R4: control: to book a sold voucher in cash as if the ISP had sold it counts its money twice', async () => {
    const naive = await shops.openShop();
    const { id: tenantId } = naive.office.tenant;
    const seller = await naive.seller(100_000);
    const [code = ''] = codesOf(await buy(seller, await naive.batch(), 1));
    const { username } = await naive.line();
    expect(await shops.findings(tenantId)).toEqual([]);
    const { body } = await naive.admin('POST', '/vouchers/redeem', { code, username });
    expect(await shops.findings(tenantId)).toEqual([]);
    await bridge.db.tenant(tenantId, async (tx) => {
      const entries = [
        { account: 'unearned', amount: -BigInt(price), resellerId: seller.id },
        { account: 'cash', amount: BigInt(price) },
      ] as const;
      const deed = { kind: 'voucher', idemKey: randomUUID(), postedOn: '2025-02-01', postedBy: null };
      await post(tx, tenantId, [{ ...deed, sourceId: String(body.id), entries }]);
    });
    expect(await shops.findings(tenantId)).toHaveLength(1);
  });

  it('L1: where ERPNext keeps the books, what was paid leaves the hub’s when it is redeemed', async () => {
    const elsewhere = await shops.openShop();
    const { id: tenantId } = elsewhere.office.tenant;
    const seller = await elsewhere.seller(100_000);
    const { username } = await elsewhere.line();
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenantId],
    );
    const [code] = codesOf(await buy(seller, await elsewhere.batch(), 1));
    const { body } = await elsewhere.admin('POST', '/vouchers/redeem', { code, username });
    expect(await shops.entriesOf(body.id)).toEqual([
      { account: 'unearned', amount: price },
      { account: 'erpnext', amount: -price },
    ]);
    expect(await shops.findings(tenantId)).toEqual([]);
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
    const sheet = shops.papers.at(-1);
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
    expect([await shops.balanceOf(poor), await shops.balanceOf(rich)]).toEqual([price - 1, 1_000_000]);
    expect(await bridge.look('select 1 from vouchers where batch_id = $1 and sale_id is not null', [batch])).toEqual(
      [],
    );
    expect(await shops.findings(shop.office.tenant.id)).toEqual([]);
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
    expect([all[0]?.status, await shops.balanceOf(seller)]).toEqual([201, 500_000 - 2 * price]);
    expect((await buy(seller, batch, 3, key)).status).toBe(409);
    expect(await shops.findings(shop.office.tenant.id)).toEqual([]);
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
      expect(shops.papers.at(-1)).toMatchObject({
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
