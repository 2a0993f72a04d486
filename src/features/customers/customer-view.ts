import { accessStates } from '#domain/access.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import { localDate } from '#domain/local-time.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { maskedNationalId, openNationalId } from './national-id.ts';
import type { Customer, CustomerDetail } from './schema.ts';
import type { CustomerRow, LineRow } from './store.ts';

/** What of the surroundings a view depends on. `now` in ms since 1970. */
export type Viewing = {
  readonly zone: string;
  readonly now: number;
  readonly vault: TenantVault;
  readonly seesContact: boolean;
};

type LineView = CustomerDetail['subscriptions'][number];
const stateOf = (state: string | null) => accessStates.find((one) => one === state) ?? 'pending';

export const lineView = (row: LineRow, { zone, now }: Viewing): LineView => ({
  id: row.id,
  service_plan_id: row.service_plan_id,
  username: row.username,
  state: stateOf(row.state),
  billing_mode: row.billing_mode,
  due_date: row.due_day,
  next_due_date: nextDueDate(localDate(now, zone), row.due_day),
  monthly_fee: Number(row.monthly_fee),
  mac: row.mac,
  router_id: row.router_id,
  erp_subscription: row.erp_subscription,
});

const hidden = '***';

/** Contact data as this role sees it: of a phone number the last three digits, of the rest nothing. */
const contactOf = (row: CustomerRow, seesContact: boolean) =>
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
        phone: row.phone.length > 6 ? hidden + row.phone.slice(-3) : hidden,
        address: hidden,
        email: row.email && hidden,
        notes: row.notes && hidden,
        latitude: null,
        longitude: null,
      };

/** `lines` with the best served first: a customer's status is that one's (spec C9). */
export function customerView(row: CustomerRow, lines: readonly LineView[], viewing: Viewing): Customer {
  const [best] = lines;
  return {
    id: row.id,
    customer_code: row.customer_code,
    name: row.name,
    ...contactOf(row, viewing.seesContact),
    national_id:
      row.national_id === null ? null : maskedNationalId(openNationalId(viewing.vault, row.id, row.national_id)),
    has_photo: row.photo_file !== null,
    is_masked: !viewing.seesContact,
    status: stateOf(row.status),
    service_plan_id: best?.service_plan_id ?? null,
    reseller_id: row.reseller_id,
    erp_customer: row.erp_customer,
    subscription: best ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
