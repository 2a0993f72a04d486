import type { Selectable } from 'kysely';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import type { DriftTable } from '#db/tables/drift.ts';
import type { DriftKind } from '#domain/drift.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { Drift, DriftQuery, NewReconciliation, Reconciliation, ReconciliationQuery } from './schema.ts';
import * as store from './store.ts';

const runView = (row: store.RunRow): Reconciliation => ({
  id: row.id,
  scope: row.scope,
  state: row.state,
  asked_by: row.asked_by,
  asked_at: row.asked_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
  checked: row.checked,
  found: Object(row.found),
  error: row.error,
});

const driftView = (row: Selectable<DriftTable>): Drift => ({
  id: row.id,
  kind: row.kind as DriftKind,
  subject: row.subject,
  subscription_id: row.subscription_id,
  was: row.was,
  should_be: row.should_be,
  why: row.why,
  action: row.action,
  since: row.since.toISOString(),
  found_at: row.found_at.toISOString(),
  times: row.times,
  resolved_at: row.resolved_at?.toISOString() ?? null,
  reconciliation_id: row.run_id,
});

/** Asks for a reconciliation, which a worker takes up at once; one of the same scope that waits already is the answer. */
export async function askReconciliation(tx: Tx, who: Who, { scope }: NewReconciliation): Promise<Reconciliation> {
  demand(who.caller, 'integrations:write');
  const { tenantId, correlationId } = who;
  const waiting = await store.waitingRun(tx, tenantId, scope);
  if (waiting) return runView(waiting);
  const row = await store.insertRun(tx, tenantId, { scope, askedBy: who.caller.userId, correlationId });
  await record(tx, who, { action: 'run', entity: 'reconciliation', id: row.id, after: { scope } });
  return runView(row);
}

export async function getReconciliation(tx: Tx, who: Who, id: string): Promise<Reconciliation> {
  demand(who.caller, 'integrations:read');
  const row = await store.findRun(tx, who.tenantId, id);
  if (!row) throw notFound('reconciliation');
  return runView(row);
}

export async function listReconciliations(tx: Tx, who: Who, query: ReconciliationQuery) {
  demand(who.caller, 'integrations:read');
  return mapPage(await store.listRuns(tx, who.tenantId, query), runView);
}

export async function listDrift(tx: Tx, who: Who, query: DriftQuery) {
  demand(who.caller, 'integrations:read');
  return mapPage(await store.listDrift(tx, who.tenantId, query), driftView);
}
