import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * The next number of a series, from 1. The counter's row is locked until the transaction ends: two at once get two
 * numbers, and one that is rolled back gives its number back, so that no gap arises (spec P8).
 */
export async function takeNumber(tx: Tx, tenantId: string, series: string): Promise<bigint> {
  const { value } = await tx
    .insertInto('counters')
    .values({ tenant_id: tenantId, name: series, value: 1n })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'name']).doUpdateSet({ value: sql<bigint>`counters.value + 1` }),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}
