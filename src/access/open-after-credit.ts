import { loadFacts } from '#access/load-facts.ts';
import type { Tx } from '#db/database.ts';
import { openAfterCredit } from '#decide/debt.ts';

/**
 * What is open on each bill of the customers of these lines once all money that they have paid in was counted against
 * their bills, as the decision counts it: by the bill's name. Bills that are of no line here are not in it.
 */
export async function loadOpenAfterCredit(
  tx: Tx,
  tenantId: string,
  lineIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  if (lineIds.length === 0) return new Map();
  const lines = await loadFacts(tx, tenantId, lineIds);
  return new Map(
    lines.flatMap(({ facts: { ledger, lines: all } }) => (ledger === null ? [] : [...openAfterCredit(ledger, all)])),
  );
}
