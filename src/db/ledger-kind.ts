import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Whose bills count for a tenant (spec chapter 6). */
export type LedgerKind = 'builtin' | 'erpnext';

/** As a part of a statement: whether ERPNext keeps a tenant's bills. */
export const hasErpnext = (tenantId: string): RawBuilder<boolean> =>
  sql<boolean>`exists (select from connections where tenant_id = ${tenantId} and system = 'erpnext')`;

/** ERPNext as soon as it is connected, whether it answers or not; else the hub's own ledger. */
export async function ledgerKind(tx: Tx, tenantId: string): Promise<LedgerKind> {
  const { rows } = await sql<{ is: boolean }>`select ${hasErpnext(tenantId)} as is`.execute(tx);
  return rows[0]?.is ? 'erpnext' : 'builtin';
}
