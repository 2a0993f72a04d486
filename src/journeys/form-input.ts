import type { NewCustomer, NewLine } from '#features/customers/verbs.ts';
import { invalid } from '#platform/refusal.ts';
import type { LineRequest } from './add-line.ts';
import type { CustomerDetails } from './customer-code.ts';

/** The line as a form asks for it: what is taken is refused, with a proposal. */
export const lineOfForm = (form: NewLine): LineRequest => ({
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
});

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
