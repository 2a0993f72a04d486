import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { newVouchers } from './codes.ts';
import type {
  NewVoucherBatch,
  VoidAsk,
  Voucher,
  VoucherBatch,
  VoucherBatchChange,
  VoucherBatchPage,
  VoucherBatchQuery,
  VoucherPage,
  VoucherQuery,
} from './schema.ts';
import * as store from './store.ts';

export { buyVouchers, type Deal, takeBackUnused } from './buying.ts';
export { isUnknownCode, type Redeeming, type Renewed, redeemVoucher, type Typed } from './redeeming.ts';
export { readSale, showCodes, showSale } from './sales.ts';
export type { TakeBackAsk, VoucherPurchase, VoucherSale, VoucherSaleWithCodes } from './sales-schema.ts';
export type { Redeemed } from './schema.ts';
export { noteSale, standingOf } from './store.ts';

const batchView = ({ service_plan_id, plan_name, ...row }: store.BatchRow): VoucherBatch => ({
  ...row,
  service_plan: service_plan_id === null ? null : { id: service_plan_id, name: plan_name ?? '' },
  price: Number(row.price),
  reseller_price: row.reseller_price === null ? null : Number(row.reseller_price),
  handed_out_at: row.handed_out_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

const voucherView = ({ reseller_id, reseller_name, ...row }: store.VoucherRow): Voucher => ({
  ...row,
  reseller: reseller_id === null ? null : { id: reseller_id, name: reseller_name ?? '' },
  sold_at: row.sold_at?.toISOString() ?? null,
  price: Number(row.price),
  redeemed_at: row.redeemed_at?.toISOString() ?? null,
  valid_until: row.valid_until?.toISOString() ?? null,
  voided_at: row.voided_at?.toISOString() ?? null,
});

function checkOffer(price: bigint, offered: number | null): void {
  if (offered !== null && BigInt(offered) > price) throw invalid('reseller_price', 'is above the price it is sold for');
}

async function checkBatch(tx: Tx, tenantId: string, batch: NewVoucherBatch, now: number): Promise<void> {
  const { settings } = await store.tenantOf(tx, tenantId);
  const today = localDate(now, readTenantSettings(settings).time_zone);
  if (batch.expires_on !== null && batch.expires_on < today) throw invalid('expires_on', 'is over already');
  if (batch.service_plan_id !== null && !(await store.planExists(tx, tenantId, batch.service_plan_id))) {
    throw invalid('service_plan_id', 'There is no such service plan.');
  }
  checkOffer(BigInt(batch.price), batch.reseller_price);
}

const minor = (amount: number | null): bigint | null => (amount === null ? null : BigInt(amount));

/** Makes a batch with its codes (spec R4), which are shown on its sheet alone. `now` in ms since 1970. */
export async function createBatch(
  tx: Tx,
  who: Who,
  batch: NewVoucherBatch,
  vault: TenantVault,
  now: number,
): Promise<VoucherBatch> {
  demand(who.caller, 'vouchers:write');
  const { tenantId } = who;
  await checkBatch(tx, tenantId, batch, now);
  const money = { price: BigInt(batch.price), reseller_price: minor(batch.reseller_price) };
  const values = { ...batch, ...money, created_by: who.caller.userId };
  const { id } = await store.insertBatch(tx, { ...values, tenant_id: tenantId });
  for await (const vouchers of newVouchers(vault, batch.count)) await store.insertVouchers(tx, tenantId, id, vouchers);
  await record(tx, who, { action: 'create', entity: 'voucher_batch', id, after: batch });
  return foundBatch(tx, tenantId, id);
}

async function foundBatch(tx: Tx, tenantId: string, id: string): Promise<VoucherBatch> {
  const row = await store.findBatch(tx, tenantId, id);
  if (!row) throw notFound('voucher batch');
  return batchView(row);
}

export async function showBatch(tx: Tx, who: Who, id: string): Promise<VoucherBatch> {
  demand(who.caller, 'vouchers:read');
  return foundBatch(tx, who.tenantId, id);
}

export async function listBatches(tx: Tx, who: Who, query: VoucherBatchQuery): Promise<VoucherBatchPage> {
  demand(who.caller, 'vouchers:read');
  return mapPage(await store.listBatches(tx, who.tenantId, query), batchView);
}

export async function listVouchers(tx: Tx, who: Who, query: VoucherQuery): Promise<VoucherPage> {
  demand(who.caller, 'vouchers:read');
  return mapPage(await store.listVouchers(tx, who.tenantId, query), voucherView);
}

/** Offers a batch to resellers at another price, or to none of them any more. What they have bought is theirs. */
export async function changeBatch(
  tx: Tx,
  who: Who,
  id: string,
  { reseller_price }: VoucherBatchChange,
): Promise<VoucherBatch> {
  demand(who.caller, 'vouchers:write');
  const before = await foundBatch(tx, who.tenantId, id);
  checkOffer(BigInt(before.price), reseller_price);
  if (!(await store.offer(tx, who.tenantId, id, minor(reseller_price)))) {
    const told = 'The codes of this batch were printed, and may be sold on paper: make another one for resellers.';
    throw new Refusal('CONFLICT', told, { reason: 'handed_out', handed_out_at: before.handed_out_at });
  }
  const change = { action: 'update', entity: 'voucher_batch', id } as const;
  await record(tx, who, { ...change, before: { reseller_price: before.reseller_price }, after: { reseller_price } });
  return foundBatch(tx, who.tenantId, id);
}

/** Makes what is unused of a batch, and no reseller's, worth nothing, for good. */
export async function voidBatch(tx: Tx, who: Who, id: string, { reason }: VoidAsk, now: number): Promise<VoucherBatch> {
  demand(who.caller, 'vouchers:write');
  const before = await foundBatch(tx, who.tenantId, id);
  const voided = await store.voidUnused(tx, who.tenantId, id, new Date(now));
  const after = { unused: before.unused - voided, void: before.void + voided, reason };
  const change = { action: 'update', entity: 'voucher_batch', id } as const;
  await record(tx, who, { ...change, before: { unused: before.unused, void: before.void }, after });
  return foundBatch(tx, who.tenantId, id);
}

/** What was redeemed for a customer's lines, for that customer's export (SEC-28). */
export const vouchersOf = async (tx: Tx, tenantId: string, customerId: string): Promise<readonly Voucher[]> =>
  (await store.ofCustomer(tx, tenantId, customerId)).map(voucherView);
