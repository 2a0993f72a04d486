import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Whose bills count for a tenant (spec chapter 6). */
export type LedgerKind = 'builtin' | 'erpnext';

/** ERPNext as soon as it is connected, whether it answers or not; else the hub's own ledger. */
export async function ledgerKind(tx: Tx, tenantId: string): Promise<LedgerKind> {
  const { rows } = await sql`select from connections where tenant_id = ${tenantId} and system = 'erpnext'`.execute(tx);
  return rows.length > 0 ? 'erpnext' : 'builtin';
}
