import type { Tx } from '#db/database.ts';
import { localDate } from '#domain/local-time.ts';
import type { Language } from '#domain/reason.ts';
import { may, type Who } from '#platform/caller.ts';
import type { Addressee, Letterhead } from '#platform/paper/papers.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { readTenantSettings, type TenantSettings, uploadedLogo } from '#platform/tenant-settings.ts';
import * as store from './store.ts';

/** The letterhead but for its picture, which lies in a file and not in the database. */
export type Heading = { readonly head: Letterhead; readonly settings: TenantSettings; readonly hasLogo: boolean };

/** `now` in ms since 1970. */
export async function headingOf(
  tx: Tx,
  tenantId: string,
  language: Language | undefined,
  now: number,
): Promise<Heading> {
  const tenant = await store.tenantOf(tx, tenantId);
  const settings = readTenantSettings(tenant.settings);
  const { branding, currency, time_zone: zone } = settings;
  const head: Letterhead = {
    company: branding.name ?? tenant.name,
    colour: branding.colour,
    logo: null,
    language: language ?? settings.language,
    currency,
    printedOn: localDate(now, zone),
  };
  return { head, settings, hasLogo: branding.logo?.startsWith(uploadedLogo) ?? false };
}

/** With the uploaded picture. One that lies elsewhere is not fetched: the hub reaches no address for a letterhead. */
export const withLogo = async (
  { head, hasLogo }: Heading,
  files: TenantFiles,
  tenantId: string,
): Promise<Letterhead> => (hasLogo ? { ...head, logo: await files.read(tenantId, 'logo') } : head);

/** The address is shown to whom contact data are (SEC-28). */
export const addresseeOf = (
  { caller }: Who,
  row: { readonly name: string; readonly customer_code: string; readonly address: string },
): Addressee => ({
  name: row.name,
  code: row.customer_code,
  address: may(caller, 'customers:contact') ? row.address : '',
});
