import { sql } from 'kysely';
import type { Purse } from '#features/reseller-desk/dashboard.ts';
import { demandReseller } from '#platform/caller.ts';

/** What a reseller holds and has earned, from the rooms that keep it. */
export const resellerPurse: Purse = async (tx, who, { today }) => {
  const resellerId = demandReseller(who);
  const held = tx
    .selectFrom('deposits')
    .where('tenant_id', '=', who.tenantId)
    .where('reseller_id', '=', resellerId)
    .select(['balance', 'low_mark'])
    .executeTakeFirst();
  const earned = tx
    .selectFrom('commissions')
    .where('tenant_id', '=', who.tenantId)
    .where('reseller_id', '=', resellerId)
    .where('earned_on', '>=', `${today.slice(0, 7)}-01`)
    .select(sql<bigint>`coalesce(sum(amount), 0)::bigint`.as('amount'))
    .executeTakeFirstOrThrow();
  const [deposit, { amount }] = await Promise.all([held, earned]);
  const low = deposit?.low_mark ?? null;
  return {
    deposit: { balance: Number(deposit?.balance ?? 0n), low_mark: low === null ? null : Number(low) },
    commission_this_month: Number(amount),
  };
};
