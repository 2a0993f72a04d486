// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Nas = {
  id: string;
  name: string;
  address: string;
  coa_address: string | null;
  coa_port: number;
  type: string;
  sign_coa: boolean;
  require_message_authenticator: boolean;
  orders_per_second: number;
  answers: 'yes' | 'silent' | 'unknown';
  last_answer_at: string | null;
  last_silence_at: string | null;
  deaf_since: string | null;
  next_try_at: string | null;
  waiting_orders: number;
  note: string | null;
  created_at: string;
  warnings: readonly string[];
};
export type NasChange = {
  name?: string | undefined;
  secret?: string | undefined;
  coa_address?: string | null | undefined;
  coa_port?: number | undefined;
  type?: string | undefined;
  sign_coa?: boolean | undefined;
  require_message_authenticator?: boolean | undefined;
  orders_per_second?: number | undefined;
};
export type NasPage = { data: readonly Nas[]; page: number; page_size: number; total: number };
export type NewNas = {
  name: string;
  secret: string;
  coa_address?: string | null | undefined;
  coa_port?: number | undefined;
  type?: string | undefined;
  sign_coa?: boolean | undefined;
  require_message_authenticator?: boolean | undefined;
  orders_per_second?: number | undefined;
  address: string;
};
export type RouterosScript = { script: string };
export type RouterosScriptWanted = { radius_address: string; isolir_address: string; pool?: string | undefined };

export type NasOperations = {
  'POST /nas': { body: NewNas; answer: Nas };
  'GET /nas': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: NasPage;
  };
  'GET /nas/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Nas };
  'PATCH /nas/{id}': { params: { id: string }; body: NasChange; answer: Nas };
  'DELETE /nas/{id}': { params: { id: string } };
  'POST /nas/{id}/routeros-script': { params: { id: string }; body: RouterosScriptWanted; answer: RouterosScript };
};
