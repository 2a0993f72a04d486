import type { z } from 'zod';
import { ok } from '#domain/result.ts';
import type { Asked, InventreeClient, Query } from '../client.ts';

const pageLength = 250;

/** Every row of a list, each once: a page may repeat a row of the one before. */
export async function readAll<T extends { readonly pk: number }>(
  client: InventreeClient,
  path: string,
  query: Query,
  shape: z.ZodType<{ readonly count: number; readonly results: readonly T[] }>,
): Asked<readonly T[]> {
  const rows = new Map<number, T>();
  for (let offset = 0, isMore = true; isMore; offset += pageLength) {
    const page = await client.get(path, { ...query, ordering: 'name', limit: pageLength, offset }, shape);
    if (!page.ok) return page;
    for (const one of page.value.results) rows.set(one.pk, one);
    isMore = page.value.results.length > 0 && offset + pageLength < page.value.count;
  }
  return ok([...rows.values()]);
}
