import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { buy, codesOf, price, type Seller, type Shop, voucherShops, why } from '#test/features/voucher-shop.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { officeTime } from '#test/setup/office.ts';
import { createVoucherSelling } from './sell-vouchers.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const clock = (): number => officeTime;

let bridge: TestBridge;
let shops: ReturnType<typeof voucherShops>;
let shop: Shop;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  shops = voucherShops(bridge);
  shop = await shops.openShop();
});
afterAll(() => bridge.close());

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
    expect(await shops.balanceOf(seller)).toBe(4 * price);
    const late = await shop.admin('POST', '/vouchers/redeem', { code: unused, username });
    expect(why(late)).toEqual([409, 'void']);
    expect(await shops.findings(shop.office.tenant.id)).toEqual([]);
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
    expect(await shops.balanceOf(seller)).toBe((10 - used) * price);
    expect(await shops.findings(at.tenantId)).toEqual([]);
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
      expect(await shops.balanceOf(seller)).toBe(3_000_000 - price * (bought.get(seller.id) ?? 0));
    }
    expect(await shops.findings(shop.office.tenant.id)).toEqual([]);
  });

  it('control: looking for what is unsold first and marking it then sells vouchers twice', async () => {
    const naive = await shops.openShop();
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
    expect(await shops.findings(tenantId)).not.toEqual([]);
  });
});

describe('a sale that dies on its way', () => {
  it('S2: leaves nothing behind, and the same request sells then', async () => {
    const dying = await shops.openShop();
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
    expect(await shops.balanceOf(seller)).toBe(500_000);
    expect((await buy(seller, batch, 2, key)).status).toBe(201);
    expect(await shops.balanceOf(seller)).toBe(500_000 - 2 * price);
    expect(await shops.findings(tenantId)).toEqual([]);
  });
});
