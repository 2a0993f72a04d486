import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import type { NewLine } from '#features/customers/verbs.ts';
import { servedAt } from '#features/leads/verbs.ts';
import { resellerOf, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { LineRequest } from './add-line.ts';
import { lineOfForm } from './form-input.ts';

type Place = { readonly latitude: number; readonly longitude: number };

async function sellsAnywhere(tx: Tx, tenantId: string): Promise<boolean> {
  const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await tenant.executeTakeFirstOrThrow()).settings).resellers_outside_coverage;
}

/** Whether a place can be served, and whether a reseller may register who lives there (spec C8, S1). */
export async function checkPlace(tx: Tx, who: Who, place: Place) {
  const { tenantId } = who;
  const { areas, hasAreas } = await servedAt(tx, tenantId, place);
  const covered = areas.length > 0;
  return { covered, areas: [...areas], may_register: covered || !hasAreas || (await sellsAnywhere(tx, tenantId)) };
}

/**
 * Refuses a registration by a reseller where the provider has no net: who lives there becomes a lead. A provider that has
 * drawn no areas, or lets its resellers sell anywhere, refuses none.
 */
export async function demandCoverage(tx: Tx, { tenantId }: Who, place: Place | null): Promise<void> {
  if (await sellsAnywhere(tx, tenantId)) return;
  const { areas, hasAreas } = await servedAt(tx, tenantId, place);
  if (!hasAreas || areas.length > 0) return;
  if (place === null) throw invalid('latitude', 'Say where it is: latitude and longitude, for the coverage check.');
  const message = 'There is no coverage there. Note it as a lead: the provider checks what can be done.';
  throw new Refusal('CONFLICT', message, { reason: 'outside_coverage' });
}

/**
 * What a customer of this reseller pays a month for a plan; null: what the plan costs. `isSeller`: the reseller itself
 * sells, which must be permitted to sell the plan; where nothing is listed for it, it sells whatever is on sale. Where
 * ERPNext bills, it bills the plan's own price.
 */
async function resellerPrice(
  tx: Tx,
  tenantId: string,
  sale: { readonly resellerId: string; readonly planId: string; readonly isSeller: boolean },
): Promise<bigint | null> {
  const listed = await tx
    .selectFrom('reseller_plans')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', sale.resellerId)
    .select(['service_plan_id', 'price'])
    .execute();
  const found = listed.find((row) => row.service_plan_id === sale.planId);
  if (sale.isSeller && listed.length > 0 && !found) {
    throw invalid('service_plan_id', 'You may not sell this plan: GET reseller/plans lists those that you may.');
  }
  const price = found?.price ?? null;
  return price === null || (await ledgerKind(tx, tenantId)) === 'erpnext' ? null : price;
}

/** The line that a form asks for, at the price of the reseller whose customer it is; null: it is nobody's. */
export async function lineSold(tx: Tx, who: Who, form: NewLine, resellerId: string | null): Promise<LineRequest> {
  const line = lineOfForm(form);
  if (resellerId === null) return line;
  const sale = { resellerId, planId: form.service_plan_id, isSeller: resellerOf(who.caller) !== null };
  const monthlyFee = await resellerPrice(tx, who.tenantId, sale);
  return monthlyFee === null ? line : { ...line, monthlyFee };
}
