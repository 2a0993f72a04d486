// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { Usage } from './tenants.ts';

export type UsagePage = { data: readonly Usage[]; page: number; page_size: number; total: number };

export type UsageOperations = {
  'GET /usage': {
    query: { page?: number | undefined; page_size?: number | undefined; month: string; fields?: string | undefined };
    answer: UsagePage;
  };
};
