import { loadOpenAfterCredit } from '#access/open-after-credit.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';
import type { Found } from '#features/billing/verbs.ts';

/** A customer, and the bill that is meant, if one is. */
type Bill = { readonly customerId: string; readonly invoiceId: string | null; readonly erpInvoice: string | null };
type Open = ReadonlyMap<string, bigint>;

const openHere = ({ bills }: Found, { customerId, invoiceId }: Bill): bigint =>
  (bills.get(customerId) ?? [])
    .filter(({ id }) => invoiceId === null || id === invoiceId)
    .reduce((sum, { outstanding }) => sum + outstanding, 0n);

async function openThere(tx: Tx, tenantId: string, { customerId, erpInvoice }: Bill): Promise<bigint> {
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select('id')
    .execute();
  const open = await loadOpenAfterCredit(
    tx,
    tenantId,
    lines.map(({ id }) => id),
  );
  return erpInvoice === null ? [...open.values()].reduce((sum, one) => sum + one, 0n) : (open.get(erpInvoice) ?? 0n);
}

/**
 * What these customers have open, or the bill of each that is meant, in minor units; read under their locks, as the hub's
 * own work. Of the hub's own bills as they were `found`; of ERPNext's as the hub last saw them, less all money that is on
 * its way there.
 */
export async function openAmounts(
  tx: Tx,
  tenantId: string,
  kind: LedgerKind,
  bills: readonly Bill[],
  found: Found,
): Promise<Open> {
  const open = bills.map(
    async (bill) =>
      [bill.customerId, kind === 'builtin' ? openHere(found, bill) : await openThere(tx, tenantId, bill)] as const,
  );
  return new Map(await Promise.all(open));
}
