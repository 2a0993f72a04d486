import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** What a session was told by CoA, as far as it is known. */
export type ChangedSession = {
  readonly unique_id: string;
  readonly group_name: string;
  readonly rate_limit: string;
  readonly rows_generation: bigint;
  readonly generation: bigint;
  /** Acknowledged. */
  readonly answered_at: Date | null;
  /** It does not do it: nothing else helps but a new login. */
  readonly refused_at: Date | null;
  readonly watch_until: Date | null;
  readonly seen_at: Date | null;
  readonly seen_input: bigint | null;
  readonly seen_output: bigint | null;
};

/** Of these sessions, by Acct-Unique-Session-Id. */
export async function readChanged(
  tx: Tx,
  tenantId: string,
  uniqueIds: readonly string[],
): Promise<ReadonlyMap<string, ChangedSession>> {
  const { rows } = await sql<ChangedSession>`
    select unique_id, group_name, rate_limit, rows_generation, generation, answered_at, refused_at, watch_until, seen_at,
      seen_input, seen_output
    from changed_sessions where tenant_id = ${tenantId} and unique_id = any(${[...uniqueIds]})`.execute(tx);
  return new Map(rows.map((row) => [row.unique_id, row]));
}

/** Acknowledged, and not found to be untrue. */
export const isChanged = (changed: ChangedSession | undefined): changed is ChangedSession =>
  changed !== undefined && changed.answered_at !== null && changed.refused_at === null;

/** Sessions with the group that they run under: the one of their login, or the one that a CoA gave them since. */
export async function servedUnder<S extends { readonly uniqueId: string; readonly group: string | null }>(
  tx: Tx,
  tenantId: string,
  sessions: readonly S[],
): Promise<readonly S[]> {
  const changed = await readChanged(
    tx,
    tenantId,
    sessions.map(({ uniqueId }) => uniqueId),
  );
  return sessions.map((session) => {
    const told = changed.get(session.uniqueId);
    return isChanged(told) ? { ...session, group: told.group_name } : session;
  });
}
