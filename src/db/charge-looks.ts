import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

export type ChargeMark = { readonly chargeId: string; readonly correlationId: string; readonly afterMs: number };

/**
 * Says "ask the gateway about this charge", after so many ms. Many marks before the next look are one look; one that
 * comes while somebody is looking makes one more afterwards (`marks` tells).
 */
export async function markCharge(tx: Tx, tenantId: string, { chargeId, correlationId, afterMs }: ChargeMark) {
  await sql`
    insert into charge_looks as l (tenant_id, charge_id, correlation_id, not_before)
    values (${tenantId}, ${chargeId}, ${correlationId}, now() + ${afterMs} * interval '1 ms')
    on conflict (tenant_id, charge_id) do update set marks = l.marks + 1, correlation_id = excluded.correlation_id,
      not_before = least(l.not_before, excluded.not_before)`.execute(tx);
}
