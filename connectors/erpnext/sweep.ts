import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, Filter } from './client.ts';

/** What Frappe gives to whoever names no page length: a page of exactly this size may be a cut one. */
const frappePageLength = 20;

/** Far above any tenant; a peer that never ends must end here. */
const maxPages = 2000;

export type Sweep = {
  readonly fields: readonly string[];
  readonly filters: readonly Filter[];
  readonly pageLength: number;
};

/** `pages` 1: all rows come from one query of the database, so they are true of one moment. */
export type Swept = { readonly rows: readonly Fields[]; readonly pages: number };

/**
 * Every row that fits, each once. Pages go on after the last name, not by offset: a document that leaves the list
 * meanwhile (its invoice was paid) would shift the offsets, and a row that is skipped so could be a customer's credit.
 */
export async function sweep(
  client: ErpnextClient,
  doctype: string,
  { fields, filters, pageLength }: Sweep,
): Promise<Result<Swept, LedgerFailure>> {
  const rows = new Map<string, Fields>();
  let after: string | null = null;
  for (let pages = 1; pages <= maxPages; pages += 1) {
    const from: readonly Filter[] = after === null ? [] : [['name', '>', after]];
    const page = await client.list(doctype, { fields, filters: [...filters, ...from], pageLength });
    if (!page.ok) return page;
    const before = rows.size;
    for (const row of page.value) {
      if (typeof row.name !== 'string') return err(nonsense(doctype, 'a row has no name'));
      rows.set(row.name, row);
      after = row.name;
    }
    const size = page.value.length;
    if (size === 0 || (size < pageLength && size !== frappePageLength)) return ok({ rows: [...rows.values()], pages });
    if (rows.size === before) return err(nonsense(doctype, 'a page brought nothing new'));
  }
  return err(nonsense(doctype, `more than ${maxPages} pages`));
}

const nonsense = (doctype: string, why: string): LedgerFailure => ({
  reason: 'nonsense',
  detail: `the list of ${doctype} cannot be read to its end: ${why}`,
});
