import type { NewCustomer, NewLine } from '#features/customers/verbs.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { LineRequest } from './add-line.ts';
import type { CustomerDetails } from './customer-code.ts';

/** What a customer or a line is called in ERPNext is between the tenant and its books, and not a reseller's to say. */
function refuseErpNames(form: Partial<Pick<NewCustomer, 'erp_customer' | 'erp_subscription'>>): void {
  for (const field of ['erp_customer', 'erp_subscription'] as const) {
    if (form[field] === undefined) continue;
    throw new Refusal('FORBIDDEN', 'Names of ERPNext are for the provider to give: leave this field out.', { field });
  }
}

/** The line as the form of `soldBy` asks for it (null: of the tenant's people): what is taken is refused, with a proposal. */
export function lineOfForm(form: NewLine, soldBy: string | null): LineRequest {
  if (soldBy !== null) refuseErpNames(form);
  return {
    servicePlanId: form.service_plan_id,
    billingMode: form.billing_mode ?? null,
    dueDay: form.due_date ?? null,
    username: form.username ?? null,
    ifUsernameTaken: 'refuse',
    password: form.password ?? null,
    mac: form.mac ?? null,
    ifMacTaken: 'refuse',
    reply: [],
    routerId: form.router_id ?? null,
    erpSubscription: form.erp_subscription ?? null,
    wasServed: false,
    source: 'registration',
    soldBy,
  };
}

function positionOf({ latitude = null, longitude = null }: NewCustomer): CustomerDetails['position'] {
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  if (latitude === longitude) return null;
  throw invalid(latitude === null ? 'latitude' : 'longitude', 'A position has a latitude and a longitude.');
}

export const customerOfForm = (form: NewCustomer, resellerId: string | null): CustomerDetails => ({
  name: form.name,
  phone: form.phone,
  address: form.address,
  email: form.email ?? null,
  notes: form.notes ?? '',
  erpCustomer: form.erp_customer ?? null,
  nationalId: form.national_id ?? null,
  position: positionOf(form),
  resellerId,
});
