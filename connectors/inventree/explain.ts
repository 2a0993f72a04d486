import type { MoveRefusal, MoveWish } from '#ports/asset-tracker/port.ts';
import type { InventreeClient } from './client.ts';
import { isPk } from './look.ts';
import { companyRow, locationRow } from './shapes.ts';

async function ofPlace(client: InventreeClient, place: string): Promise<MoveRefusal | null> {
  if (!isPk(place)) return 'no_such_place';
  const location = await client.get(`/api/stock/location/${place}/`, {}, locationRow);
  if (!location.ok) return location.error.reason === 'missing' ? 'no_such_place' : null;
  return location.value.structural ? 'no_such_place' : null;
}

async function ofCustomer(client: InventreeClient, customer: string): Promise<MoveRefusal | null> {
  if (!isPk(customer)) return 'not_a_customer';
  const company = await client.get(`/api/company/${customer}/`, {}, companyRow);
  if (!company.ok) return company.error.reason === 'missing' ? 'not_a_customer' : null;
  return company.value.is_customer ? null : 'not_a_customer';
}

/** By its words, where nothing that can be looked at tells. */
function ofWords(detail: string): MoveRefusal | null {
  if (/salable/i.test(detail)) return 'not_salable';
  return /in stock|allocated to/i.test(detail) ? 'wrong_status' : null;
}

/** Why InvenTree refuses a move of a unit that is where it should be; null: for a reason that the hub has no word for. */
export async function explain(client: InventreeClient, wish: MoveWish, detail: string): Promise<MoveRefusal | null> {
  if (wish.kind === 'mark') return null;
  const why = wish.kind === 'install' ? await ofCustomer(client, wish.customer) : await ofPlace(client, wish.to);
  return why ?? ofWords(detail);
}
