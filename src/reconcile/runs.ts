import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { ReconcileScope } from '#domain/drift.ts';

/** How long a run is a process's own; each page of work renews it. */
const leaseSeconds = 60;

export type ClaimedRun = {
  readonly id: string;
  readonly tenantId: string;
  readonly scope: ReconcileScope;
  readonly correlationId: string;
  readonly startedAt: Date;
};

/**
 * Asks for a run; where one of the same scope waits already, that one is it. Answers its id. `askedBy`: a user's or a
 * key's id, or who of the hub.
 */
export async function askRun(
  tx: Tx,
  tenantId: string,
  scope: ReconcileScope,
  askedBy: string,
  correlationId: string,
): Promise<string> {
  const waiting = await tx
    .selectFrom('reconciliations')
    .where('tenant_id', '=', tenantId)
    .where('scope', '=', scope)
    .where('state', '=', 'waiting')
    .select('id')
    .executeTakeFirst();
  if (waiting) return waiting.id;
  const { id } = await tx
    .insertInto('reconciliations')
    .values({ tenant_id: tenantId, scope, asked_by: askedBy, correlation_id: correlationId })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * Leases a run that waits, or one that a dead process left: of an active tenant that has no other under way. `id`: that
 * run alone.
 */
export const claimRun = (db: Database, id: string | null = null): Promise<ClaimedRun | null> =>
  db.claims(async (tx) => {
    const { rows } = await sql<{
      id: string;
      tenant_id: string;
      scope: ReconcileScope;
      correlation_id: string;
      started_at: Date;
    }>`
      update reconciliations r set state = 'running', started_at = now(), locked_until = now() + ${leaseSeconds} * interval '1 s'
      from (
        select w.id from reconciliations w join tenants t on t.id = w.tenant_id and t.is_active
        where (w.state = 'waiting' or (w.state = 'running' and w.locked_until < now()))
          and (${id}::uuid is null or w.id = ${id}::uuid)
          and not exists (select from reconciliations o where o.tenant_id = w.tenant_id and o.id <> w.id
            and o.state = 'running' and o.locked_until >= now())
        order by w.asked_at limit 1 for update of w skip locked
      ) due
      where r.id = due.id
      returning r.id, r.tenant_id, r.scope, r.correlation_id, r.started_at`.execute(tx);
    const [row] = rows;
    if (!row) return null;
    return {
      id: row.id,
      tenantId: row.tenant_id,
      scope: row.scope,
      correlationId: row.correlation_id,
      startedAt: row.started_at,
    };
  });

const mine = ({ id, startedAt }: ClaimedRun) =>
  sql<boolean>`id = ${id} and state = 'running' and date_trunc('milliseconds', started_at) = ${startedAt}`;

/** Keeps the lease while the run goes on; false: another process has taken it over. */
export const renewRun = (db: Database, run: ClaimedRun): Promise<boolean> =>
  db.claims(async (tx) => {
    const { numAffectedRows } = await sql`
      update reconciliations set locked_until = now() + ${leaseSeconds} * interval '1 s' where ${mine(run)}`.execute(
      tx,
    );
    return numAffectedRows === 1n;
  });

export type Outcome = {
  readonly checked: number;
  readonly found: Readonly<Record<string, number>>;
  /** null: it was done to its end. */
  readonly error: string | null;
};

export const settleRun = (db: Database, run: ClaimedRun, { checked, found, error }: Outcome): Promise<unknown> =>
  db.claims((tx) =>
    sql`update reconciliations set state = ${error === null ? 'done' : 'failed'}, finished_at = now(), locked_until = null,
      checked = ${checked}, found = ${JSON.stringify(found)}::jsonb, error = ${error} where ${mine(run)}`.execute(tx),
  );

/** When the last run that looked at all of this began; null: there was none. */
export async function lastDone(tx: Tx, tenantId: string, scopes: readonly ReconcileScope[]): Promise<Date | null> {
  const row = await tx
    .selectFrom('reconciliations')
    .where('tenant_id', '=', tenantId)
    .where('scope', 'in', [...scopes])
    .where('state', '=', 'done')
    .orderBy('started_at', 'desc')
    .select('started_at')
    .limit(1)
    .executeTakeFirst();
  return row?.started_at ?? null;
}
