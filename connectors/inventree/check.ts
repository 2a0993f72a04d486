import { err, ok, type Result } from '#domain/result.ts';
import type { AssetFailure } from '#ports/asset-tracker/port.ts';
import type { InventreeClient } from './client.ts';
import { failed } from './failures.ts';
import { readParts, readWarehouse } from './places.ts';
import type { InventreeSettings } from './settings.ts';
import { locationRow, serverInfo, userRoles } from './shapes.ts';

type Answer<T> = Promise<Result<T, AssetFailure>>;
type Need = { readonly of: readonly string[]; readonly may: readonly string[]; readonly why: string };

const companies = ['sales_order', 'purchase_order', 'return_order'];

/** What the hub's user must be allowed, in the words of InvenTree's groups; of several roles one is enough. */
const needs: readonly Need[] = [
  { of: ['stock'], may: ['view', 'add', 'change'], why: 'moving units' },
  { of: ['part'], may: ['view'], why: 'telling modems from other parts' },
  { of: ['stock_location'], may: ['view', 'add'], why: "making technicians' bags" },
  { of: companies, may: ['view', 'add'], why: 'a company for each subscriber' },
];

/** What is missing, role by role; empty: nothing. */
export const missingOf = (roles: Readonly<Record<string, readonly string[] | null>>): readonly string[] =>
  needs.flatMap(({ of, may, why }) => {
    const lacks = of.map((role) => may.filter((verb) => !roles[role]?.includes(verb)));
    const least = lacks.reduce((a, b) => (b.length < a.length ? b : a));
    return least.length === 0 ? [] : [`${of[0]}: ${least.join(', ')} (${why})`];
  });

async function checkRoles(client: InventreeClient): Answer<string> {
  const user = await client.get('/api/user/roles/', {}, userRoles);
  if (!user.ok) return failed(user.error);
  const missing = user.value.is_superuser === true ? [] : missingOf(user.value.roles);
  if (missing.length === 0) return ok(user.value.username);
  const words = `${user.value.username} lacks rights in InvenTree: ${missing.join('; ')}. Give them to its group; they hold once the background worker has run`;
  return err({ reason: 'forbidden', detail: words });
}

const dayMs = 86_400_000;
const lifeDays = 365;
const renewDays = 30;

/** A token tells the day on which it was made, and lives for a year. */
export function tokenNotes(token: string, now: Date): readonly string[] {
  const [, year, month, day] = /-(\d{4})(\d{2})(\d{2})$/.exec(token) ?? [];
  if (!year || !month || !day) return [];
  const ends = Date.UTC(Number(year), Number(month) - 1, Number(day)) + lifeDays * dayMs;
  const left = Math.floor((ends - now.getTime()) / dayMs);
  if (left > renewDays) return [];
  const on = new Date(ends).toISOString().slice(0, 10);
  return [`The token ${left < 0 ? 'ended' : 'ends'} on ${on}: make one under another name, and PUT it here.`];
}

async function checkBagParent(client: InventreeClient, parent: number | null): Answer<readonly string[]> {
  if (parent === null)
    return err({
      reason: 'rejected',
      detail: 'no place for bags is chosen: PUT connections/inventree with bag_location_parent',
    });
  const location = await client.get(`/api/stock/location/${parent}/`, {}, locationRow);
  if (!location.ok && location.error.reason === 'missing')
    return err({ reason: 'rejected', detail: `InvenTree has no location ${parent} (for technicians' bags)` });
  if (!location.ok) return failed(location.error);
  const { name, structural } = location.value;
  return ok(structural ? [] : [`${name} is not structural: units could be put beside the bags instead of into one.`]);
}

/** Whether the hub can work with it; the failure, or a note in the answer, says what to do. Changes nothing. */
export async function checkInventree(
  client: InventreeClient,
  { token, warehouse_location, bag_location_parent }: InventreeSettings,
  now: Date,
): Answer<string> {
  const info = await client.get('/api/', {}, serverInfo);
  if (!info.ok) return failed(info.error);
  const user = await checkRoles(client);
  if (!user.ok) return user;
  const warehouse = await readWarehouse(client, warehouse_location);
  if (!warehouse.ok) return warehouse;
  const bags = await checkBagParent(client, bag_location_parent);
  if (!bags.ok) return bags;
  const parts = await readParts(client);
  if (!parts.ok) return parts;
  const { version, apiVersion, worker_running: hasWorker } = info.value;
  const notes = [
    ...(hasWorker === false ? ['Its background worker does not run: changes of roles will not hold.'] : []),
    ...(parts.value.length === 0 ? ['No part is salable and trackable: no modem could be received or installed.'] : []),
    ...bags.value,
    ...tokenNotes(token, now),
  ];
  const connected = `Connected to InvenTree ${version} (API ${apiVersion}) as ${user.value}; the warehouse is ${warehouse.value.name}.`;
  return ok([connected, ...notes].join(' '));
}
