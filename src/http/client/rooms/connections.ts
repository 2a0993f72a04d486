// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run --project db test/api/client.db.test.ts

export type Connection = {
  system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp';
  settings: Readonly<Record<string, unknown>>;
  tested_at: string | null;
  test_ok: boolean | null;
  test_text: string | null;
  waiting: number;
  waiting_error: string | null;
  updated_at: string;
  warnings: readonly string[];
};
export type ConnectionPage = { data: readonly Connection[]; page: number; page_size: number; total: number };
export type ConnectionTest = { ok: boolean; text: string };
export type ErpnextConnection = {
  url: string;
  api_key?: string | undefined;
  api_secret?: string | undefined;
  webhook_secret?: string | undefined;
};
export type FreeradiusConnection = { database_url?: string | '' | null | undefined };
export type InventreeConnection = {
  url: string;
  token?: string | undefined;
  warehouse_location?: number | null | undefined;
  bag_location_parent?: number | null | undefined;
};
export type SmtpConnection = {
  host: string;
  port?: number | undefined;
  secure?: 'tls' | 'starttls' | 'none' | undefined;
  user?: string | null | undefined;
  password?: string | undefined;
  from: string;
};

export type ConnectionsOperations = {
  'PUT /connections/erpnext': { body: ErpnextConnection; answer: Connection };
  'PUT /connections/freeradius': { body: FreeradiusConnection; answer: Connection };
  'PUT /connections/inventree': { body: InventreeConnection; answer: Connection };
  'PUT /connections/smtp': { body: SmtpConnection; answer: Connection };
  'GET /connections': { query?: { fields?: string | undefined }; answer: ConnectionPage };
  'DELETE /connections/{system}': { params: { system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' } };
  'POST /connections/{system}/test': {
    params: { system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' };
    answer: ConnectionTest;
  };
};
