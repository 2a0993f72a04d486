import { earnedInMonth } from '#features/commissions/reading.ts';
import type { Purse } from '#features/reseller-desk/dashboard.ts';
import { demandReseller } from '#platform/caller.ts';

/** What a reseller holds and has earned, from the rooms that keep it. */
export const resellerPurse: Purse = async (tx, who, { today }) => {
  const held = tx
    .selectFrom('deposits')
    .where('tenant_id', '=', who.tenantId)
    .where('reseller_id', '=', demandReseller(who))
    .select(['balance', 'low_mark'])
    .executeTakeFirst();
  const [deposit, commission_this_month] = await Promise.all([held, earnedInMonth(tx, who, today.slice(0, 7))]);
  const low = deposit?.low_mark ?? null;
  return {
    deposit: { balance: Number(deposit?.balance ?? 0n), low_mark: low === null ? null : Number(low) },
    commission_this_month,
  };
};
