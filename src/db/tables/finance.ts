import type { Generated } from 'kysely';
import type { At, BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type FinanceRecordsTable = {
  tenant_id: string;
  id: Generated<string>;
  kind: 'expense' | 'other_income';
  category: string;
  amount: BigInteger;
  account: string;
  happened_on: string;
  note: Defaulted<string>;
  posting_id: string;
  recorded_by: string;
  recorded_at: At;
  reversed_at: MaybeAt;
  reversed_by: Maybe<string>;
  reverse_reason: Maybe<string>;
};

export type FinanceTables = { finance_records: FinanceRecordsTable };
