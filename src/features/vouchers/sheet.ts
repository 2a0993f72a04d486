import { localDate } from '#domain/local-time.ts';
import type { Language } from '#domain/reason.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { Press } from '#platform/paper/press.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type HandOutDeps, handOut } from './hand-out.ts';
import * as store from './store.ts';

type SheetDeps = HandOutDeps & { readonly press: Press; readonly clock: Clock };

/** The vouchers of a batch that are good still, as cards to cut out; `language` left out: the tenant's. */
export async function printSheet(
  deps: SheetDeps,
  who: Who,
  id: string,
  language: Language | undefined,
): Promise<Uint8Array> {
  const { batch, vouchers } = await handOut(deps, who, id, 'sheet');
  const tenant = await deps.db.tenant(who.tenantId, (tx) => store.tenantOf(tx, who.tenantId));
  const settings = readTenantSettings(tenant.settings);
  const { branding, currency, time_zone: zone } = settings;
  const head = {
    company: branding.name ?? tenant.name,
    colour: branding.colour,
    // Ten thousand cards with a picture each are no sheet that anybody could print.
    logo: null,
    language: language ?? settings.language,
    currency,
    printedOn: localDate(deps.clock(), zone),
  };
  const { days, price, plan_name: plan, expires_on: expiresOn } = batch;
  return deps.press.print({ kind: 'vouchers', head, days, price, plan, expiresOn, vouchers });
}
