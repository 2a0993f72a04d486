// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Connection = {
  system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' | 'midtrans' | 'xendit' | 'tripay' | 'duitku';
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
export type DuitkuConnection = {
  environment?: 'production' | 'sandbox' | undefined;
  url?: string | null | undefined;
  merchant_code: string;
  api_key?: string | undefined;
  email: string;
  qris?: 'SP' | 'NQ' | 'GQ' | 'SQ' | null | undefined;
  virtual_account?: 'BC' | 'I1' | 'BR' | 'M2' | 'BT' | null | undefined;
  e_wallet?: 'OV' | 'DA' | 'SA' | 'LA' | null | undefined;
};
export type ErpnextConnection = {
  url: string;
  api_key?: string | undefined;
  api_secret?: string | undefined;
  webhook_secret?: string | undefined;
};
export type ErpnextInstalled = {
  ok: boolean;
  steps: readonly { of: string; state: 'there' | 'made' | 'missing' | 'todo' | 'advice'; words: string }[];
};
export type FreeradiusConnection = { database_url?: string | '' | null | undefined };
export type InventreeConnection = {
  url: string;
  token?: string | undefined;
  warehouse_location?: number | null | undefined;
  bag_location_parent?: number | null | undefined;
  webhook_secret?: string | undefined;
};
export type MidtransConnection = {
  environment?: 'production' | 'sandbox' | undefined;
  url?: string | null | undefined;
  server_key?: string | undefined;
  virtual_account?: 'bca' | 'bni' | 'bri' | 'cimb' | 'permata' | null | undefined;
  e_wallet?: 'gopay' | 'shopeepay' | null | undefined;
};
export type SmtpConnection = {
  host: string;
  port?: number | undefined;
  secure?: 'tls' | 'starttls' | 'none' | undefined;
  user?: string | null | undefined;
  password?: string | undefined;
  from: string;
};
export type TripayConnection = {
  environment?: 'production' | 'sandbox' | undefined;
  url?: string | null | undefined;
  merchant_code: string;
  api_key?: string | undefined;
  private_key?: string | undefined;
  email: string;
  virtual_account?: 'BCAVA' | 'BNIVA' | 'BRIVA' | 'MANDIRIVA' | 'PERMATAVA' | null | undefined;
  e_wallet?: 'OVO' | 'DANA' | 'SHOPEEPAY' | null | undefined;
};
export type XenditConnection = {
  url?: string | null | undefined;
  secret_key?: string | undefined;
  callback_token?: string | undefined;
  virtual_account?: 'BCA' | 'BNI' | 'BRI' | 'MANDIRI' | 'PERMATA' | null | undefined;
  e_wallet?: 'OVO' | 'DANA' | 'SHOPEEPAY' | 'LINKAJA' | null | undefined;
};

export type ConnectionsOperations = {
  'PUT /connections/erpnext': { body: ErpnextConnection; answer: Connection };
  'PUT /connections/freeradius': { body: FreeradiusConnection; answer: Connection };
  'PUT /connections/inventree': { body: InventreeConnection; answer: Connection };
  'PUT /connections/smtp': { body: SmtpConnection; answer: Connection };
  'PUT /connections/midtrans': { body: MidtransConnection; answer: Connection };
  'PUT /connections/xendit': { body: XenditConnection; answer: Connection };
  'PUT /connections/tripay': { body: TripayConnection; answer: Connection };
  'PUT /connections/duitku': { body: DuitkuConnection; answer: Connection };
  'GET /connections': { query?: { fields?: string | undefined }; answer: ConnectionPage };
  'DELETE /connections/{system}': {
    params: { system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' | 'midtrans' | 'xendit' | 'tripay' | 'duitku' };
  };
  'POST /connections/erpnext/install': { answer: ErpnextInstalled };
  'POST /connections/inventree/install': { answer: ErpnextInstalled };
  'POST /connections/{system}/test': {
    params: { system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' | 'midtrans' | 'xendit' | 'tripay' | 'duitku' };
    answer: ConnectionTest;
  };
};
