import type { TenantVault } from '#platform/secrets.ts';

/** An Indonesian identity number (NIK): 16 digits. */
export const nationalIdPattern = /^[0-9]{16}$/;

const place = (customerId: string) => ({ table: 'customers', column: 'national_id', row: customerId });

/** What an exact search compares; made with the tenant's key, so that two tenants' values never look alike. */
export const nationalIdIndex = (vault: TenantVault, nationalId: string): Buffer =>
  vault.blindIndex(nationalId, 'customers.national_id');

/** The two columns of a customer's identity number; null: it has none. */
export const nationalIdColumns = (vault: TenantVault, customerId: string, nationalId: string | null) =>
  nationalId === null
    ? { national_id: null, national_id_index: null }
    : {
        national_id: vault.seal(nationalId, place(customerId)),
        national_id_index: nationalIdIndex(vault, nationalId),
      };

export const openNationalId = (vault: TenantVault, customerId: string, sealed: string): string =>
  vault.open(sealed, place(customerId));

/** `************1234`. */
export const maskedNationalId = (nationalId: string): string => '*'.repeat(12) + nationalId.slice(-4);
