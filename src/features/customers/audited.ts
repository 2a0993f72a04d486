import type { CustomerRow } from './store.ts';

/** What the audit log compares of a customer; what is personal in it is masked there. */
export const auditedCustomer = (row: CustomerRow): Record<string, unknown> => ({
  customer_code: row.customer_code,
  name: row.name,
  phone: row.phone,
  address: row.address,
  email: row.email,
  notes: row.notes,
  latitude: row.latitude,
  longitude: row.longitude,
  national_id: row.national_id_index?.toString('hex') ?? null,
  photo: row.photo_file,
  reseller_id: row.reseller_id,
  erp_customer: row.erp_customer,
});
