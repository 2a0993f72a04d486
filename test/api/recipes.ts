import { type Ask, asker, type Told } from './ask.ts';
import type { Operation } from './operations.ts';
import { type Parts, type Recipe, type Recipes, requestOf } from './recipe.ts';
import { accountRecipes } from './recipes/accounts.ts';
import { billingRecipes } from './recipes/billing.ts';
import { commissionRecipes } from './recipes/commissions.ts';
import { depositRecipes } from './recipes/deposits.ts';
import { fieldWorkRecipes } from './recipes/field-work.ts';
import { financeRecipes } from './recipes/finance.ts';
import { leadRecipes } from './recipes/leads.ts';
import { machineRoomRecipes } from './recipes/machine-room.ts';
import { officeRecipes } from './recipes/office.ts';
import { ownAccountRecipes } from './recipes/own-account.ts';
import { paperRecipes } from './recipes/paper.ts';
import { personRecipes } from './recipes/persons.ts';
import { postRoomRecipes } from './recipes/post-room.ts';
import { resellerDeskRecipes } from './recipes/reseller-desk.ts';
import { resellerRecipes } from './recipes/resellers.ts';
import { scanRecipes } from './recipes/scans.ts';
import { stockRecipes } from './recipes/stock.ts';
import { tillRecipes } from './recipes/till.ts';
import { voucherSaleRecipes } from './recipes/voucher-sales.ts';
import type { Tenant } from './tenant.ts';

/**
 * For every operation under `/api/v1` how to call it well. The tests that must hold for every route walk over the
 * OpenAPI document with these; `everything-once.db.test.ts` fails for a route without one, so a new route is covered by all
 * of them as soon as its recipe stands here.
 */
export const recipes: Recipes = {
  ...accountRecipes,
  ...ownAccountRecipes,
  ...officeRecipes,
  ...paperRecipes,
  ...personRecipes,
  ...billingRecipes,
  ...commissionRecipes,
  ...depositRecipes,
  ...fieldWorkRecipes,
  ...financeRecipes,
  ...leadRecipes,
  ...machineRoomRecipes,
  ...postRoomRecipes,
  ...resellerRecipes,
  ...resellerDeskRecipes,
  ...scanRecipes,
  ...stockRecipes,
  ...tillRecipes,
  ...voucherSaleRecipes,
};

function recipeOf({ at }: Operation): Recipe {
  const recipe = recipes[at];
  if (!recipe) throw new Error(`${at} has no recipe: add one to test/api/recipes/`);
  return recipe;
}

/** In whose name the recipe's call is good. */
function askerOf({ as }: Recipe, tenant: Tenant, { ask }: Parts): Ask {
  if (ask) return ask;
  if (as === 'nobody') return asker(tenant.hub.url, null);
  return as === 'platform_owner' ? tenant.owner : tenant.admin;
}

export type Prepared = { readonly parts: Parts; readonly ask: Ask };

/** All that a good call of an operation in a tenant takes. */
export async function prepared(operation: Operation, tenant: Tenant): Promise<Prepared> {
  const recipe = recipeOf(operation);
  const parts = (await recipe.parts?.(tenant)) ?? {};
  return { parts, ask: askerOf(recipe, tenant, parts) };
}

const kept = new WeakMap<Tenant, Map<string, Promise<Prepared>>>();

/** The same parts each time: for calls that use nothing up, because they only read or are refused. */
export function preparedOnce(operation: Operation, tenant: Tenant): Promise<Prepared> {
  const ofTenant = kept.get(tenant) ?? new Map<string, Promise<Prepared>>();
  kept.set(tenant, ofTenant);
  const parts = ofTenant.get(operation.at) ?? prepared(operation, tenant);
  ofTenant.set(operation.at, parts);
  return parts;
}

/** Calls an operation well, but for what `change` makes of it. */
export async function called(
  operation: Operation,
  tenant: Tenant,
  change: (parts: Parts) => Parts = (parts) => parts,
): Promise<Told> {
  const { parts, ask } = await prepared(operation, tenant);
  return ask(requestOf(operation, change(parts)));
}
