import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { hasShrunk } from '#domain/source-size.ts';

const dayMs = 24 * 3_600_000;

/**
 * Notes how many subscriptions a complete list of the ledger had (spec B8: a source that shrinks is doubted). What is
 * expected follows a rise at once and a fall only a day later, unless by then the brake finds it shrunk: so neither one
 * bad list nor many small steps pass for growth and decline.
 */
export async function noteSubscriptions(tx: Tx, tenantId: string, rows: number, now: number): Promise<void> {
  const at = new Date(now);
  const before = await tx
    .selectFrom('source_sizes')
    .where('tenant_id', '=', tenantId)
    .where('source', '=', 'subscriptions')
    .select(['expected', 'expected_at'])
    .executeTakeFirst();
  const isOld = before !== undefined && now - before.expected_at.getTime() >= dayMs;
  const isTaken = !before || rows >= before.expected || (isOld && !hasShrunk({ rows, expected: before.expected }));
  const expected = isTaken ? rows : before.expected;
  const expectedAt = isTaken ? at : before.expected_at;
  await sql`
    insert into source_sizes (tenant_id, source, rows, read_at, expected, expected_at)
    values (${tenantId}, 'subscriptions', ${rows}, ${at}, ${expected}, ${expectedAt})
    on conflict (tenant_id, source) do update set rows = excluded.rows, read_at = excluded.read_at,
      expected = excluded.expected, expected_at = excluded.expected_at`.execute(tx);
}
