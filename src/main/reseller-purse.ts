import { earnedThisMonth } from '#features/commissions/reading.ts';
import type { Purse } from '#features/reseller-desk/dashboard.ts';
import { demandReseller } from '#platform/caller.ts';

/** What a reseller holds and has earned, from the rooms that keep it. */
export const resellerPurse: Purse = async (tx, who, now) => {
  const resellerId = demandReseller(who);
  const held = await tx
    .selectFrom('deposits')
    .where('tenant_id', '=', who.tenantId)
    .where('reseller_id', '=', resellerId)
    .select(['balance', 'low_mark'])
    .executeTakeFirst();
  const low = held?.low_mark ?? null;
  return {
    deposit: { balance: Number(held?.balance ?? 0n), low_mark: low === null ? null : Number(low) },
    commission_this_month: await earnedThisMonth(tx, who, now),
  };
};
