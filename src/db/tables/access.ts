import type { Generated } from 'kysely';
import type { At, Defaulted, Json, Maybe, MaybeAt } from '../columns.ts';

/** What later migrations added to a user: what its tokens are held against, its second factor, its name in the ledger's HR. */
export type UserAccessColumns = {
  token_epoch: Defaulted<number>;
  totp_secret: Maybe<string>;
  totp_confirmed_at: MaybeAt;
  totp_last_step: Maybe<number>;
  last_login_at: MaybeAt;
  erp_employee: Maybe<string>;
  /** Of the role `reseller` alone, and always. */
  reseller_id: Maybe<string>;
};
export type SigningKeysTable = {
  id: string;
  private_key: string;
  public_key: string;
  created_at: At;
  retired_at: MaybeAt;
};
export type PasswordResetsTable = {
  id: Generated<string>;
  tenant_id: string;
  user_id: string;
  token_hash: Buffer;
  created_at: At;
  expires_at: Date;
  used_at: MaybeAt;
};
export type RecoveryCodesTable = {
  id: Generated<string>;
  tenant_id: Maybe<string>;
  user_id: string;
  code_hash: Buffer;
  used_at: MaybeAt;
};
export type ApiKeysTable = {
  id: Generated<string>;
  tenant_id: string;
  name: string;
  hint: string;
  key_hash: Buffer;
  scopes: Json;
  created_by: string;
  created_at: At;
  expires_at: MaybeAt;
  last_used_at: MaybeAt;
  last_used_address: Maybe<string>;
  revoked_at: MaybeAt;
  reseller_id: Maybe<string>;
};
export type RateLimitsTable = { key: string; points: number; expire: Maybe<bigint> };

export type AccessTables = {
  signing_keys: SigningKeysTable;
  password_resets: PasswordResetsTable;
  recovery_codes: RecoveryCodesTable;
  api_keys: ApiKeysTable;
  rate_limits: RateLimitsTable;
};
