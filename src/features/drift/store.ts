import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { readPage } from '#db/page.ts';
import type { ReconcileScope } from '#domain/drift.ts';
import type { DriftQuery, ReconciliationQuery } from './schema.ts';

export const waitingRun = (tx: Tx, tenantId: string, scope: ReconcileScope) =>
  tx
    .selectFrom('reconciliations')
    .where('tenant_id', '=', tenantId)
    .where('scope', '=', scope)
    .where('state', '=', 'waiting')
    .selectAll()
    .executeTakeFirst();

export const insertRun = (
  tx: Tx,
  tenantId: string,
  run: { readonly scope: ReconcileScope; readonly askedBy: string; readonly correlationId: string },
) =>
  tx
    .insertInto('reconciliations')
    .values({ tenant_id: tenantId, scope: run.scope, asked_by: run.askedBy, correlation_id: run.correlationId })
    .returningAll()
    .executeTakeFirstOrThrow();

export const findRun = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('reconciliations')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .selectAll()
    .executeTakeFirst();
export type RunRow = NonNullable<Awaited<ReturnType<typeof findRun>>>;

function matchingRuns(tx: Tx, tenantId: string, { state, scope }: ReconciliationQuery) {
  let rows = tx.selectFrom('reconciliations').where('tenant_id', '=', tenantId);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (scope !== undefined) rows = rows.where('scope', '=', scope);
  return rows;
}

/** The newest first. */
export const listRuns = (tx: Tx, tenantId: string, query: ReconciliationQuery) =>
  readPage(matchingRuns(tx, tenantId, query).selectAll().orderBy('asked_at', 'desc').orderBy('id'), query);

function matchingDrift(tx: Tx, tenantId: string, query: DriftQuery) {
  const { kind, open, search, subscription_id, reconciliation_id } = query;
  let rows = tx.selectFrom('drift').where('tenant_id', '=', tenantId);
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (open !== undefined) rows = rows.where('resolved_at', open === 'true' ? 'is' : 'is not', null);
  if (subscription_id !== undefined) rows = rows.where('subscription_id', '=', subscription_id);
  if (reconciliation_id !== undefined) rows = rows.where('run_id', '=', reconciliation_id);
  if (search) rows = rows.where('subject', 'ilike', likePattern(search));
  return rows;
}

/** The newest first. */
export const listDrift = (tx: Tx, tenantId: string, query: DriftQuery) =>
  readPage(matchingDrift(tx, tenantId, query).selectAll().orderBy('found_at', 'desc').orderBy('id'), query);
