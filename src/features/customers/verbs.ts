import type { Tx } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { customerView, lineView } from './customer-view.ts';
import type { Customer, CustomerChange, CustomerDetail, CustomerQuery } from './schema.ts';
import * as store from './store.ts';

// What journeys build on.
export { customerOfErp, followLedger, insertCustomer } from './first-written.ts';
export type { Registered, Registering } from './registering.ts';
export type { NewCustomer } from './schema.ts';

const zoneOf = async (tx: Tx, tenantId: string): Promise<string> =>
  readTenantSettings(await store.zoneSettings(tx, tenantId)).time_zone;

async function withLines(tx: Tx, tenantId: string, rows: readonly store.CustomerRow[], now: number) {
  const zone = await zoneOf(tx, tenantId);
  const lines = await store.linesOf(
    tx,
    tenantId,
    rows.map((row) => row.id),
  );
  const ofCustomer = groupBy(lines, (line) => line.customer_id);
  return rows.map((row) => ({
    row,
    lines: (ofCustomer.get(row.id) ?? []).map((line) => lineView(line, zone, now)),
  }));
}

/** `now` in ms since 1970. */
export async function listCustomers(tx: Tx, tenantId: string, query: CustomerQuery, now: number) {
  const { rows, total } = await store.listCustomers(tx, tenantId, query);
  const found = await withLines(tx, tenantId, rows, now);
  const data = found.map(({ row, lines }) => customerView(row, lines));
  return { data, page: query.page, page_size: query.page_size, total };
}

async function find(tx: Tx, tenantId: string, id: string, now: number) {
  const row = await store.findCustomer(tx, tenantId, id);
  const [found] = row ? await withLines(tx, tenantId, [row], now) : [];
  if (!found) throw notFound('customer');
  return found;
}

export async function getCustomer(tx: Tx, tenantId: string, id: string, now: number): Promise<Customer> {
  const { row, lines } = await find(tx, tenantId, id, now);
  return customerView(row, lines);
}

export async function getCustomerWithLines(tx: Tx, tenantId: string, id: string, now: number): Promise<CustomerDetail> {
  const { row, lines } = await find(tx, tenantId, id, now);
  return { ...customerView(row, lines), subscriptions: lines };
}

/** What ERPNext owns of a customer that it has (spec L1). */
const ownedByLedger = ['name', 'phone'] as const;

function refuseOwnedByLedger(row: store.CustomerRow, change: CustomerChange): void {
  if (row.erp_customer === null) return;
  const owned = ownedByLedger.filter((field) => change[field] !== undefined && change[field] !== row[field]);
  if (owned.length === 0) return;
  const message = `ERPNext owns the ${owned.join(' and ')} of this customer: change it on ${row.erp_customer} there.`;
  throw new Refusal('CONFLICT', message, { fields: owned, erp_customer: row.erp_customer });
}

/** Changes what is named. */
export async function changeCustomer(
  tx: Tx,
  tenantId: string,
  id: string,
  change: CustomerChange,
  now: number,
): Promise<Customer> {
  const row = await store.findCustomerToChange(tx, tenantId, id);
  if (!row) throw notFound('customer');
  refuseOwnedByLedger(row, change);
  const { name = row.name, phone = row.phone, address = row.address, email = row.email, notes = row.notes } = change;
  await store.updateCustomer(tx, tenantId, id, { name, phone, address, email, notes });
  return getCustomer(tx, tenantId, id, now);
}

/** Takes a customer off the lists once all of its lines have ended; its history stays (spec C5). */
export async function removeCustomer(tx: Tx, tenantId: string, id: string): Promise<void> {
  const row = await store.findCustomerToChange(tx, tenantId, id);
  if (!row) throw notFound('customer');
  const living = (await store.linesOf(tx, tenantId, [id])).filter((line) => line.state !== 'terminated');
  if (living.length > 0) {
    const names = living.map((line) => line.username).join(', ');
    throw new Refusal('CONFLICT', `${row.name} still has subscriptions that have not ended: ${names}.`, {
      subscriptions: living.map((line) => line.id),
    });
  }
  await store.updateCustomer(tx, tenantId, id, { deleted_at: new Date() });
}
