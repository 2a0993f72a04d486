// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run --project db test/api/client.db.test.ts
import type { CommissionPage } from './commissions.ts';
import type { RegisteredCustomer } from './customers.ts';
import type { DepositTopUp, DepositTopUpPage } from './deposit-top-ups.ts';

export type CommissionSummary = {
  owed: number;
  paid: number;
  this_month: number;
  months: readonly { month: string; earned: number; taken_back: number; paid: number }[];
};
export type Deposit = {
  reseller_id: string;
  balance: number;
  low_mark: number | null;
  daily_limit: number | null;
  spent_today: number;
  ways: readonly ('cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'other')[];
};
export type DepositMove = {
  id: string;
  no: number;
  at: string;
  kind: 'top_up' | 'payment' | 'vouchers' | 'reversal' | 'refund' | 'payout' | 'commission';
  amount: number;
  balance: number;
  memo: string;
  source_id: string;
  reverses: string | null;
};
export type DepositMovePage = { data: readonly DepositMove[]; page: number; page_size: number; total: number };
export type DepositPayment = {
  id: string;
  customer_id: string;
  amount: number;
  balance: number;
  paid_at: string;
  lines: readonly { subscription_id: string; username: string; state: string | null }[];
};
export type ImportedCustomers = {
  preview: boolean;
  imported_before: boolean;
  good: number;
  bad: number;
  rows: readonly {
    row: number;
    name: string;
    phone: string;
    plan: string;
    errors: readonly {
      column:
        | 'name'
        | 'phone'
        | 'address'
        | 'plan'
        | 'username'
        | 'password'
        | 'mac'
        | 'due_day'
        | 'latitude'
        | 'longitude'
        | 'national_id'
        | 'email';
      code:
        | 'missing'
        | 'too_long'
        | 'scientific'
        | 'phone_bad'
        | 'zero_restored'
        | 'plan_unknown'
        | 'username_bad'
        | 'username_taken'
        | 'password_bad'
        | 'mac_bad'
        | 'mac_taken'
        | 'due_day_bad'
        | 'position_bad'
        | 'position_half'
        | 'national_id_bad'
        | 'email_bad'
        | 'twin_in_file'
        | 'twin_there'
        | 'refused';
      message: string;
    }[];
    warnings: readonly {
      column:
        | 'name'
        | 'phone'
        | 'address'
        | 'plan'
        | 'username'
        | 'password'
        | 'mac'
        | 'due_day'
        | 'latitude'
        | 'longitude'
        | 'national_id'
        | 'email';
      code:
        | 'missing'
        | 'too_long'
        | 'scientific'
        | 'phone_bad'
        | 'zero_restored'
        | 'plan_unknown'
        | 'username_bad'
        | 'username_taken'
        | 'password_bad'
        | 'mac_bad'
        | 'mac_taken'
        | 'due_day_bad'
        | 'position_bad'
        | 'position_half'
        | 'national_id_bad'
        | 'email_bad'
        | 'twin_in_file'
        | 'twin_there'
        | 'refused';
      message: string;
    }[];
  }[];
  customers: readonly {
    row: number;
    customer_id: string;
    customer_code: string;
    name: string;
    username: string;
    password: string;
  }[];
};
export type NewDepositPayment = {
  customer_id: string;
  amount?: number | undefined;
  invoice_id?: string | undefined;
  erp_invoice?: string | undefined;
};
export type NewDepositTopUp = {
  amount: number;
  reference?: string | null | undefined;
  notes?: string | undefined;
  method: 'transfer' | 'cash' | 'qris' | 'virtual_account' | 'e_wallet';
};
export type NewRequestMessage = { text: string };
export type NewResellerRequest = {
  kind: 'no_internet' | 'slow' | 'billing' | 'move' | 'plan' | 'equipment' | 'other';
  text: string;
  customer_id?: string | null | undefined;
};
export type NewSubCustomer = {
  service_plan_id: string;
  billing_mode?: 'prepaid' | 'postpaid' | undefined;
  due_date?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  router_id?: string | undefined;
  mac?: string | undefined;
  name: string;
  phone: string;
  address: string;
  email?: string | null | undefined;
  notes?: string | undefined;
  national_id?: string | null | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
};
export type PlaceAnswer = { covered: boolean; areas: readonly { id: string; name: string }[]; may_register: boolean };
export type PlaceAsked = { latitude: number; longitude: number };
export type ResellerDashboard = {
  customers: { total: number; green: number; red: number; grey: number };
  by_state: {
    pending?: number | undefined;
    active?: number | undefined;
    isolated?: number | undefined;
    suspended?: number | undefined;
    terminated?: number | undefined;
  };
  modems_seen_at: string | null;
  to_collect: { customers: number; amount: number };
  overdue: { customers: number; amount: number };
  due_soon: readonly { id: string; name: string; amount: number; due_date: string }[];
  open_requests: number;
  deposit: { balance: number; low_mark: number | null };
  commission_this_month: number;
};
export type ResellerRequest = {
  id: string;
  kind: 'no_internet' | 'slow' | 'billing' | 'move' | 'plan' | 'equipment' | 'other';
  state: 'open' | 'answered' | 'closed';
  reseller: { id: string; name: string };
  customer: { id: string; name: string } | null;
  text: string;
  created_at: string;
  updated_at: string;
};
export type ResellerRequestPage = { data: readonly ResellerRequest[]; page: number; page_size: number; total: number };
export type ResellerRequestThread = ResellerRequest & {
  messages: readonly { id: string; by: 'reseller' | 'provider'; name: string; text: string; at: string }[];
};
export type SoldPlan = {
  id: string;
  name: string;
  price: number;
  description: string;
  speed_download: number;
  speed_upload: number;
};
export type SoldPlans = { data: readonly SoldPlan[] };
export type SoldVoucher = {
  id: string;
  sale_id: string;
  no: number;
  state: 'unused' | 'redeemed' | 'void';
  days: number;
  price: number;
  expires_on: string | null;
  sold_at: string;
  redeemed_at: string | null;
  taken_back_at: string | null;
};
export type SoldVoucherPage = { data: readonly SoldVoucher[]; page: number; page_size: number; total: number };
export type SubCustomer = {
  id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  plan: { id: string; name: string; price: number } | null;
  username: string | null;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  dot: 'green' | 'red' | 'grey';
  open: number;
  next_due_date: string | null;
  created_at: string;
};
export type SubCustomerBill = {
  invoice_id: string | null;
  erp_invoice: string | null;
  number: string;
  customer: { id: string; customer_code: string; name: string };
  issued_on: string | null;
  due_date: string;
  is_overdue: boolean;
  total: number;
  outstanding: number;
};
export type SubCustomerBillPage = {
  data: readonly SubCustomerBill[];
  page: number;
  page_size: number;
  total: number;
  open: number;
};
export type SubCustomerPage = {
  data: readonly SubCustomer[];
  page: number;
  page_size: number;
  total: number;
  sees_modems: boolean;
};
export type SubCustomerStatus = {
  id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  dot: 'green' | 'red' | 'grey';
  open: number;
  lines: readonly {
    subscription_id: string;
    username: string;
    plan: { id: string; name: string; price: number };
    state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
    dot: 'green' | 'red' | 'grey';
    online: boolean | null;
    online_since: string | null;
    last_seen_at: string | null;
    why: {
      code:
        | 'ended'
        | 'held'
        | 'not_installed'
        | 'first_payment'
        | 'unpaid'
        | 'quota_used_up'
        | 'validity_over'
        | 'isolated'
        | 'waiting'
        | 'unknown'
        | 'online_owing'
        | 'online'
        | 'router_away'
        | 'never_seen'
        | 'disconnected';
      step: 'pay' | 'check_modem' | 'ask_provider' | 'wait' | 'none';
      text: { id: string; en: string };
    };
    sessions: readonly {
      started_at: string | null;
      ended_at: string | null;
      seconds: number | null;
      up_mb: number;
      down_mb: number;
    }[];
  }[];
};
export type VoucherOffers = {
  data: readonly {
    batch_id: string;
    days: number;
    service_plan: { id: string; name: string } | null;
    price: number;
    reseller_price: number;
    expires_on: string | null;
    left: number;
  }[];
};
export type VoucherPurchase = { batch_id: string; count: number };
export type VoucherSale = {
  id: string;
  reseller: { id: string; name: string };
  batch: {
    id: string;
    days: number;
    service_plan: { id: string; name: string } | null;
    price: number;
    expires_on: string | null;
  };
  count: number;
  unit_price: number;
  amount: number;
  unused: number;
  redeemed: number;
  taken_back: number;
  sold_at: string;
};
export type VoucherSalePage = { data: readonly VoucherSale[]; page: number; page_size: number; total: number };
export type VoucherSaleWithCodes = VoucherSale & {
  vouchers: readonly { no: number; state: 'unused' | 'redeemed' | 'void'; code: string | null }[];
};

export type ResellerOperations = {
  'POST /reseller/customers': { body: NewSubCustomer; answer: RegisteredCustomer };
  'GET /reseller/customers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated' | undefined;
      dot?: 'green' | 'red' | 'grey' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: SubCustomerPage;
  };
  'GET /reseller/deposit': { query?: { fields?: string | undefined }; answer: Deposit };
  'GET /reseller/deposit/moves': {
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
  'GET /reseller/deposit/statement': {
    query?: {
      from?: string | undefined;
      to?: string | undefined;
      kind?: 'top_up' | 'payment' | 'vouchers' | 'reversal' | 'refund' | 'payout' | 'commission' | undefined;
    };
  };
  'POST /reseller/deposit/top-ups': { body: NewDepositTopUp; answer: DepositTopUp };
  'GET /reseller/deposit/top-ups': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'requested' | 'approved_once' | 'done' | 'rejected' | 'expired' | undefined;
      kind?: 'top_up' | 'refund' | undefined;
      fields?: string | undefined;
    };
    answer: DepositTopUpPage;
  };
  'POST /reseller/payments': { body: NewDepositPayment; answer: DepositPayment };
  'GET /reseller/voucher-offers': { query?: { fields?: string | undefined }; answer: VoucherOffers };
  'POST /reseller/vouchers': { body: VoucherPurchase; answer: VoucherSaleWithCodes };
  'GET /reseller/vouchers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'unused' | 'redeemed' | 'void' | undefined;
      sale_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: SoldVoucherPage;
  };
  'GET /reseller/voucher-sales': {
    query?: { page?: number | undefined; page_size?: number | undefined; fields?: string | undefined };
    answer: VoucherSalePage;
  };
  'GET /reseller/voucher-sales/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: VoucherSaleWithCodes;
  };
  'GET /reseller/voucher-sales/{id}/sheet': {
    params: { id: string };
    query?: { format?: 'a4' | '58mm' | undefined; language?: 'id' | 'en' | undefined };
  };
  'GET /reseller/voucher-sales/{id}/codes': { params: { id: string } };
  'GET /reseller/commissions': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      month?: string | undefined;
      customer_id?: string | undefined;
      payout_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: CommissionPage;
  };
  'GET /reseller/commissions/summary': { query?: { fields?: string | undefined }; answer: CommissionSummary };
  'GET /reseller/dashboard': { query?: { fields?: string | undefined }; answer: ResellerDashboard };
  'GET /reseller/customers/{id}/status': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: SubCustomerStatus;
  };
  'GET /reseller/invoices': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: SubCustomerBillPage;
  };
  'GET /reseller/plans': { query?: { fields?: string | undefined }; answer: SoldPlans };
  'POST /reseller/coverage': { body: PlaceAsked; answer: PlaceAnswer };
  'POST /reseller/requests': { body: NewResellerRequest; answer: ResellerRequestThread };
  'GET /reseller/requests': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'open' | 'answered' | 'closed' | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: ResellerRequestPage;
  };
  'GET /reseller/requests/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: ResellerRequestThread;
  };
  'POST /reseller/requests/{id}/messages': {
    params: { id: string };
    body: NewRequestMessage;
    answer: ResellerRequestThread;
  };
  'POST /reseller/customers/import': { query?: { preview?: 'true' | 'false' | undefined }; answer: ImportedCustomers };
};
