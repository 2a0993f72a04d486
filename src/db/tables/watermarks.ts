import type { BigInteger } from '../columns.ts';

type LedgerCursorsTable = { tenant_id: string; doctype: string; cursor: string; asked_at: Date };
type LedgerOutagesTable = { tenant_id: string; since: Date; told_at: Date; detail: string };
type VerifiedLinesTable = {
  tenant_id: string;
  subscription_id: string;
  generation: BigInteger;
  digest: string;
  verified_at: Date;
};

export type WatermarksTables = {
  ledger_cursors: LedgerCursorsTable;
  ledger_outages: LedgerOutagesTable;
  verified_lines: VerifiedLinesTable;
};
