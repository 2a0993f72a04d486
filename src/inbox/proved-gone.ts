import { ok, type Result } from '#domain/result.ts';
import type { Ledger, LedgerFailure } from '#ports/ledger/port.ts';

/**
 * Whether a document that the ledger says it has no more was really deleted there (law 3): without it a debt would come
 * back. A ledger whose user may not read what was deleted proves nothing; one that keeps no such record is believed.
 */
export async function isProvedGone(
  { feed }: Ledger,
  doctype: string,
  name: string,
): Promise<Result<boolean, LedgerFailure>> {
  if (!feed) return ok(true);
  const deleted = await feed.isDeleted(doctype, name);
  if (deleted.ok) return deleted;
  return deleted.error.reason === 'unauthorized' || deleted.error.reason === 'rejected' ? ok(false) : deleted;
}
