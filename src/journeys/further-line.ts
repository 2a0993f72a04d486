import { markDocuments } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import { findCustomerToExtend, type NewLine, type RegisteredLine } from '#features/customers/verbs.ts';
import { tellLedger } from '#features/subscriptions/verbs.ts';
import { recordIssued } from '#features/work-orders/verbs.ts';
import { resellerOf, type Who } from '#platform/caller.ts';
import { addLine } from './add-line.ts';
import { lineOfForm } from './form-input.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { pushLine } from './push-customer.ts';
import type { Registering } from './registration.ts';
import { readContext } from './tenant-context.ts';

/** One more line for a customer who is there (spec C6), in one transaction. Throws a Refusal that names the field. */
export function createFurtherLine({ db, ...around }: Registering) {
  const oneAtATime = createOneAtATime();
  return (who: Who, customerId: string, form: NewLine): Promise<RegisteredLine> => {
    const { tenantId, correlationId } = who;
    const add = () =>
      db.tenant(tenantId, async (tx) => {
        const owner = await findCustomerToExtend(tx, who, customerId);
        const context = await readContext(tx, around, tenantId);
        const added = await addLine(tx, context, owner, lineOfForm(form, resellerOf(who.caller)), correlationId);
        const { subscriptionId: id, username } = added;
        if (form.erp_subscription !== undefined) {
          const erpSubscription = form.erp_subscription;
          await tellLedger(tx, tenantId, { id, erpSubscription, username }, correlationId);
          await markDocuments(tx, tenantId, [{ doctype: 'Subscription', name: erpSubscription, correlationId }]);
        } else {
          await pushLine(tx, who, id, around.clock());
        }
        const after = { customer_id: customerId, service_plan_id: form.service_plan_id, username };
        await record(tx, who, { action: 'create', entity: 'subscription', id, after });
        await recordIssued(tx, who, id);
        return added;
      });
    return oneAtATime(tenantId, add);
  };
}
