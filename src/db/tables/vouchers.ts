import type { ColumnType, Generated } from 'kysely';
import type { At, BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type VoucherBatchesTable = {
  tenant_id: string;
  id: Generated<string>;
  service_plan_id: Maybe<string>;
  days: number;
  price: BigInteger;
  count: number;
  prefix: Defaulted<string>;
  expires_on: Maybe<string>;
  note: Defaulted<string>;
  created_by: string;
  created_at: At;
  reseller_price: ColumnType<bigint | null, bigint | null | undefined, bigint | null>;
  handed_out_at: MaybeAt;
};
export type VoucherState = 'unused' | 'redeemed' | 'void';
export type VouchersTable = {
  tenant_id: string;
  id: string;
  batch_id: string;
  no: number;
  code_hash: ColumnType<Buffer, Buffer, never>;
  code_sealed: Maybe<string>;
  state: Defaulted<VoucherState>;
  redeemed_at: MaybeAt;
  redeemed_by: Maybe<string>;
  subscription_id: Maybe<string>;
  valid_until: MaybeAt;
  posting_id: Maybe<string>;
  voided_at: MaybeAt;
  reseller_id: Maybe<string>;
  sale_id: Maybe<string>;
};
export type VoucherSalesTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: string;
  batch_id: string;
  count: number;
  unit_price: BigInteger;
  idem_key: string;
  sold_by: string;
  sold_at: At;
};

/** Days of service on paper, and which resellers have bought of them. */
export type VoucherTables = {
  voucher_batches: VoucherBatchesTable;
  vouchers: VouchersTable;
  voucher_sales: VoucherSalesTable;
};
