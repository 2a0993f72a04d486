import type { Tx } from '#db/database.ts';

/** `price`: what a customer of the reseller's pays for a plan a month, in minor units. */
type Offer = { readonly isSold: boolean; readonly price: bigint };

/**
 * What a plan is to the customers of a reseller (spec S1): whether the reseller may sell it, and its price there. Whoever
 * has no plan listed sells all of them at their own price, as does a customer's line that no reseller sold (null).
 */
export async function offerOf(
  tx: Tx,
  tenantId: string,
  resellerId: string | null,
  plan: { readonly id: string; readonly price: bigint },
): Promise<Offer> {
  if (resellerId === null) return { isSold: true, price: plan.price };
  const listed = await tx
    .selectFrom('reseller_plans')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .select(['service_plan_id', 'price'])
    .execute();
  const own = listed.find(({ service_plan_id }) => service_plan_id === plan.id);
  return { isSold: listed.length === 0 || own !== undefined, price: own?.price ?? plan.price };
}
