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
};

/** Days of service on paper. */
export type VoucherTables = { voucher_batches: VoucherBatchesTable; vouchers: VouchersTable };
