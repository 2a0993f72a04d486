import type { Maybe } from '../columns.ts';

export type DunningStepsTable = {
  tenant_id: string;
  ledger: 'builtin' | 'erpnext';
  invoice: string;
  step: string;
  outcome: 'sent' | 'charged' | 'skipped';
  message_id: Maybe<string>;
  fee_id: Maybe<string>;
  at: Date;
};

/** What was done about unpaid bills. */
export type DunningTables = { dunning_steps: DunningStepsTable };
