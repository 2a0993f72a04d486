import { markDocuments } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import { checkReseller, type NewCustomer, type Registered, recordCustomer } from '#features/customers/verbs.ts';
import { tellLedger } from '#features/subscriptions/verbs.ts';
import { recordIssued } from '#features/work-orders/verbs.ts';
import { demand, resellerOf, type Who } from '#platform/caller.ts';
import { type AddedLine, addLine, type LineRequest, routerNameOf } from './add-line.ts';
import { askAboutCustomer } from './ask-customer.ts';
import { addCustomer, type CustomerDetails } from './customer-code.ts';
import { customerOfForm, lineOfForm } from './form-input.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { pushCustomer, pushLine } from './push-customer.ts';
import { readContext, type Surroundings } from './tenant-context.ts';
import { type Writing, welcome } from './welcome.ts';

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

/** What registration by a person needs beside the surroundings. */
export type Registering = Surroundings & Writing & { readonly db: Database };

/** Whose customer it becomes: a reseller's own, or that of the one whom the form names. */
async function ownerOf(tx: Tx, who: Who, form: NewCustomer): Promise<string | null> {
  const named = form.reseller_id ?? null;
  const resellerId = named ?? resellerOf(who.caller);
  if (named !== null) await checkReseller(tx, who, named);
  return resellerId;
}

/**
 * Registers in the caller's transaction what a person filled in: with the audit entry, the announcement, and the message
 * to the customer. Throws a Refusal that names the field.
 */
export async function registerForm(
  tx: Tx,
  registering: Registering,
  who: Who,
  form: NewCustomer,
): Promise<Registration> {
  demand(who.caller, 'customers:write');
  const { tenantId, correlationId } = who;
  const input = { customer: customerOfForm(form, await ownerOf(tx, who, form)), line: lineOfForm(form) };
  const registered = await register(tx, registering, tenantId, input, correlationId);
  await recordCustomer(tx, who, registered.customerId);
  await recordIssued(tx, who, registered.subscriptionId);
  await welcome(tx, registering, who, registered.customerId, form.service_plan_id);
  if (form.erp_subscription !== undefined) {
    await markDocuments(tx, tenantId, [{ doctype: 'Subscription', name: form.erp_subscription, correlationId }]);
  } else if (form.erp_customer === undefined) {
    // Both arose here; whoever names one of them in ERPNext says that the other is there as well.
    await pushCustomer(tx, who, registered.customerId);
    await pushLine(tx, who, registered.subscriptionId, registering.clock());
  }
  return registered;
}

/** Registration by form, as `POST customers` asks for it: one transaction of its own, one at a time for a tenant. */
export function createRegistration(registering: Registering) {
  const oneAtATime = createOneAtATime();
  return (who: Who, form: NewCustomer): Promise<Registered> =>
    oneAtATime(who.tenantId, () =>
      registering.db.tenant(who.tenantId, (tx) => registerForm(tx, registering, who, form)),
    );
}
