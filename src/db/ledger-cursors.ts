import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** How far the past of a doctype was read is kept beside how far its changes were followed. */
const past = '@past ';

export const pastOf = (doctype: string): string => `${past}${doctype}`;

/** The cursors of what is asked for again and again. */
export const isFollowed = sql<boolean>`not starts_with(doctype, ${past})`;

type LedgerCursor = { readonly doctype: string; readonly cursor: string; readonly askedAt: Date };

export async function readCursor(tx: Tx, tenantId: string, doctype: string): Promise<string | null> {
  const row = await tx
    .selectFrom('ledger_cursors')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', doctype)
    .select('cursor')
    .executeTakeFirst();
  return row?.cursor ?? null;
}

export const keepCursor = (tx: Tx, tenantId: string, { doctype, cursor, askedAt }: LedgerCursor) =>
  tx
    .insertInto('ledger_cursors')
    .values({ tenant_id: tenantId, doctype, cursor, asked_at: askedAt })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'doctype']).doUpdateSet({ cursor, asked_at: askedAt }))
    .execute();
