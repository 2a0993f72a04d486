// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Login = {
  email: string;
  password: string;
  otp?: string | undefined;
  tenant_id?: string | undefined;
  subdomain?: string | undefined;
};
export type NewUser = {
  tenant_id?: string | undefined;
  email: string;
  password: string;
  name: string;
  role: 'admin' | 'operator' | 'finance' | 'warehouse' | 'noc' | 'technician' | 'hr' | 'reseller' | 'viewer';
  reseller_id?: string | undefined;
};
export type OpenSession = {
  id: string;
  began_at: string;
  last_seen_at: string;
  expires_at: string;
  address: string | null;
  device: string | null;
  is_current: boolean;
};
export type PasswordChange = { old_password: string; new_password: string };
export type RecoveryCodes = { recovery_codes: readonly string[] };
export type Refresh = { refresh_token: string };
export type Reset = { token: string; password: string };
export type ResetRequest = { email: string; tenant_id?: string | undefined; subdomain?: string | undefined };
export type Session = {
  access_token: string;
  refresh_token: string;
  token_type: 'Bearer';
  expires_in: number;
  user: User;
};
export type SessionPage = { data: readonly OpenSession[]; page: number; page_size: number; total: number };
export type TotpConfirmation = { code: string };
export type TotpRemoval = { password?: string | undefined; code?: string | undefined };
export type TotpSecret = { secret: string; url: string };
export type User = {
  id: string;
  tenant_id: string | null;
  email: string;
  name: string;
  role: string;
  is_active: boolean;
  has_totp: boolean;
  erp_employee: string | null;
  reseller_id: string | null;
  last_login_at: string | null;
  created_at: string;
};

export type AuthOperations = {
  'POST /auth/login': { body: Login; answer: Session };
  'POST /auth/refresh': { body: Refresh; answer: Session };
  'POST /auth/logout': { body: Refresh };
  'POST /auth/password-reset': { body: ResetRequest };
  'POST /auth/password-reset/confirm': { body: Reset };
  'POST /auth/register': { body: NewUser; answer: User };
  'GET /auth/me': { query?: { fields?: string | undefined }; answer: User };
  'POST /auth/logout-all': object;
  'POST /auth/password': { body: PasswordChange; answer: Session };
  'POST /auth/totp': { answer: TotpSecret };
  'DELETE /auth/totp': { body: TotpRemoval };
  'POST /auth/totp/confirm': { body: TotpConfirmation; answer: RecoveryCodes };
  'GET /auth/sessions': {
    query?: { page?: number | undefined; page_size?: number | undefined; fields?: string | undefined };
    answer: SessionPage;
  };
  'DELETE /auth/sessions': object;
  'DELETE /auth/sessions/{id}': { params: { id: string } };
};
