// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { DepositTopUp, DepositTopUpPage } from './deposit-top-ups.ts';

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
export type NewDepositTopUp = {
  amount: number;
  reference?: string | null | undefined;
  notes?: string | undefined;
  method: 'transfer' | 'cash' | 'qris' | 'virtual_account' | 'e_wallet';
};

export type ResellerDepositOperations = {
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
  'GET /reseller/deposit/statement/pdf': {
    query?: { from?: string | undefined; to?: string | undefined; language?: 'id' | 'en' | undefined };
  };
};
