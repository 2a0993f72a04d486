import type { ColumnType, Generated } from 'kysely';
import type { At, BigInteger, Defaulted, DefaultedJson, Maybe, MaybeAt } from '../columns.ts';

export type CommissionRulesTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: Maybe<string>;
  service_plan_id: Maybe<string>;
  occasion: 'first' | 'recurring' | 'every';
  kind: 'percent' | 'fixed';
  value: BigInteger;
  tiers: DefaultedJson;
  valid_from: string;
  valid_to: Maybe<string>;
  notes: Defaulted<string>;
  created_by: string;
  created_at: At;
};
export type CommissionSourcesTable = {
  tenant_id: string;
  kind: 'payment' | 'entry';
  source: string;
  reseller_id: string;
  customer_id: string;
  volume: Maybe<number>;
  terms: DefaultedJson;
  earned: ColumnType<bigint, bigint | undefined, bigint>;
};
export type CommissionPayoutsTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: string;
  until: string;
  amount: BigInteger;
  state: 'draft' | 'approved' | 'paid' | 'cancelled';
  made_by: string;
  made_at: Date;
  approved_by: Maybe<string>;
  approved_at: MaybeAt;
  paid_by: Maybe<string>;
  paid_at: MaybeAt;
  method: Maybe<'transfer' | 'cash' | 'deposit' | 'salary'>;
  reference: Maybe<string>;
  posting_id: Maybe<string>;
  erp_document: Maybe<string>;
  erp_error: Maybe<string>;
};
export type CommissionsTable = {
  tenant_id: string;
  id: Generated<string>;
  kind: 'payment' | 'entry';
  source: string;
  no: number;
  reseller_id: string;
  customer_id: string;
  service_plan_id: Maybe<string>;
  rule_id: Maybe<string>;
  earned_on: string;
  base: BigInteger;
  amount: BigInteger;
  posting_id: string;
  payout_id: Maybe<string>;
  created_at: At;
};

/** What resellers earn, by which rules, and what they were paid. */
export type CommissionTables = {
  commission_rules: CommissionRulesTable;
  commission_sources: CommissionSourcesTable;
  commission_payouts: CommissionPayoutsTable;
  commissions: CommissionsTable;
};
