import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { auditedCustomer } from './audited.ts';
import { announceCustomer } from './changing.ts';
import { sightOf } from './sight.ts';
import { findCustomer, findCustomerToChange, insertPosition } from './store.ts';

/** The customer who is to have one more line, locked against being removed meanwhile. */
export async function findCustomerToExtend(tx: Tx, who: Who, id: string) {
  demand(who.caller, 'customers:write');
  const row = await findCustomerToChange(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  return { id: row.id, code: row.customer_code, erpCustomer: row.erp_customer, resellerId: row.reseller_id };
}

/** What follows from a customer that a person has just registered: position history, audit entry, announcement. */
export async function recordCustomer(tx: Tx, who: Who, id: string): Promise<void> {
  demand(who.caller, 'customers:write');
  const row = await findCustomer(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  const { latitude, longitude } = row;
  if (latitude !== null && longitude !== null) {
    await insertPosition(tx, who.tenantId, id, { latitude, longitude, recordedBy: who.caller.userId });
  }
  await record(tx, who, { action: 'create', entity: 'customer', id, after: auditedCustomer(row) });
  await announceCustomer(tx, who, 'customer.created', row);
}
