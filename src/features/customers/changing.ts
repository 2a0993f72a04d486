import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { announce } from '#outbox/announce.ts';
import { demand, resellerOf, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { auditedCustomer } from './audited.ts';
import { nationalIdColumns } from './national-id.ts';
import { type Looking, showCustomer } from './reading.ts';
import type { Customer, CustomerChange } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

/** What ERPNext owns of a customer that it has (spec L1). */
const ownedByLedger = ['name', 'phone'] as const;

function refuseOwnedByLedger(row: store.CustomerRow, change: CustomerChange): void {
  if (row.erp_customer === null) return;
  const owned = ownedByLedger.filter((field) => change[field] !== undefined && change[field] !== row[field]);
  if (owned.length === 0) return;
  const message = `ERPNext owns the ${owned.join(' and ')} of this customer: change it on ${row.erp_customer} there.`;
  throw new Refusal('CONFLICT', message, { fields: owned, erp_customer: row.erp_customer });
}

/** The reseller whose customer it is to be; a reseller gives none away (spec I3, P13). */
export async function checkReseller(tx: Tx, who: Who, resellerId: string | null): Promise<void> {
  const own = resellerOf(who.caller);
  if (own !== null && resellerId !== own) {
    throw new Refusal('FORBIDDEN', 'A reseller’s customers are its own.', { field: 'reseller_id' });
  }
  if (resellerId !== null && !(await store.isReseller(tx, who.tenantId, resellerId))) {
    throw invalid('reseller_id', 'There is no such reseller.');
  }
}

/** Both coordinates or none; undefined: the change does not speak of them. */
function positionOf({ latitude, longitude }: CustomerChange) {
  if (latitude === undefined && longitude === undefined) return undefined;
  if (latitude === undefined || longitude === undefined || (latitude === null) !== (longitude === null)) {
    throw invalid(latitude == null ? 'latitude' : 'longitude', 'A position has a latitude and a longitude.');
  }
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

const noPosition = { latitude: null, longitude: null };

function columnsOf(row: store.CustomerRow, change: CustomerChange, vault: TenantVault) {
  const { name = row.name, phone = row.phone, address = row.address, email = row.email, notes = row.notes } = change;
  const position = positionOf(change);
  return {
    name,
    phone,
    address,
    email,
    notes,
    ...(position === undefined ? {} : (position ?? noPosition)),
    ...(change.national_id === undefined ? {} : nationalIdColumns(vault, row.id, change.national_id)),
    ...(change.reseller_id === undefined ? {} : { reseller_id: change.reseller_id }),
  };
}

/** Moves the due day of what the hub itself bills; answers the day as it was, for the audit log. */
async function changeDueDay(tx: Tx, who: Who, customerId: string, dueDay: number): Promise<readonly number[]> {
  const lines = (await store.linesOf(tx, who.tenantId, [customerId])).filter((line) => line.terminated_at === null);
  const theirs = lines.find((line) => line.erp_subscription !== null && line.due_day !== dueDay);
  if (theirs) {
    const message = `ERPNext owns the due day of ${theirs.username}: change it on ${theirs.erp_subscription} there.`;
    throw new Refusal('CONFLICT', message, { fields: ['due_date'], erp_subscription: theirs.erp_subscription });
  }
  const moved = lines.filter((line) => line.due_day !== dueDay);
  const ids = moved.map((line) => line.id);
  if (ids.length === 0) return [dueDay];
  await tx
    .updateTable('subscriptions')
    .set({ due_day: dueDay, updated_at: new Date() })
    .where('tenant_id', '=', who.tenantId)
    .where('id', 'in', ids)
    .execute();
  const { tenantId, correlationId } = who;
  await markLines(tx, { tenantId, correlationId, cause: 'a new due day' }, ids);
  return moved.map((line) => line.due_day);
}

/** Changes what is named. */
export async function changeCustomer(
  tx: Tx,
  who: Who,
  id: string,
  change: CustomerChange,
  looking: Looking,
): Promise<Customer> {
  demand(who.caller, 'customers:write');
  const row = await store.findCustomerToChange(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  refuseOwnedByLedger(row, change);
  if (change.reseller_id !== undefined) await checkReseller(tx, who, change.reseller_id);
  const changed = await store.updateCustomer(tx, who.tenantId, id, columnsOf(row, change, looking.vault));
  const { latitude, longitude } = changed;
  if (latitude !== null && longitude !== null && (latitude !== row.latitude || longitude !== row.longitude)) {
    await store.insertPosition(tx, who.tenantId, id, { latitude, longitude, recordedBy: who.caller.userId });
  }
  const dueDays = change.due_date === undefined ? null : await changeDueDay(tx, who, id, change.due_date);
  await record(tx, who, {
    action: 'update',
    entity: 'customer',
    id,
    before: { ...auditedCustomer(row), ...(dueDays && { due_date: dueDays.join(', ') }) },
    after: { ...auditedCustomer(changed), ...(dueDays && { due_date: String(change.due_date) }) },
  });
  await announceCustomer(tx, who, 'customer.updated', changed);
  return showCustomer(tx, who, id, looking);
}

export const announceCustomer = (
  tx: Tx,
  { tenantId, correlationId }: Pick<Who, 'tenantId' | 'correlationId'>,
  type: 'customer.created' | 'customer.updated' | 'customer.deleted',
  { id, customer_code, name }: { readonly id: string; readonly customer_code: string; readonly name: string },
): Promise<void> => announce(tx, tenantId, { type, data: { id, customer_code, name }, correlationId });

/** Refuses while a line of the customer has not ended. */
export async function refuseWithLivingLines(tx: Tx, tenantId: string, row: store.CustomerRow): Promise<void> {
  const lines = await store.linesOf(tx, tenantId, [row.id]);
  const living = lines.filter((line) => line.terminated_at === null && line.state !== 'terminated');
  if (living.length === 0) return;
  const names = living.map((line) => line.username).join(', ');
  throw new Refusal('CONFLICT', `${row.name} still has subscriptions that have not ended: ${names}.`, {
    subscriptions: living.map((line) => line.id),
  });
}

/** Takes a customer off the lists once all of its lines have ended; its history stays (spec C5). */
export async function removeCustomer(tx: Tx, who: Who, id: string): Promise<void> {
  demand(who.caller, 'customers:delete');
  const row = await store.findCustomerToChange(tx, sightOf(who), id);
  if (!row) throw notFound('customer');
  await refuseWithLivingLines(tx, who.tenantId, row);
  await store.updateCustomer(tx, who.tenantId, id, { deleted_at: new Date() });
  await record(tx, who, { action: 'delete', entity: 'customer', id, before: auditedCustomer(row) });
  await announceCustomer(tx, who, 'customer.deleted', row);
}
