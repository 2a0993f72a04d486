import type { Tx } from '#db/database.ts';
import { recordCustomer } from '#features/customers/verbs.ts';
import type { MadeCustomer, PresentCustomer } from '#features/reseller-desk/verbs.ts';
import { resellerOf, type Who } from '#platform/caller.ts';
import { pushCustomer, pushLine } from './push-customer.ts';
import { register } from './registration.ts';
import type { Surroundings } from './tenant-context.ts';

/**
 * Registers one of a reseller's present customers in the caller's transaction (spec S1): it is served already, so nobody is
 * sent to install, none waits for a first payment, and no welcome is written. Throws a Refusal that names the field.
 */
export const createPresentCustomer =
  (around: Surroundings) =>
  async (tx: Tx, who: Who, resellerId: string, present: PresentCustomer): Promise<MadeCustomer> => {
    const { name, phone, address, email, nationalId, position } = present;
    const customer = { name, phone, address, email, nationalId, position, resellerId, notes: '', erpCustomer: null };
    const line = {
      servicePlanId: present.planId,
      billingMode: null,
      dueDay: present.dueDay,
      username: present.username,
      ifUsernameTaken: 'refuse',
      password: present.password,
      mac: present.mac,
      ifMacTaken: 'refuse',
      reply: [],
      routerId: null,
      erpSubscription: null,
      wasServed: true,
      source: 'registration',
      soldBy: resellerOf(who.caller),
    } as const;
    const made = await register(tx, around, who.tenantId, { customer, line }, who.correlationId);
    await recordCustomer(tx, who, made.customerId);
    await pushCustomer(tx, who, made.customerId);
    await pushLine(tx, who, made.subscriptionId, around.clock());
    const { customerId, customerCode, username, password } = made;
    return { customerId, customerCode, username, password };
  };
