import type { Tx } from '#db/database.ts';
import { accessStates } from '#domain/access.ts';
import { groupBy } from '#domain/group-by.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { customerView, lineView, type Viewing } from './customer-view.ts';
import * as listing from './listing.ts';
import { nationalIdIndex } from './national-id.ts';
import type { Customer, CustomerDetail, CustomerQuery } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';

/** What reading needs beside the transaction. `now` in ms since 1970. */
export type Looking = { readonly vault: TenantVault; readonly now: number };

async function withLines(tx: Tx, who: Who, { vault, now }: Looking, rows: readonly store.CustomerRow[]) {
  const zone = readTenantSettings(await store.zoneSettings(tx, who.tenantId)).time_zone;
  const viewing: Viewing = { zone, now, vault, seesContact: sightOf(who).seesContact };
  const ids = rows.map((row) => row.id);
  const ofCustomer = groupBy(await store.linesOf(tx, who.tenantId, ids), (line) => line.customer_id);
  return rows.map((row) => {
    const lines = (ofCustomer.get(row.id) ?? []).map((line) => lineView(line, viewing));
    return { customer: customerView(row, lines, viewing), lines };
  });
}

/** An identity number is searched for only by those who see contact data: an answer says whose it is. */
function filterOf(who: Who, { national_id, ...query }: CustomerQuery, vault: TenantVault): listing.CustomerFilter {
  if (national_id === undefined) return { ...query, nationalIdIndex: null };
  demand(who.caller, 'customers:contact');
  return { ...query, nationalIdIndex: nationalIdIndex(vault, national_id) };
}

/** A page of the customers that this caller may see, with the cursor of the next one. */
export async function listCustomers(tx: Tx, who: Who, query: CustomerQuery, looking: Looking) {
  demand(who.caller, 'customers:read');
  const filter = filterOf(who, query, looking.vault);
  const { rows, total, nextCursor } = await listing.listCustomers(tx, sightOf(who), filter);
  const data = (await withLines(tx, who, looking, rows)).map(({ customer }) => customer);
  return { data, page: query.page, page_size: query.page_size, total, next_cursor: nextCursor };
}

async function find(tx: Tx, who: Who, id: string, looking: Looking) {
  const row = await store.findCustomer(tx, sightOf(who), id);
  const [found] = row ? await withLines(tx, who, looking, [row]) : [];
  if (!found) throw notFound('customer');
  return found;
}

/** A customer as whoever changed it is shown it afterwards. */
export const showCustomer = async (tx: Tx, who: Who, id: string, looking: Looking): Promise<Customer> =>
  (await find(tx, who, id, looking)).customer;

export async function getCustomerWithLines(tx: Tx, who: Who, id: string, looking: Looking): Promise<CustomerDetail> {
  demand(who.caller, 'customers:read');
  const { customer, lines } = await find(tx, who, id, looking);
  return { ...customer, subscriptions: lines };
}

/** One line of a customer, as the list shows it. */
export async function showLine(tx: Tx, who: Who, customerId: string, lineId: string, looking: Looking) {
  const { lines } = await find(tx, who, customerId, looking);
  const line = lines.find(({ id }) => id === lineId);
  if (!line) throw notFound('subscription');
  return line;
}

/** How many customers there are in each status; together they are all of them (spec C5, P15). */
export async function customerStatistics(tx: Tx, who: Who) {
  demand(who.caller, 'customers:read');
  const sight = sightOf(who);
  const counts =
    sight.resellerId === null ? await listing.tallied(tx, who.tenantId) : await store.countByStatus(tx, sight);
  const byStatus = Object.fromEntries(accessStates.map((state) => [state, counts.get(state) ?? 0]));
  return { total: [...counts.values()].reduce((sum, count) => sum + count, 0), by_status: byStatus };
}
