import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { LedgerPush, NewLedgerSubscription } from '#ports/ledger/push.ts';
import { type ErpnextClient, type Fields, sameName } from '../client.ts';
import { planDoctype } from '../plan.ts';
import { subscriptionDoctype } from '../subscription.ts';
import { pushDocument } from './push-document.ts';
import type { Pusher } from './pusher.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** How long before its first day a prepaid period is billed (spec R4). */
const prepaidLeadDays = 7;

/** The Subscription Plan that bills an item, or has its name. */
async function planOf(client: ErpnextClient, item: string): Answer<string> {
  const own = await client.document(planDoctype, item);
  if (!own.ok) return own;
  if (own.value !== null && typeof own.value.name === 'string') return ok(own.value.name);
  const list = await client.list(planDoctype, { fields: ['name'], filters: [['item', '=', item]], pageLength: 2 });
  if (!list.ok) return list;
  const [first, second] = list.value.map(({ name }) => name);
  if (typeof first !== 'string') {
    return err({ reason: 'rejected', detail: `no Subscription Plan of ERPNext bills ${item}: make one` });
  }
  if (second === undefined) return ok(first);
  const detail = `several Subscription Plans bill ${item}: name the one that is meant as the service plan's erp_item`;
  return err({ reason: 'rejected', detail });
}

/** Prepaid is billed seven days before each period, postpaid at the end of it, due on the due day (spec R4, R5). */
const billing = ({ billingMode, dueDay }: NewLedgerSubscription): Fields =>
  billingMode === 'prepaid'
    ? {
        generate_invoice_at: 'Days before the current subscription period',
        number_of_days: prepaidLeadDays,
        days_until_due: prepaidLeadDays,
      }
    : { generate_invoice_at: 'End of the current subscription period', days_until_due: dueDay };

/** A line that arose in the hub, as one Subscription, linked by its username as well. */
export const createSubscription =
  ({ client, mapping }: Pusher): LedgerPush['createSubscription'] =>
  (subscription) => {
    const { hubRef, customer, item, username, billingMode, dueDay, startsOn } = subscription;
    const custom = mapping.Subscription;
    return pushDocument(client, {
      doctype: subscriptionDoctype,
      field: custom.reference,
      hubRef,
      document: async () => {
        const plan = await planOf(client, item);
        if (!plan.ok) return plan;
        return ok({
          party_type: 'Customer',
          party: customer,
          plans: [{ plan: plan.value, qty: 1 }],
          start_date: startsOn,
          submit_invoice: 1,
          // Else an unpaid bill keeps ERPNext from making the next one.
          generate_new_invoices_past_due_date: 1,
          ...billing(subscription),
          [custom.billing_mode]: billingMode,
          [custom.due_day]: dueDay,
          [custom.username]: username,
        });
      },
      submitting: null,
      differs: ({ party }) => (sameName(party, customer) ? null : `is of ${String(party)}`),
    });
  };
