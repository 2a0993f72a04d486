import type { Generated } from 'kysely';
import type { At, Defaulted, Maybe } from '../columns.ts';

export type ResellersTable = {
  tenant_id: string;
  id: Generated<string>;
  name: string;
  phone: Defaulted<string>;
  email: Maybe<string>;
  address: Defaulted<string>;
  notes: Defaulted<string>;
  is_active: Defaulted<boolean>;
  erp_supplier: Maybe<string>;
  erp_employee: Maybe<string>;
  created_at: At;
  updated_at: At;
};
export type ResellerPlansTable = {
  tenant_id: string;
  reseller_id: string;
  service_plan_id: string;
  /** A month, in minor units; null: the plan's own. */
  price: Maybe<bigint>;
};

/** Partners who sell on their own account. */
export type ResellerTables = { resellers: ResellersTable; reseller_plans: ResellerPlansTable };
