import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { DunningStep } from '#domain/dunning.ts';
import { stepKey } from '#domain/dunning-steps.ts';
import type { Place } from './dunned-bills.ts';

type Outcome = 'sent' | 'charged' | 'skipped';

/**
 * Takes a step of a bill upon this transaction: true for one caller alone, whoever else tries at the same time or ever
 * after.
 */
export async function takeStep(
  tx: Tx,
  tenantId: string,
  { ledger, invoice }: Place,
  step: DunningStep,
  outcome: Outcome,
  now: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into dunning_steps (tenant_id, ledger, invoice, step, outcome, at)
    values (${tenantId}, ${ledger}, ${invoice}, ${stepKey(step)}, ${outcome}, ${new Date(now)})
    on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

/** What came of a step that was taken. */
export const noteStep = (
  tx: Tx,
  tenantId: string,
  { ledger, invoice }: Place,
  step: DunningStep,
  made: { readonly message_id: string } | { readonly fee_id: string },
) =>
  tx
    .updateTable('dunning_steps')
    .set(made)
    .where('tenant_id', '=', tenantId)
    .where('ledger', '=', ledger)
    .where('invoice', '=', invoice)
    .where('step', '=', stepKey(step))
    .execute();
