import type { Tx } from '#db/database.ts';
import type { NewCustomer } from '#features/customers/verbs.ts';
import { type Conversion, leadToConvert, noteConversion } from '#features/leads/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { invalid } from '#platform/refusal.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { type Registering, type Registration, registerForm } from './registration.ts';

type Lead = Awaited<ReturnType<typeof leadToConvert>>;

/** The registration form as the lead fills it in, and whoever converts it. */
function formOf(lead: Lead, { force: _, reason: __, ...asked }: Conversion): NewCustomer {
  const servicePlanId = asked.service_plan_id ?? lead.service_plan_id;
  if (servicePlanId === null) throw invalid('service_plan_id', 'The lead wanted no plan: name one.');
  const billingMode = asked.billing_mode ?? lead.billing_mode ?? undefined;
  return {
    ...asked,
    service_plan_id: servicePlanId,
    ...(billingMode === undefined ? {} : { billing_mode: billingMode }),
    name: lead.name,
    phone: lead.phone,
    address: lead.address,
    email: lead.email,
    notes: lead.notes,
    latitude: lead.latitude,
    longitude: lead.longitude,
    reseller_id: lead.reseller_id,
  };
}

async function convert(tx: Tx, registering: Registering, who: Who, id: string, asked: Conversion) {
  const lead = await leadToConvert(tx, who, id, asked);
  const registered = await registerForm(tx, registering, who, formOf(lead, asked));
  const reason = asked.force ? (asked.reason ?? null) : null;
  await noteConversion(tx, who, lead, registered.customerId, { reason, now: new Date(registering.clock()) });
  return registered;
}

/** Makes a customer of a lead (spec C8): one transaction, once. Throws a Refusal that names the field. */
export function createConversion(registering: Registering) {
  const oneAtATime = createOneAtATime();
  return (who: Who, id: string, asked: Conversion): Promise<Registration> =>
    oneAtATime(who.tenantId, () =>
      registering.db.tenant(who.tenantId, (tx) => convert(tx, registering, who, id, asked)),
    );
}
