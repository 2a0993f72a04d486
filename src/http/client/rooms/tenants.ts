// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type NewTenant = { name: string; subdomain: string };
export type Tenant = {
  id: string;
  name: string;
  subdomain: string;
  is_active: boolean;
  state: 'active' | 'inactive' | 'deleting';
  deletion: { asked_at: string; waits_for: string | null } | null;
  created_at: string;
};
export type TenantChange = { name?: string | undefined; is_active?: boolean | undefined };
export type TenantPage = { data: readonly Tenant[]; page: number; page_size: number; total: number };
export type Usage = {
  tenant_id: string;
  month: string;
  subscribers_peak: number;
  subscribers_end: number;
  active_end: number;
  events: number;
  messages: number;
  counted_at: string;
};

export type TenantsOperations = {
  'POST /tenants': { body: NewTenant; answer: Tenant };
  'GET /tenants': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_active?: 'true' | 'false' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: TenantPage;
  };
  'GET /tenants/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Tenant };
  'PATCH /tenants/{id}': { params: { id: string }; body: TenantChange; answer: Tenant };
  'DELETE /tenants/{id}': { params: { id: string }; query: { confirm: string }; answer: Tenant };
  'GET /tenants/{id}/usage': {
    params: { id: string };
    query: { month: string; fields?: string | undefined };
    answer: Usage;
  };
};
