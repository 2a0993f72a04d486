import { markDocuments } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import type { NewCustomer, Registered, Registering } from '#features/customers/verbs.ts';
import { tellLedger } from '#features/subscriptions/verbs.ts';
import { type AddedLine, addLine, type LineRequest, routerNameOf } from './add-line.ts';
import { askAboutCustomer } from './ask-customer.ts';
import { addCustomer, type CustomerDetails } from './customer-code.ts';
import { readContext, type Surroundings } from './tenant-context.ts';

export type RegistrationInput = {
  readonly customer: CustomerDetails;
  readonly line: LineRequest;
};

export type Registration = AddedLine & { readonly customerId: string; readonly customerCode: string };

/**
 * Registers a customer with its first line (*PSB*, spec C7) in the caller's transaction. Nothing else has to follow the
 * commit: the marks have the line decided about, and the ledger asked. Throws a Refusal that names the field.
 */
export async function register(
  tx: Tx,
  around: Surroundings,
  tenantId: string,
  { customer, line }: RegistrationInput,
  correlationId: string,
): Promise<Registration> {
  const context = await readContext(tx, around, tenantId);
  const routerName = await routerNameOf(tx, tenantId, line.routerId);
  const { id, code } = await addCustomer(tx, context, customer, routerName);
  const owner = { id, code, erpCustomer: customer.erpCustomer };
  const added = await addLine(tx, context, owner, line, correlationId);
  if (customer.erpCustomer !== null) {
    await askAboutCustomer(tx, tenantId, customer.erpCustomer, correlationId);
  }
  if (line.erpSubscription !== null) {
    const told = { id: added.subscriptionId, erpSubscription: line.erpSubscription, username: added.username };
    await tellLedger(tx, tenantId, told, correlationId);
  }
  return { ...added, customerId: id, customerCode: code };
}

const formInput = (form: NewCustomer): RegistrationInput => ({
  customer: {
    name: form.name,
    phone: form.phone,
    address: form.address,
    email: form.email ?? null,
    notes: form.notes ?? '',
    erpCustomer: form.erp_customer ?? null,
  },
  line: {
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
  },
});

/** Registration by form, as `POST customers` asks for it: one transaction of its own. */
export const createRegistration =
  ({ db, ...around }: Surroundings & { readonly db: Database }) =>
  ({ tenantId, correlationId }: Registering, form: NewCustomer): Promise<Registered> =>
    db.tenant(tenantId, async (tx) => {
      const registered = await register(tx, around, tenantId, formInput(form), correlationId);
      if (form.erp_subscription !== undefined) {
        await markDocuments(tx, tenantId, [{ doctype: 'Subscription', name: form.erp_subscription, correlationId }]);
      }
      return registered;
    });
