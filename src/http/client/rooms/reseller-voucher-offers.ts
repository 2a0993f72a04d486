// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

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

export type ResellerVoucherOffersOperations = {
  'GET /reseller/voucher-offers': { query?: { fields?: string | undefined }; answer: VoucherOffers };
};
