// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CommissionSettings = {
  approval_limit?: number | undefined;
  erp_account?: string | undefined;
  salary_component?: string | undefined;
};
export type CommissionSettingsChange = {
  approval_limit?: number | undefined;
  erp_account?: string | undefined;
  salary_component?: string | undefined;
};
export type DriftPolicy = {
  missing_user?: 'repair' | 'report' | 'adopt' | undefined;
  wrong_group?: 'repair' | 'report' | 'adopt' | undefined;
  wrong_password?: 'repair' | 'report' | 'adopt' | undefined;
  wrong_attribute?: 'repair' | 'report' | 'adopt' | undefined;
  duplicate_row?: 'repair' | 'report' | 'adopt' | undefined;
  extra_owned_row?: 'repair' | 'report' | 'adopt' | undefined;
  missing_group?: 'repair' | 'report' | 'adopt' | undefined;
  wrong_group_rows?: 'repair' | 'report' | 'adopt' | undefined;
  fence_ahead?: 'repair' | 'report' | 'adopt' | undefined;
  wrong_session?: 'repair' | 'report' | 'adopt' | undefined;
  ledger_missed?: 'repair' | 'report' | 'adopt' | undefined;
  ledger_gone?: 'repair' | 'report' | 'adopt' | undefined;
  ledger_unproved?: 'repair' | 'report' | 'adopt' | undefined;
  deposit_not_returned?: 'repair' | 'report' | 'adopt' | undefined;
  name_conflict?: 'repair' | 'report' | 'adopt' | undefined;
  orphan?: 'repair' | 'report' | 'adopt' | undefined;
  unknown_session?: 'repair' | 'report' | 'adopt' | undefined;
  asset_not_installed?: 'repair' | 'report' | 'adopt' | undefined;
  asset_gone?: 'repair' | 'report' | 'adopt' | undefined;
  asset_twice?: 'repair' | 'report' | 'adopt' | undefined;
  asset_nowhere?: 'repair' | 'report' | 'adopt' | undefined;
};
export type Dunning = { preset: 'as_due' | 'before_due' | 'after_issue' | null; steps: readonly DunningStep[] };
export type DunningChange = { preset: 'as_due' | 'before_due' | 'after_issue' } | { steps: readonly DunningStep[] };
export type DunningStep =
  | { kind: 'message'; from: 'issue' | 'due'; days: number }
  | { kind: 'fee'; from: 'issue' | 'due'; days: number; amount: number }
  | { kind: 'isolate'; from: 'issue' | 'due'; days: number };
