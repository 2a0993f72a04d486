// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Revenue = { month: string; this_month: number; last_month: number; growth_percent: number | null };

export type BillingOperations = {
  'GET /billing/revenue': { query?: { month?: string | undefined; fields?: string | undefined }; answer: Revenue };
};
