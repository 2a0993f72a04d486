import { ok } from '#domain/result.ts';
import type { Asked, InventreeClient } from './client.ts';
import { type StockRow, stockRow, trackPage } from './shapes.ts';

/** Shown only on request from API 432 on; never `tags`, which filters by a tag of that name from 1.5 on. */
export const withDetails = { part_detail: true, location_detail: true } as const;

/** What names a row in an address; anything else is no row's name. */
export const isPk = (ref: string): boolean => /^[1-9]\d{0,14}$/.test(ref);

/** A unit as it is now; null: InvenTree itself says that there is none. */
export async function readRow(client: InventreeClient, ref: string): Asked<StockRow | null> {
  if (!isPk(ref)) return ok(null);
  const row = await client.get(`/api/stock/${ref}/`, withDetails, stockRow);
  return !row.ok && row.error.reason === 'missing' ? ok(null) : row;
}

/** How the hub's operation shows in the notes of what it did. */
const markOf = (operationId: string): string => `[hub:${operationId}]`;

/** The operation that notes tell of. */
export const operationIn = (notes: string): string | null =>
  /\[hub:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/i.exec(notes)?.[1]?.toLowerCase() ?? null;

/** 512 would be InvenTree's limit, and one more its undoing. */
const longestNotes = 500;

export const notesOf = (operationId: string, by: string, note: string): string =>
  `${markOf(operationId)} tech=${by} ${note}`.replace(/\s+/g, ' ').trim().slice(0, longestNotes);

/** Whether a unit's history tells of the operation. */
export async function hasHappened(client: InventreeClient, ref: string, operationId: string): Asked<boolean> {
  // Searched are parts of the notes in any case, so what is found is compared whole.
  const query = { item: ref, search: operationId, limit: 25, offset: 0, ordering: '-date' };
  const rows = await client.get('/api/stock/track/', query, trackPage);
  if (!rows.ok) return rows;
  const wanted = operationId.toLowerCase();
  return ok(rows.value.results.some(({ item, notes }) => String(item) === ref && operationIn(notes) === wanted));
}
