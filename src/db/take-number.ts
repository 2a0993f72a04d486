import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * The next `count` numbers of a series, from 1: answers the first of them. The counter's row is locked until the
 * transaction ends: two at once get two numbers, and one that is rolled back gives its number back, so that no gap
 * arises (spec P8).
 */
export async function takeNumbers(tx: Tx, tenantId: string, series: string, count: number): Promise<bigint> {
  const { value } = await tx
    .insertInto('counters')
    .values({ tenant_id: tenantId, name: series, value: BigInt(count) })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'name']).doUpdateSet({ value: sql<bigint>`counters.value + excluded.value` }),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - BigInt(count) + 1n;
}

export const takeNumber = (tx: Tx, tenantId: string, series: string): Promise<bigint> =>
  takeNumbers(tx, tenantId, series, 1);
