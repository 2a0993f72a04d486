import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { isSettled, planAnew } from './standing.ts';

/** A line at rest as a sweep skims it: enough to tell that RADIUS holds what it held. */
export type SkimmedLine = {
  readonly id: string;
  readonly username: string;
  /** What RADIUS held when the line was found right under the generation that stands; null: it is to be compared. */
  readonly digest: string | null;
};

/** A digest is believed for so long: whatever it may overlook is found within a day. */
const believedHours = 24;

/**
 * Lines at rest after one username, a page of them in the order of the names, without what they should be: RADIUS can
 * then be asked for neighbours. What was verified is looked up line by line: after the first sweep no statistics know of
 * it.
 */
export async function skimAfter(
  tx: Tx,
  tenantId: string,
  after: string | null,
  limit: number,
): Promise<readonly SkimmedLine[]> {
  await planAnew(tx);
  const { rows } = await sql<SkimmedLine>`
    select s.id, s.canonical_username as username, v.digest
    from subscriptions s join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    left join lateral (
      select digest from verified_lines
      where tenant_id = s.tenant_id and subscription_id = s.id and generation = a.generation
        and verified_at > now() - ${believedHours} * interval '1 hour' offset 0) v on true
    where s.tenant_id = ${tenantId} and ${isSettled}
      and s.canonical_username collate "C" > ${after ?? ''}
    order by s.canonical_username collate "C" limit ${limit}`.execute(tx);
  return rows;
}

/** A line that was compared row by row and found right, and what RADIUS held of it at that moment. */
type VerifiedLine = { readonly id: string; readonly generation: bigint; readonly digest: string };

export async function keepVerified(tx: Tx, tenantId: string, lines: readonly VerifiedLine[]): Promise<void> {
  if (lines.length === 0) return;
  const column = <K extends keyof VerifiedLine>(key: K): string[] => lines.map((line) => String(line[key]));
  await sql`
    insert into verified_lines (tenant_id, subscription_id, generation, digest, verified_at)
    select ${tenantId}, id, generation, digest, now()
    from unnest(${column('id')}::uuid[], ${column('generation')}::bigint[], ${column('digest')}::text[])
      as r (id, generation, digest) order by id
    on conflict (tenant_id, subscription_id) do update set generation = excluded.generation, digest = excluded.digest,
      verified_at = excluded.verified_at`.execute(tx);
}
