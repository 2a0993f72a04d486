import type { Database, Tx } from '#db/database.ts';
import { post } from '#features/billing/verbs.ts';
import { type Mover, returnToDeposit, spendDeposit } from '#features/deposits/verbs.ts';
import {
  buyVouchers,
  readSale,
  showCodes,
  showSale,
  type TakeBackAsk,
  takeBackUnused,
  type VoucherPurchase,
  type VoucherSale,
  type VoucherSaleWithCodes,
} from '#features/vouchers/verbs.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { TenantVault } from '#platform/secrets.ts';

export type VoucherSelling = {
  /** To the reseller that asks, from its deposit. The same key again: the same sale. */
  sell(who: Who, wish: VoucherPurchase, idemKey: string): Promise<VoucherSaleWithCodes>;
  /** What of a sale is unused, into the reseller's deposit. */
  takeBack(who: Who, saleId: string, wish: TakeBackAsk): Promise<VoucherSale>;
};

type Deps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
};

type Deal = {
  readonly saleId: string;
  readonly resellerId: string;
  readonly amount: bigint;
  readonly today: string;
  readonly memo: string;
};

const moverOf = ({ tenantId, correlationId, caller }: Who, now: number): Mover => ({
  tenantId,
  correlationId,
  by: caller.userId,
  now,
});

/** From the deposit to what the hub owes for vouchers (`amount` above zero), or back. */
async function book(tx: Tx, who: Who, kind: string, { saleId, resellerId, today, memo }: Deal, amount: bigint) {
  const idemKey = `${kind} ${saleId}`;
  const deed = { kind, idemKey, postedOn: today, sourceId: saleId, postedBy: who.caller.userId, memo };
  const [postingId = ''] = await post(tx, who.tenantId, [
    {
      ...deed,
      entries: [
        { account: 'deposits', amount, resellerId },
        { account: 'unearned', amount: -amount, resellerId },
      ],
    },
  ]);
  return { resellerId, postingId, sourceId: saleId, idemKey, memo };
}

/** The deposit pays last: its row is what others of the same reseller wait for. */
async function sellWithin(tx: Tx, who: Who, wish: VoucherPurchase, how: { readonly idemKey: string; now: number }) {
  const bought = await buyVouchers(tx, who, wish, how);
  const sale = await readSale(tx, who, bought.saleId);
  if (bought.isNew) {
    const { amount } = bought;
    const booked = await book(tx, who, 'voucher_sale', bought, amount);
    await spendDeposit(tx, moverOf(who, how.now), { ...booked, kind: 'vouchers', amount });
  }
  return sale;
}

async function takeBackWithin(tx: Tx, who: Who, saleId: string, wish: TakeBackAsk, now: number): Promise<VoucherSale> {
  const taken = await takeBackUnused(tx, who, saleId, wish, now);
  const { amount } = taken;
  const sale = await showSale(tx, who, saleId);
  const booked = await book(tx, who, 'voucher_return', { ...taken, saleId }, -amount);
  await returnToDeposit(tx, moverOf(who, now), { ...booked, kind: 'refund', amount, reverses: null });
  return sale;
}

/** Vouchers that a reseller buys from its deposit to sell them (spec S1, S2; ADR 44), each in one transaction. */
export function createVoucherSelling({ db, clock, vaultOf }: Deps): VoucherSelling {
  return {
    sell: async (who, wish, idemKey) => {
      const vault = await vaultOf(who.tenantId);
      const sale = await db.tenant(who.tenantId, (tx) => sellWithin(tx, who, wish, { idemKey, now: clock() }));
      return showCodes(vault, sale);
    },
    takeBack: (who, saleId, wish) => db.tenant(who.tenantId, (tx) => takeBackWithin(tx, who, saleId, wish, clock())),
  };
}
