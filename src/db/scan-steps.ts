import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { ScanStep, StepState } from '#domain/scan.ts';
import type { ProblemDetails, ScanProblem } from '#domain/scan-problem.ts';

/** Notes where a step of a scan stands; one that is over stays as it is. `detail` in words, for people. */
export async function noteStep(
  tx: Tx,
  tenantId: string,
  scanId: string,
  name: ScanStep,
  state: StepState,
  detail: string | RawBuilder<string> = '',
): Promise<void> {
  await sql`
    update scan_steps set state = ${state}, detail = ${detail}, happened_at = ${new Date()}
    where tenant_id = ${tenantId} and scan_id = ${scanId} and name = ${name} and state in ('waiting', 'held')`.execute(
    tx,
  );
}

/** Where a step of one of several scans stands. */
export type StepNote = {
  readonly scanId: string;
  readonly name: ScanStep;
  readonly state: StepState;
  readonly detail: string;
};

/** `noteStep` for steps of several scans, each once. */
export async function noteSteps(tx: Tx, tenantId: string, notes: readonly StepNote[]): Promise<void> {
  if (notes.length === 0) return;
  await sql`
    update scan_steps t set state = n.state, detail = n.detail, happened_at = ${new Date()}
    from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as n ("scanId" uuid, name text, state text, detail text)
    where t.tenant_id = ${tenantId} and t.scan_id = n."scanId" and t.name = n.name and t.state in ('waiting', 'held')`.execute(
    tx,
  );
}

/**
 * Scans are done once none of their steps waits. Of two steps that end at once the later comer waits at the scan's row, and
 * looks when it can see the other's end: without that each would leave the scan to the other.
 */
export async function finishScans(tx: Tx, tenantId: string, scanIds: readonly string[]): Promise<void> {
  if (scanIds.length === 0) return;
  const waiting = sql`
    select from scans where tenant_id = ${tenantId} and id = any(${scanIds}::uuid[]) order by id for no key update`.execute(
    tx,
  );
  // A statement of its own, sent along: it sees what was committed while the first one waited.
  const finishing = sql`
    update scans s set state = 'done', finished_at = now()
    where s.tenant_id = ${tenantId} and s.id = any(${scanIds}::uuid[]) and s.state = 'running' and not exists (
      select from scan_steps t
      where t.tenant_id = s.tenant_id and t.scan_id = s.id and t.state in ('waiting', 'held'))`.execute(tx);
  await Promise.all([finishing, waiting]);
}

/** The same for one. */
export const finishScan = (tx: Tx, tenantId: string, scanId: string): Promise<void> =>
  finishScans(tx, tenantId, [scanId]);

/** It cannot go on, or never will: why stands in its problem, and the steps that it did not come to say so. */
export async function stopScan(
  tx: Tx,
  tenantId: string,
  scanId: string,
  state: 'refused' | 'held',
  problem: ScanProblem,
  details: ProblemDetails,
): Promise<void> {
  const over = { state, problem, problem_details: JSON.stringify(details) };
  await tx
    .updateTable('scans')
    .set({ ...over, finished_at: state === 'refused' ? new Date() : null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scanId)
    .where('state', 'in', ['running', 'held'])
    .execute();
  await tx
    .updateTable('scan_steps')
    .set({ state, happened_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('scan_id', '=', scanId)
    .where('state', 'in', ['waiting', 'held'])
    .execute();
}
