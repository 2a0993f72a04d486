import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { openNationalId } from './national-id.ts';
import { sightOf } from './sight.ts';
import { findCustomer } from './store.ts';

export type RevealedField = 'national_id' | 'phone';

/** Shows what is masked, and notes in the audit log who looked at it (SEC-28). */
export async function revealField(
  tx: Tx,
  who: Who,
  id: string,
  field: RevealedField,
  vault: TenantVault,
): Promise<string> {
  demand(who.caller, 'customers:reveal');
  const row = await findCustomer(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  if (field === 'national_id' && row.national_id === null) {
    throw new Refusal('NOT_FOUND', 'No national id is known of this customer.');
  }
  await record(tx, who, { action: 'reveal', entity: 'customer', id, after: { field } });
  return row.national_id !== null && field === 'national_id' ? openNationalId(vault, id, row.national_id) : row.phone;
}
