import type { Generated, GeneratedAlways } from 'kysely';
import type { ChargeMethod, ChargeState, GatewayName } from '#domain/charge.ts';
import type { At, BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type ChargesTable = {
  tenant_id: string;
  id: Generated<string>;
  gateway: GatewayName;
  /** Null: it is a top-up's. */
  customer_id: Maybe<string>;
  invoice_id: Maybe<string>;
  erp_invoice: Maybe<string>;
  top_up_id: Maybe<string>;
  amount: BigInteger;
  method: ChargeMethod;
  state: Defaulted<ChargeState>;
  gateway_ref: Maybe<string>;
  qr_string: Maybe<string>;
  virtual_account: Maybe<string>;
  bank: Maybe<string>;
  url: Maybe<string>;
  expires_at: Date;
  paid_amount: Maybe<bigint>;
  paid_at: MaybeAt;
  payment_id: Maybe<string>;
  refund_asked_at: MaybeAt;
  problem: Maybe<string>;
  opened_by: Maybe<string>;
  created_at: At;
  updated_at: At;
};
export type ChargeLooksTable = {
  tenant_id: string;
  charge_id: string;
  correlation_id: string;
  since: At;
  not_before: At;
  marks: Defaulted<bigint>;
  attempts: Defaulted<number>;
  locked_until: MaybeAt;
  error: Maybe<string>;
};
export type GatewayEventsTable = {
  tenant_id: string;
  id: GeneratedAlways<bigint>;
  gateway: GatewayName;
  dedup: string;
  order_id: string;
  raw: Buffer;
  is_ours: boolean;
  correlation_id: string;
  received_at: At;
};
export type BankStatementsTable = {
  tenant_id: string;
  id: Generated<string>;
  name: string;
  digest: Buffer;
  lines: number;
  uploaded_by: string;
  uploaded_at: At;
};
export type BankLinesTable = {
  tenant_id: string;
  id: Generated<string>;
  statement_id: string;
  no: number;
  booked_on: string;
  description: string;
  amount: BigInteger;
  direction: 'credit' | 'debit';
  line_key: Buffer;
  state: Defaulted<'open' | 'booked' | 'ignored'>;
  payment_id: Maybe<string>;
  decided_by: Maybe<string>;
  decided_at: MaybeAt;
};

export type GatewayTables = {
  charges: ChargesTable;
  charge_looks: ChargeLooksTable;
  gateway_events: GatewayEventsTable;
  bank_statements: BankStatementsTable;
  bank_lines: BankLinesTable;
};
