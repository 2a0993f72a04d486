import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { leadStateOf, mayConvert } from './lead-states.ts';
import { auditedLead } from './lead-view.ts';
import type { Conversion } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

/**
 * The lead, locked until the transaction ends, if it may become a customer now: covered, or forced with a reason by who
 * may register customers (spec C8). A lead converts once: whoever comes second finds it converted.
 */
export async function leadToConvert(tx: Tx, who: Who, id: string, asked: Conversion): Promise<store.LeadRow> {
  demand(who.caller, 'leads:write');
  demand(who.caller, 'customers:write');
  const row = await store.findLeadToChange(tx, sightOf(who), id);
  if (!row) throw notFound('lead');
  const state = leadStateOf(row.state);
  if (state === 'converted') {
    throw new Refusal('CONFLICT', 'This lead is a customer now.', { state, customer_id: row.customer_id });
  }
  if (asked.force && asked.reason === undefined) throw invalid('reason', 'Say why it is forced.');
  if (!mayConvert(state, asked.force)) {
    const how = state === 'lost' ? 'take it up again first' : 'check its coverage first, or force it with a reason';
    throw new Refusal('CONFLICT', `A lead that is ${state} is not converted: ${how}.`, { state });
  }
  return row;
}

/** Says in the same transaction which customer it has become. */
export async function noteConversion(
  tx: Tx,
  who: Who,
  before: store.LeadRow,
  customerId: string,
  { reason = null, now }: { readonly reason?: string | null; readonly now: Date },
): Promise<void> {
  const change = { state: 'converted', customer_id: customerId, converted_at: now };
  const after = await store.updateLead(tx, who.tenantId, before.id, change);
  await record(tx, who, {
    action: 'update',
    entity: 'lead',
    id: before.id,
    before: auditedLead(before),
    after: { ...auditedLead(after), ...(reason === null ? {} : { reason }) },
  });
}

/** The leads that a customer came from. */
export const leadsOf = (tx: Tx, tenantId: string, customerId: string) =>
  tx.selectFrom('leads').where('tenant_id', '=', tenantId).where('customer_id', '=', customerId).selectAll().execute();

/** Takes what is personal out of them (SEC-28). */
export const eraseLeadOf = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .updateTable('leads')
    .set({
      name: '(erased)',
      phone: '-',
      address: '-',
      email: null,
      latitude: null,
      longitude: null,
      notes: '',
      lost_reason: null,
      updated_at: new Date(),
    })
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .execute();
