import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { TakeBackAsk, VoucherPurchase } from './sales-schema.ts';
import * as sales from './sales-store.ts';
import { tenantOf } from './store.ts';

/** `idemKey`: the same key twice is one sale. `now` in ms since 1970. */
export type Buying = { readonly idemKey: string; readonly now: number };

/** What moves between the deposit and the vouchers: `amount` above zero, `memo` for the statement. */
export type Deal = {
  readonly saleId: string;
  readonly resellerId: string;
  readonly amount: bigint;
  readonly memo: string;
};
/** `deal` null: it was bought before, and is paid. */
type Bought = { readonly saleId: string; readonly deal: Deal | null };

async function boughtBefore(tx: Tx, who: Who, wish: VoucherPurchase, idemKey: string): Promise<Bought | null> {
  const known = await sales.findByKey(tx, who.tenantId, idemKey);
  if (!known) return null;
  if (known.batch_id !== wish.batch_id || known.count !== wish.count) {
    throw new Refusal('CONFLICT', 'Other vouchers were bought under this key.', { sale_id: known.id });
  }
  return { saleId: known.id, deal: null };
}

/** Another try of the same request came first. */
async function boughtMeanwhile(tx: Tx, who: Who, wish: VoucherPurchase, idemKey: string): Promise<Bought> {
  const bought = await boughtBefore(tx, who, wish, idemKey);
  if (!bought) throw new Refusal('CONFLICT', 'This key was used for another sale.');
  return bought;
}

/** The day, and how vouchers are called on a deposit's statement. */
async function wordsOf(tx: Tx, tenantId: string, now: number) {
  const { settings } = await tenantOf(tx, tenantId);
  const { time_zone: zone, language } = readTenantSettings(settings);
  const days = language === 'id' ? 'hari' : 'days';
  return {
    today: localDate(now, zone),
    memo: (count: number, length: number) => `${count} × voucher ${length} ${days}`,
  };
}

/**
 * Makes vouchers of a batch a reseller's own (spec S1), all that it asks for or none; the caller takes their price from its
 * deposit in the same transaction. Throws CONFLICT with `details.reason` `not_offered` or `not_enough`.
 */
export async function buyVouchers(tx: Tx, who: Who, wish: VoucherPurchase, { idemKey, now }: Buying): Promise<Bought> {
  demand(who.caller, 'own_sales:write');
  const resellerId = demandReseller(who);
  const { tenantId } = who;
  const { batch_id: batchId, count } = wish;
  const before = await boughtBefore(tx, who, wish, idemKey);
  if (before) return before;
  const { today, memo } = await wordsOf(tx, tenantId, now);
  const buyer = { tenantId, resellerId, today };
  const offer = await sales.lockOffer(tx, buyer, batchId);
  if (!offer) {
    throw new Refusal('CONFLICT', 'These vouchers are not offered, or not any more.', { reason: 'not_offered' });
  }
  const sale = await sales.insertSale(tx, {
    tenant_id: tenantId,
    reseller_id: resellerId,
    batch_id: batchId,
    count,
    unit_price: offer.reseller_price,
    idem_key: idemKey,
    sold_by: who.caller.userId,
    sold_at: new Date(now),
  });
  if (!sale) return boughtMeanwhile(tx, who, wish, idemKey);
  const left = await sales.takeUnsold(tx, buyer, { saleId: sale.id, batchId, count });
  if (left < count) {
    throw new Refusal('CONFLICT', `Of these vouchers ${left} are left.`, { reason: 'not_enough', left });
  }
  const amount = offer.reseller_price * BigInt(count);
  const after = { reseller_id: resellerId, batch_id: batchId, count, amount: Number(amount) };
  await record(tx, who, { action: 'create', entity: 'voucher_sale', id: sale.id, after });
  return { saleId: sale.id, deal: { saleId: sale.id, resellerId, amount, memo: memo(count, offer.days) } };
}

/**
 * Makes what is unused of a sale worth nothing; the caller gives its price back to the deposit in the same transaction. Of
 * one sale that is once: nothing of it becomes unused again. Throws NOT_FOUND, and CONFLICT where all is used.
 */
export async function takeBackUnused(
  tx: Tx,
  who: Who,
  id: string,
  { reason }: TakeBackAsk,
  now: number,
): Promise<Deal> {
  demand(who.caller, 'vouchers:write');
  const { tenantId } = who;
  const sale = await sales.findSale(tx, tenantId, id, null);
  if (!sale) throw notFound('sale of vouchers');
  const count = await sales.voidOfSale(tx, tenantId, id, new Date(now));
  if (count === 0) throw new Refusal('CONFLICT', 'Nothing of this sale is unused.', { reason: 'used' });
  const amount = sale.unit_price * BigInt(count);
  const change = { action: 'update', entity: 'voucher_sale', id } as const;
  const before = { unused: count, taken_back: 0 };
  await record(tx, who, { ...change, before, after: { unused: 0, taken_back: count, amount: Number(amount), reason } });
  const { memo } = await wordsOf(tx, tenantId, now);
  return { saleId: id, resellerId: sale.reseller_id, amount, memo: memo(count, sale.days) };
}
