import { sql } from 'kysely';
import { reissueIntents } from '#access/reissue.ts';
import type { Database } from '#db/database.ts';
import { newCorrelationId } from '#platform/log.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';

/** So many at a time: the rest comes with the next minute. */
const atOnce = 500;

/**
 * Orders that people be described whose customer is another, or has changed, since RADIUS was told (spec R1); only where
 * it has a place for them. Answers how many.
 */
export async function followPeople(
  { db, enforcerOf }: { readonly db: Database; readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null> },
  tenantId: string,
): Promise<number> {
  const keeps = await (await enforcerOf(tenantId))?.keepsPeople();
  if (keeps && !keeps.ok) throw new Error(`RADIUS cannot be asked: ${keeps.error.detail}`);
  if (!keeps?.value) return 0;
  return db.worker(tenantId, async (tx) => {
    const { rows } = await sql<{ id: string; username: string }>`
      select s.id, s.canonical_username as username from subscriptions s
      join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
      join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id and a.applied_generation is not null
      left join described_lines d on d.tenant_id = s.tenant_id and d.subscription_id = s.id
      where s.tenant_id = ${tenantId} and (d.customer_id is distinct from c.id
          or d.customer_at is distinct from date_trunc('milliseconds', c.updated_at) or d.radius_db <> s.radius_db)
        and not exists (select from outbox o where o.tenant_id = s.tenant_id and o.subscription_id = s.id
          and o.kind = 'user.describe' and o.state in ('ready', 'running'))
      order by s.id limit ${atOnce}`.execute(tx);
    await reissueIntents(
      tx,
      { tenantId, correlationId: newCorrelationId() },
      rows.map(({ id, username }) => ({ kind: 'user.describe', subscriptionId: id, username })),
    );
    return rows.length;
  });
}
