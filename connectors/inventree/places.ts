import type { z } from 'zod';
import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, AssetTracker, TrackedPart } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient } from './client.ts';
import type { CompanyNames } from './company-names.ts';
import { failed, rejected } from './failures.ts';
import { companyPage, companyRow, locationPage, locationRow, partPage } from './shapes.ts';
import type { Turns } from './turns.ts';

type Answer<T> = Promise<Result<T, AssetFailure>>;
type Technician = Parameters<AssetTracker['bagOf']>[0];
type Customer = Parameters<AssetTracker['customerOf']>[0];

const pageLength = 250;
/** InvenTree's own limit of a name. */
const longestName = 100;

/** By this the hub finds again what it made, whatever people call it since; people may write it into one of theirs. */
const signOf = (id: string): string => `[jembatan:${id}]`;

/** Parts that can be modems: trackable (with serials) and salable (assigned to customers). */
export async function readParts(client: InventreeClient): Answer<readonly TrackedPart[]> {
  const parts: TrackedPart[] = [];
  for (let offset = 0, isMore = true; isMore; offset += pageLength) {
    const query = { trackable: true, salable: true, active: true, ordering: 'name', limit: pageLength, offset };
    const page = await client.get('/api/part/', query, partPage);
    if (!page.ok) return failed(page.error);
    const { results, count } = page.value;
    for (const { pk, name, salable, trackable } of results)
      if (salable && trackable) parts.push({ ref: String(pk), name });
    isMore = results.length > 0 && offset + pageLength < count;
  }
  return ok(parts.filter(({ ref }, at) => parts.findIndex((other) => other.ref === ref) === at));
}

/** Where new units lie: chosen by a person, since nothing in InvenTree tells a warehouse from another shelf. */
export async function readWarehouse(client: InventreeClient, chosen: number | null): Answer<TrackedPart> {
  if (chosen === null)
    return rejected(
      'no warehouse is chosen: PUT connections/inventree with warehouse_location, the number of its location',
    );
  const location = await client.get(`/api/stock/location/${chosen}/`, {}, locationRow);
  if (!location.ok && location.error.reason === 'missing')
    return rejected(`InvenTree has no location ${chosen} (the warehouse)`);
  if (!location.ok) return failed(location.error);
  const { pk, name, structural } = location.value;
  if (structural)
    return rejected(`the location ${name} (${pk}) is structural: nothing can lie in it; choose one under it`);
  return ok({ ref: String(pk), name });
}

type LocationRow = z.infer<typeof locationRow>;
type Company = z.infer<typeof companyRow>;

async function readBags(client: InventreeClient, parent: number): Asked<readonly LocationRow[]> {
  const bags: LocationRow[] = [];
  for (let offset = 0, isMore = true; isMore; offset += pageLength) {
    const page = await client.get(
      '/api/stock/location/',
      { parent, ordering: 'name', limit: pageLength, offset },
      locationPage,
    );
    if (!page.ok) return page;
    bags.push(...page.value.results.filter((row) => row.parent === parent));
    isMore = page.value.results.length > 0 && offset + pageLength < page.value.count;
  }
  return ok(bags);
}

/** The first of them where two hubs made one at the same time. */
const signed = (bags: readonly LocationRow[], id: string): number | null =>
  bags.reduce<number | null>(
    (least, { pk, description }) => (description.includes(signOf(id)) && (least === null || pk < least) ? pk : least),
    null,
  );

const shortName = (name: string, taken: readonly LocationRow[], id: string): string => {
  const plain =
    name
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, longestName - 10) || 'Bag';
  const isTaken = taken.some((bag) => bag.name.toLowerCase() === plain.toLowerCase());
  return isTaken ? `${plain} ${id.slice(0, 8)}` : plain;
};

async function findBag(client: InventreeClient, parent: number, { id, name }: Technician): Answer<string> {
  const bags = await readBags(client, parent);
  if (!bags.ok) return failed(bags.error);
  const there = signed(bags.value, id);
  if (there !== null) return ok(String(there));
  const body = {
    name: shortName(name, bags.value, id),
    description: `Technician ${signOf(id)}`,
    parent,
    structural: false,
  };
  const made = await client.send('POST', '/api/stock/location/', body, locationRow);
  // Whatever was answered, what is there counts: another hub may have been quicker, or the answer was lost.
  const after = await readBags(client, parent);
  const bag = after.ok ? signed(after.value, id) : null;
  if (bag !== null) return ok(String(bag));
  if (!made.ok) return failed(made.error);
  return after.ok ? rejected('InvenTree made a bag that it does not show') : failed(after.error);
}

/** A technician's own location under the chosen one. */
export async function bagFor(
  client: InventreeClient,
  turns: Turns,
  parent: number | null,
  technician: Technician,
): Answer<string> {
  if (parent === null)
    return rejected(
      'no place for bags is chosen: PUT connections/inventree with bag_location_parent, a structural location',
    );
  return turns('bags', () => findBag(client, parent, technician));
}

/** The first of that very name, as `code` makes it one subscriber's. */
async function companyNamed(client: InventreeClient, name: string): Asked<Company | null> {
  const query = { name, is_customer: true, ordering: 'name', limit: 10, offset: 0 };
  const page = await client.get('/api/company/', query, companyPage);
  if (!page.ok) return page;
  const same = page.value.results.filter((row) => row.name === name && row.is_customer);
  return ok(same.reduce<Company | null>((least, row) => (least && least.pk < row.pk ? least : row), null));
}

async function findCompany(client: InventreeClient, name: string, id: string): Answer<number> {
  const there = await companyNamed(client, name);
  if (!there.ok) return failed(there.error);
  if (there.value) return ok(there.value.pk);
  const body = {
    name,
    description: signOf(id),
    is_customer: true,
    // Left out it would be a supplier.
    is_supplier: false,
    is_manufacturer: false,
  };
  const made = await client.send('POST', '/api/company/', body, companyRow);
  const after = await companyNamed(client, name);
  if (after.ok && after.value) return ok(after.value.pk);
  if (!made.ok) return failed(made.error);
  return after.ok ? rejected('InvenTree made a company that it does not show') : failed(after.error);
}

/** A company per subscriber: what is at it is counted nowhere else, and only a return brings it back. */
export function companyFor(
  client: InventreeClient,
  turns: Turns,
  names: CompanyNames,
  { id, code, name }: Customer,
): Answer<string> {
  const called = `${code} ${name}`.replace(/\s+/g, ' ').trim().slice(0, longestName).trim();
  return turns(`customer ${id}`, async () => {
    const company = await findCompany(client, called, id);
    if (!company.ok) return company;
    names.remember(company.value, called);
    return ok(String(company.value));
  });
}
