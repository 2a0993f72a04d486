// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

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

export type ResellerVoucherSalesOperations = {
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
};
