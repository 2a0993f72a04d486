// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { DepositTopUp } from './deposit-top-ups.ts';
import type { CommissionSummary } from './reseller-commissions.ts';
import type { ImportedCustomers } from './reseller-customers.ts';
import type { Deposit, DepositMovePage } from './reseller-deposit.ts';

export type DepositByHand = {
  amount: number;
  reference?: string | null | undefined;
  notes?: string | undefined;
  method: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'other';
};
export type DepositChange = { low_mark?: number | null | undefined; daily_limit?: number | null | undefined };
export type ListedReseller = Reseller & { customers: number };
export type NewReseller = {
  name: string;
  phone?: string | undefined;
  email?: string | null | undefined;
  address?: string | undefined;
  notes?: string | undefined;
  is_active?: boolean | undefined;
  erp_supplier?: string | null | undefined;
  erp_employee?: string | null | undefined;
};
export type Reseller = {
  id: string;
  name: string;
  phone: string;
  email: string | null;
  address: string;
  notes: string;
  is_active: boolean;
  erp_supplier: string | null;
  erp_employee: string | null;
  created_at: string;
  updated_at: string;
};
export type ResellerChange = {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | null | undefined;
  address?: string | undefined;
  notes?: string | undefined;
  is_active?: boolean | undefined;
  erp_supplier?: string | null | undefined;
  erp_employee?: string | null | undefined;
};
export type ResellerPlans = {
  sells_all: boolean;
  plans: readonly { service_plan_id: string; name: string; plan_price: number; price: number | null }[];
};
export type ResellerPlansChange = { plans: readonly { service_plan_id: string; price?: number | null | undefined }[] };
export type ResellerStatistics = {
  customers: number;
  by_status: {
    pending?: number | undefined;
    active?: number | undefined;
    isolated?: number | undefined;
    suspended?: number | undefined;
    terminated?: number | undefined;
  };
  users: number;
  keys: number;
};

export type ResellersOperations = {
  'GET /resellers/{id}/deposit': { params: { id: string }; query?: { fields?: string | undefined }; answer: Deposit };
  'PATCH /resellers/{id}/deposit': { params: { id: string }; body: DepositChange; answer: Deposit };
  'GET /resellers/{id}/deposit/moves': {
    params: { id: string };
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      from?: string | undefined;
      to?: string | undefined;
      kind?: 'top_up' | 'payment' | 'vouchers' | 'reversal' | 'refund' | 'payout' | 'commission' | undefined;
      fields?: string | undefined;
    };
    answer: DepositMovePage;
  };
  'GET /resellers/{id}/deposit/statement': {
    params: { id: string };
    query?: {
      from?: string | undefined;
      to?: string | undefined;
      kind?: 'top_up' | 'payment' | 'vouchers' | 'reversal' | 'refund' | 'payout' | 'commission' | undefined;
    };
  };
  'POST /resellers/{id}/deposit/top-ups': { params: { id: string }; body: DepositByHand; answer: DepositTopUp };
  'POST /resellers/{id}/deposit/refunds': { params: { id: string }; body: DepositByHand; answer: DepositTopUp };
  'GET /resellers/{id}/deposit/statement/pdf': {
    params: { id: string };
    query?: { from?: string | undefined; to?: string | undefined; language?: 'id' | 'en' | undefined };
  };
  'POST /resellers': { body: NewReseller; answer: Reseller };
  'GET /resellers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_active?: 'true' | 'false' | 'all' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: { data: readonly ListedReseller[]; page: number; page_size: number; total: number };
  };
  'GET /resellers/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Reseller };
  'PATCH /resellers/{id}': { params: { id: string }; body: ResellerChange; answer: Reseller };
  'GET /resellers/{id}/statistics': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: ResellerStatistics;
  };
  'GET /resellers/{id}/plans': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: ResellerPlans;
  };
  'PUT /resellers/{id}/plans': { params: { id: string }; body: ResellerPlansChange; answer: ResellerPlans };
  'GET /resellers/{id}/commissions': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: CommissionSummary;
  };
  'POST /resellers/{id}/customers/import': {
    params: { id: string };
    query?: { preview?: 'true' | 'false' | undefined };
    answer: ImportedCustomers;
  };
};
