import type { ColumnType, Generated } from 'kysely';
import type { BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';
import type { PaymentMethod } from './billing.ts';

type DefaultedBig = ColumnType<bigint, bigint | undefined, bigint>;

export type DepositsTable = {
  tenant_id: string;
  reseller_id: string;
  balance: DefaultedBig;
  moves: DefaultedBig;
  daily_limit: Maybe<bigint>;
  spent: DefaultedBig;
  spent_on: Maybe<string>;
  low_mark: Maybe<bigint>;
  low_told_at: MaybeAt;
  updated_at: ColumnType<Date, Date | undefined, Date>;
};
export type DepositMoveKind = 'top_up' | 'payment' | 'vouchers' | 'reversal' | 'refund' | 'payout' | 'commission';
export type DepositMovesTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: string;
  no: BigInteger;
  kind: DepositMoveKind;
  amount: BigInteger;
  balance: BigInteger;
  posting_id: string;
  source_id: string;
  idem_key: string;
  reverses: Maybe<string>;
  memo: Defaulted<string>;
  moved_by: Maybe<string>;
  correlation_id: string;
  moved_at: Date;
};
export type DepositTopUpsTable = {
  tenant_id: string;
  id: Generated<string>;
  kind: 'top_up' | 'refund';
  reseller_id: string;
  amount: BigInteger;
  method: Exclude<PaymentMethod, 'deposit'>;
  reference: Maybe<string>;
  notes: Defaulted<string>;
  state: Defaulted<'requested' | 'approved_once' | 'done' | 'rejected'>;
  by_gateway: Defaulted<boolean>;
  idem_key: string;
  requested_by: Maybe<string>;
  requested_at: Date;
  expires_at: Date;
  first_by: Maybe<string>;
  first_at: MaybeAt;
  decided_by: Maybe<string>;
  decided_at: MaybeAt;
  reason: Maybe<string>;
};

/** What resellers have paid in beforehand. */
export type DepositTables = {
  deposits: DepositsTable;
  deposit_moves: DepositMovesTable;
  deposit_top_ups: DepositTopUpsTable;
};
