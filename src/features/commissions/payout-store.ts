import { type Insertable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { CommissionPayoutsTable } from '#db/tables/commissions.ts';
import type { PayoutQuery } from './schema.ts';

type Made = Pick<Insertable<CommissionPayoutsTable>, 'until' | 'made_by' | 'made_at'>;

/** One run of a tenant at a time. */
export const lockRun = (tx: Tx, tenantId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`commission payouts ${tenantId}`}, 0))`.execute(tx);

/**
 * Gathers what is owed up to a day into one draft for each reseller that is owed anything and has no payout under way, less
 * what was taken back of it since. What comes to nothing, or below it, waits for the next. All of it is one
 * statement: a payout is never without its rows.
 */
export async function gather(
  tx: Tx,
  tenantId: string,
  resellerId: string | null,
  made: Made,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`
    with due as materialized (
      select m.id, m.reseller_id, m.amount from commissions m
      where m.tenant_id = ${tenantId} and m.payout_id is null
        and (m.earned_on <= ${made.until} or m.amount < 0 and exists (select from commissions f
          where f.tenant_id = m.tenant_id and f.kind = m.kind and f.source = m.source and f.earned_on <= ${made.until}))
        and (${resellerId}::uuid is null or m.reseller_id = ${resellerId})
        and not exists (select from commission_payouts o where o.tenant_id = m.tenant_id
          and o.reseller_id = m.reseller_id and o.state in ('draft', 'approved'))
      for no key update of m),
    sums as materialized (
      select gen_random_uuid() as id, reseller_id, sum(amount)::bigint as amount from due
      group by reseller_id having sum(amount) > 0),
    made as (
      insert into commission_payouts (tenant_id, id, reseller_id, until, amount, state, made_by, made_at)
      select ${tenantId}, id, reseller_id, ${made.until}, amount, 'draft', ${made.made_by}, ${made.made_at} from sums
      returning id),
    noted as (
      update commissions m set payout_id = s.id from due d join sums s on s.reseller_id = d.reseller_id
      where m.tenant_id = ${tenantId} and m.id = d.id)
    select id from made`.execute(tx);
  return rows.map(({ id }) => id);
}

/** What a cancelled payout held is owed again. */
export const release = (tx: Tx, tenantId: string, payoutId: string) =>
  tx
    .updateTable('commissions')
    .set({ payout_id: null })
    .where('tenant_id', '=', tenantId)
    .where('payout_id', '=', payoutId)
    .execute();

/** Locks a payout; whoever changes it as well waits. */
export const lockPayout = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('commission_payouts')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .selectAll()
    .forNoKeyUpdate()
    .executeTakeFirst();
export type LockedPayout = NonNullable<Awaited<ReturnType<typeof lockPayout>>>;

export const updatePayout = (tx: Tx, tenantId: string, id: string, change: Updateable<CommissionPayoutsTable>) =>
  tx.updateTable('commission_payouts').set(change).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

const payouts = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('commission_payouts as o')
    .innerJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 'o.tenant_id').onRef('r.id', '=', 'o.reseller_id'),
    )
    .where('o.tenant_id', '=', tenantId)
    .selectAll('o')
    .select(['r.name as reseller_name', 'r.erp_supplier', 'r.erp_employee']);

export const findPayout = (tx: Tx, tenantId: string, id: string) =>
  payouts(tx, tenantId).where('o.id', '=', id).executeTakeFirst();
export type PayoutRow = NonNullable<Awaited<ReturnType<typeof findPayout>>>;

export const findPayouts = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  payouts(tx, tenantId).where('o.id', 'in', ids).orderBy('r.name').orderBy('o.id').execute();

/** The latest first. */
export function listPayouts(tx: Tx, tenantId: string, { reseller_id, state, ...page }: PayoutQuery) {
  let found = payouts(tx, tenantId);
  if (reseller_id !== undefined) found = found.where('o.reseller_id', '=', reseller_id);
  if (state !== undefined) found = found.where('o.state', '=', state);
  return readPage(found.orderBy('o.made_at', 'desc').orderBy('o.id'), page);
}
