import type { Database } from '#db/database.ts';
import { localDate } from '#domain/local-time.ts';
import type { Language } from '#domain/reason.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { VoucherSheetPaper } from '#platform/paper/papers.ts';
import type { Press } from '#platform/paper/press.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type HandOutDeps, handOut } from './hand-out.ts';
import * as store from './store.ts';

type PaperDeps = { readonly db: Database; readonly clock: Clock };
type SheetDeps = HandOutDeps & { readonly press: Press; readonly clock: Clock };
/** How it is printed; `language` left out: the tenant's. */
type Form = { readonly format: VoucherSheetPaper['format']; readonly language?: Language | undefined };

/** Vouchers under the tenant's letterhead. */
export async function voucherPaper(
  { db, clock }: PaperDeps,
  who: Who,
  vouchers: Omit<VoucherSheetPaper, 'kind' | 'head' | 'format'>,
  { format, language }: Form,
): Promise<VoucherSheetPaper> {
  const tenant = await db.tenant(who.tenantId, (tx) => store.tenantOf(tx, who.tenantId));
  const settings = readTenantSettings(tenant.settings);
  const { branding, currency, time_zone: zone } = settings;
  const head = {
    company: branding.name ?? tenant.name,
    colour: branding.colour,
    // Ten thousand cards with a picture each are no sheet that anybody could print.
    logo: null,
    language: language ?? settings.language,
    currency,
    printedOn: localDate(clock(), zone),
  };
  return { kind: 'vouchers', head, format, ...vouchers };
}

/** The vouchers of a batch that are good still, as cards to cut out. */
export async function printSheet(
  deps: SheetDeps,
  who: Who,
  id: string,
  language: Language | undefined,
): Promise<Uint8Array> {
  const { batch, vouchers } = await handOut(deps, who, id, 'sheet');
  const { days, price, plan_name: plan, expires_on: expiresOn } = batch;
  const paper = await voucherPaper(deps, who, { days, price, plan, expiresOn, vouchers }, { format: 'a4', language });
  return deps.press.print(paper);
}
