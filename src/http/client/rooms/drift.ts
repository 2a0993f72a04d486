// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Drift = {
  id: string;
  kind:
    | 'missing_user'
    | 'wrong_group'
    | 'wrong_password'
    | 'wrong_attribute'
    | 'duplicate_row'
    | 'extra_owned_row'
    | 'missing_group'
    | 'wrong_group_rows'
    | 'fence_ahead'
    | 'wrong_session'
    | 'ledger_missed'
    | 'ledger_gone'
    | 'ledger_unproved'
    | 'deposit_not_returned'
    | 'name_conflict'
    | 'orphan'
    | 'unknown_session'
    | 'asset_not_installed'
    | 'asset_gone'
    | 'asset_twice'
    | 'asset_nowhere';
  subject: string;
  subscription_id: string | null;
  was: string;
  should_be: string;
  why: string;
  action: 'repaired' | 'reported' | 'adopted';
  since: string;
  found_at: string;
  times: number;
  resolved_at: string | null;
  reconciliation_id: string;
};
export type DriftPage = { data: readonly Drift[]; page: number; page_size: number; total: number };

export type DriftOperations = {
  'GET /drift': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      kind?:
        | 'missing_user'
        | 'wrong_group'
        | 'wrong_password'
        | 'wrong_attribute'
        | 'duplicate_row'
        | 'extra_owned_row'
        | 'missing_group'
        | 'wrong_group_rows'
        | 'fence_ahead'
        | 'wrong_session'
        | 'ledger_missed'
        | 'ledger_gone'
        | 'ledger_unproved'
        | 'deposit_not_returned'
        | 'name_conflict'
        | 'orphan'
        | 'unknown_session'
        | 'asset_not_installed'
        | 'asset_gone'
        | 'asset_twice'
        | 'asset_nowhere'
        | undefined;
      open?: 'true' | 'false' | undefined;
      subscription_id?: string | undefined;
      reconciliation_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: DriftPage;
  };
};
