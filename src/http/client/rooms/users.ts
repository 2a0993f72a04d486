// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { User } from './auth.ts';

export type UserChange = {
  name?: string | undefined;
  role?:
    | 'admin'
    | 'operator'
    | 'finance'
    | 'warehouse'
    | 'noc'
    | 'technician'
    | 'hr'
    | 'reseller'
    | 'viewer'
    | undefined;
  reseller_id?: string | undefined;
  is_active?: boolean | undefined;
  erp_employee?: string | null | undefined;
  has_totp?: false | undefined;
};
export type UserPage = { data: readonly User[]; page: number; page_size: number; total: number };

export type UsersOperations = {
  'GET /users': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      role?:
        | 'admin'
        | 'operator'
        | 'finance'
        | 'warehouse'
        | 'noc'
        | 'technician'
        | 'hr'
        | 'reseller'
        | 'viewer'
        | undefined;
      is_active?: 'true' | 'false' | undefined;
      sort?: 'name' | '-name' | 'email' | '-email' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: UserPage;
  };
  'GET /users/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: User };
  'PATCH /users/{id}': { params: { id: string }; body: UserChange; answer: User };
};