export type FieldWork = {
  order_at_registration?: boolean | undefined;
  order_from_erpnext?: boolean | undefined;
  photos_to_verify?: number | undefined;
  incentive_per_install?: number | undefined;
  incentive_component?: string | undefined;
  places?: readonly WorkPlace[] | undefined;
};
export type FieldWorkChange = {
  order_at_registration?: boolean | undefined;
  order_from_erpnext?: boolean | undefined;
  photos_to_verify?: number | undefined;
  incentive_per_install?: number | undefined;
  incentive_component?: string | undefined;
  places?: readonly WorkPlace[] | undefined;
};
export type Logo = { logo: string };
export type NoCut = {
  weekdays?:
    | readonly ('monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday')[]
    | undefined;
  dates?: readonly { date: string; name: string }[] | undefined;
  hours?: readonly { from: string; to: string }[] | undefined;
};
export type Settings = {
  time_zone?: string | undefined;
  currency?: string | undefined;
  language?: 'id' | 'en' | undefined;
  default_billing_mode?: 'prepaid' | 'postpaid' | undefined;
  prepaid_due_day?: number | undefined;
  postpaid_due_day?: number | undefined;
  grace_days?: number | undefined;
  bill_day?: number | undefined;
  bills_from?: string | null | undefined;
  invoice_lead_days?: number | undefined;
  tax?: Tax | undefined;
  brake_percent?: number | undefined;
  brake_minimum?: number | undefined;
  promise_max_days?: number | undefined;
  promise_max_running?: number | undefined;
  promise_max_per_month?: number | undefined;
  notice_hours?: number | undefined;
  no_cut?: NoCut | undefined;
  dunning: Dunning;
  drift_policy?: DriftPolicy | undefined;
  field_work?: FieldWork | undefined;
  commissions?: CommissionSettings | undefined;
  code_formats?:
    | { customer?: string | undefined; username?: string | undefined; location?: string | null | undefined }
    | undefined;
  branding?:
    | {
        name?: string | null | undefined;
        logo?: string | null | undefined;
        colour?: string | null | undefined;
        phone?: string | null | undefined;
      }
    | undefined;
  payment_instructions?: string | null | undefined;
  qris?: string | null | undefined;
  resellers_outside_coverage?: boolean | undefined;
  isolir_allow?: readonly string[] | undefined;
  allow_roaming?: boolean | undefined;
  allow_private_networks?: boolean | undefined;
  scan_online_minutes?: number | undefined;
  webhook_disable_days?: number | undefined;
  deposit_two_people_from?: number | null | undefined;
  keep_events_days?: number | null | undefined;
  keep_messages_days?: number | undefined;
  keep_webhooks_days?: number | undefined;
};
export type SettingsChange = {
  time_zone?: string | undefined;
  currency?: string | undefined;
  language?: 'id' | 'en' | undefined;
  default_billing_mode?: 'prepaid' | 'postpaid' | undefined;
  prepaid_due_day?: number | undefined;
  postpaid_due_day?: number | undefined;
  grace_days?: number | undefined;
  bill_day?: number | undefined;
  bills_from?: string | null | undefined;
  invoice_lead_days?: number | undefined;
  brake_percent?: number | undefined;
  brake_minimum?: number | undefined;
  promise_max_days?: number | undefined;
  promise_max_running?: number | undefined;
  promise_max_per_month?: number | undefined;
  notice_hours?: number | undefined;
  payment_instructions?: string | null | undefined;
  qris?: string | null | undefined;
  resellers_outside_coverage?: boolean | undefined;
  isolir_allow?: readonly string[] | undefined;
  allow_roaming?: boolean | undefined;
  allow_private_networks?: boolean | undefined;
  scan_online_minutes?: number | undefined;
  webhook_disable_days?: number | undefined;
  deposit_two_people_from?: number | null | undefined;
  keep_events_days?: number | null | undefined;
  keep_messages_days?: number | undefined;
  keep_webhooks_days?: number | undefined;
  tax?: TaxChange | undefined;
  no_cut?: NoCut | undefined;
  dunning?: DunningChange | undefined;
  drift_policy?: DriftPolicy | undefined;
  field_work?: FieldWorkChange | undefined;
  commissions?: CommissionSettingsChange | undefined;
  code_formats?:
    | { customer?: string | undefined; username?: string | undefined; location?: string | null | undefined }
    | undefined;
  branding?:
    | {
        name?: string | null | undefined;
        logo?: string | null | undefined;
        colour?: string | null | undefined;
        phone?: string | null | undefined;
      }
    | undefined;
};
export type Tax = {
  enabled?: boolean | undefined;
  inclusive?: boolean | undefined;
  rates?: readonly { from: string; rate_bp: number; base_numerator: number; base_denominator: number }[] | undefined;
};
export type TaxChange = {
  enabled: boolean;
  inclusive?: boolean | undefined;
  rates?: readonly { from: string; rate_bp: number; base_numerator: number; base_denominator: number }[] | undefined;
};
export type WorkPlace = { name: string; latitude: number; longitude: number; radius_m: number };

export type SettingsOperations = {
  'GET /settings': { query?: { fields?: string | undefined }; answer: Settings };
  'PATCH /settings': { body: SettingsChange; answer: Settings };
  'PUT /settings/logo': { answer: Logo };
  'GET /settings/logo': object;
  'DELETE /settings/logo': object;
};
