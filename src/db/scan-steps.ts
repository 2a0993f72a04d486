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

/**
 * The scan is done once none of its steps waits; answers whether it is. Of two steps that end at once the later comer waits
 * at the scan's row, and looks when it can see the other's end: without that each would leave the scan to the other.
 */
export async function finishScan(tx: Tx, tenantId: string, scanId: string): Promise<boolean> {
  const waiting = sql`select from scans where tenant_id = ${tenantId} and id = ${scanId} for no key update`.execute(tx);
  // A statement of its own, sent along: it sees what was committed while the first one waited.
  const finishing = sql`
    update scans s set state = 'done', finished_at = now()
    where s.tenant_id = ${tenantId} and s.id = ${scanId} and s.state = 'running' and not exists (
      select from scan_steps t
      where t.tenant_id = s.tenant_id and t.scan_id = s.id and t.state in ('waiting', 'held'))`.execute(tx);
  const [{ numAffectedRows }] = await Promise.all([finishing, waiting]);
  return numAffectedRows === 1n;
}

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
