// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type SoldPlan = {
  id: string;
  name: string;
  price: number;
  description: string;
  speed_download: number;
  speed_upload: number;
};
export type SoldPlans = { data: readonly SoldPlan[] };

export type ResellerPlansOperations = {
  'GET /reseller/plans': { query?: { fields?: string | undefined }; answer: SoldPlans };
};
