import type { Database, Tx } from '#db/database.ts';
import type { Mover } from '#features/deposits/verbs.ts';
import {
  buyVouchers,
  type Deal,
  readSale,
  showCodes,
  showSale,
  type TakeBackAsk,
  takeBackUnused,
  type VoucherPurchase,
  type VoucherSale,
  type VoucherSaleWithCodes,
} from '#features/vouchers/verbs.ts';
import { returnBooked, spendBooked } from '#journeys/move-deposit.ts';
import { createOneAtATime } from '#journeys/one-at-a-time.ts';
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

const moverOf = ({ tenantId, correlationId, caller }: Who, now: number): Mover => ({
  tenantId,
  correlationId,
  by: caller.userId,
  now,
});

/** What stands against the deposit: a debt for vouchers that are not redeemed. `owed` below zero: it grows. */
const against = ({ saleId, resellerId, amount, memo }: Deal, owed: bigint) => ({
  resellerId,
  amount,
  sourceId: saleId,
  memo,
  other: [{ account: 'unearned', amount: owed, resellerId }] as const,
});

/** The deposit pays last: its row is what others of the same reseller wait for. */
async function sellWithin(tx: Tx, who: Who, wish: VoucherPurchase, how: { readonly idemKey: string; now: number }) {
  const { saleId, deal } = await buyVouchers(tx, who, wish, how);
  const sale = await readSale(tx, who, saleId);
  if (deal) {
    const idemKey = `voucher sale ${saleId}`;
    await spendBooked(tx, moverOf(who, how.now), { ...against(deal, -deal.amount), kind: 'vouchers', idemKey });
  }
  return sale;
}

async function takeBackWithin(tx: Tx, who: Who, saleId: string, wish: TakeBackAsk, now: number): Promise<VoucherSale> {
  const deal = await takeBackUnused(tx, who, saleId, wish, now);
  const sale = await showSale(tx, who, saleId);
  const back = { kind: 'refund', idemKey: `voucher sale back ${saleId}`, reverses: null } as const;
  await returnBooked(tx, moverOf(who, now), { ...against(deal, deal.amount), ...back });
  return sale;
}

/** Vouchers that a reseller buys from its deposit to sell them (spec S1, S2; ADR 44), each in one transaction. */
export function createVoucherSelling({ db, clock, vaultOf }: Deps): VoucherSelling {
  // Whoever buys of the same batch would wait in the database, with a connection in hand that others need.
  const inTurn = createOneAtATime();
  return {
    sell: async (who, wish, idemKey) => {
      const vault = await vaultOf(who.tenantId);
      const now = clock();
      const sale = await inTurn(wish.batch_id, () =>
        db.tenant(who.tenantId, (tx) => sellWithin(tx, who, wish, { idemKey, now }), true),
      );
      return showCodes(vault, sale);
    },
    takeBack: (who, saleId, wish) => db.tenant(who.tenantId, (tx) => takeBackWithin(tx, who, saleId, wish, clock())),
  };
}
