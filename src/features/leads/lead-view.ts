import { leadStateOf } from './lead-states.ts';
import type { Lead } from './schema.ts';
import type { LeadRow } from './store.ts';

const hidden = '***';

const contactOf = (row: LeadRow, seesContact: boolean) =>
  seesContact
    ? {
        phone: row.phone,
        address: row.address,
        email: row.email,
        notes: row.notes,
        latitude: row.latitude,
        longitude: row.longitude,
      }
    : {
        phone: hidden,
        address: hidden,
        email: row.email && hidden,
        notes: row.notes && hidden,
        latitude: null,
        longitude: null,
      };

export const leadView = (row: LeadRow, seesContact: boolean): Lead => ({
  id: row.id,
  name: row.name,
  ...contactOf(row, seesContact),
  service_plan_id: row.service_plan_id,
  billing_mode: row.billing_mode,
  state: leadStateOf(row.state),
  lost_reason: row.lost_reason,
  coverage_area_id: row.coverage_area_id,
  checked_at: row.checked_at?.toISOString() ?? null,
  reseller_id: row.reseller_id,
  customer_id: row.customer_id,
  converted_at: row.converted_at?.toISOString() ?? null,
  is_masked: !seesContact,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** What the audit log compares of a lead; what is personal in it is masked there. */
export function auditedLead(row: LeadRow): Record<string, unknown> {
  const { tenant_id: _, created_at: __, updated_at: ___, ...fields } = row;
  return fields;
}
