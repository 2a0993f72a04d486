// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type ApiKey = {
  id: string;
  name: string;
  hint: string;
  scopes: readonly string[];
  created_by: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_used_address: string | null;
  revoked_at: string | null;
  reseller_id: string | null;
};
export type ApiKeyPage = { data: readonly ApiKey[]; page: number; page_size: number; total: number };
export type MadeApiKey = ApiKey & { key: string };
export type NewApiKey = {
  name: string;
  scopes: readonly (
    | 'users:read'
    | 'api_keys:read'
    | 'settings:read'
    | 'settings:write'
    | 'connections:read'
    | 'connections:write'
    | 'connections:test'
    | 'nas:read'
    | 'nas:write'
    | 'plans:read'
    | 'plans:write'
    | 'customers:read'
    | 'customers:write'
    | 'customers:contact'
    | 'customers:delete'
    | 'customers:erase'
    | 'customers:reveal'
    | 'leads:read'
    | 'leads:write'
    | 'coverage:read'
    | 'coverage:write'
    | 'subscriptions:read'
    | 'subscriptions:write'
    | 'subscriptions:reveal'
    | 'promises:read'
    | 'promises:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'payments:read'
    | 'payments:write'
    | 'payments:refund'
    | 'vouchers:read'
    | 'vouchers:write'
    | 'vouchers:redeem'
    | 'finance:read'
    | 'finance:write'
    | 'assets:read'
    | 'assets:write'
    | 'scans:read'
    | 'scans:write'
    | 'work_orders:read'
    | 'work_orders:write'
    | 'work_orders:assign'
    | 'consumables:read'
    | 'consumables:write'
    | 'attendance:read'
    | 'attendance:write'
    | 'incentives:read'
    | 'incentives:write'
    | 'resellers:read'
    | 'resellers:write'
    | 'deposits:read'
    | 'deposits:write'
    | 'commissions:read'
    | 'commissions:write'
    | 'reseller_requests:read'
    | 'reseller_requests:write'
    | 'own_sales:read'
    | 'own_sales:write'
    | 'integrations:read'
    | 'integrations:write'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'messages:read'
    | 'messages:write'
    | 'audit:read'
    | 'safety:read'
    | 'safety:write'
  )[];
  expires_at?: string | undefined;
  reseller_id?: string | undefined;
};

export type ApiKeysOperations = {
  'POST /api-keys': { body: NewApiKey; answer: MadeApiKey };
  'GET /api-keys': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_revoked?: 'true' | 'false' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: ApiKeyPage;
  };
  'DELETE /api-keys/{id}': { params: { id: string } };
};
