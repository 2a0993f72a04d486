import { sql } from 'kysely';
import { loadOpenAfterCredit } from '#access/open-after-credit.ts';
import { asWorker } from '#db/as-worker.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';

type Bill = { readonly invoiceId: string | null; readonly erpInvoice: string | null };

async function openHere(tx: Tx, tenantId: string, customerId: string, invoiceId: string | null): Promise<bigint> {
  const { rows } = await sql<{ open: bigint }>`
    select coalesce(sum(outstanding), 0)::bigint as open from invoices
    where tenant_id = ${tenantId} and customer_id = ${customerId} and kind = 'invoice' and cancelled_at is null
      and settled < total and (${invoiceId}::uuid is null or id = ${invoiceId})`.execute(tx);
  return rows[0]?.open ?? 0n;
}

async function openThere(tx: Tx, tenantId: string, customerId: string, bill: string | null): Promise<bigint> {
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select('id')
    .execute();
  const ids = lines.map(({ id }) => id);
  const open = await asWorker(tx, () => loadOpenAfterCredit(tx, tenantId, ids));
  return bill === null ? [...open.values()].reduce((sum, one) => sum + one, 0n) : (open.get(bill) ?? 0n);
}

/**
 * What a customer has open, or one of its bills, in minor units; read under the customer's lock. Of ERPNext's bills as the
 * hub last saw them, less all money that is on its way there.
 */
export const openAmount = async (tx: Tx, tenantId: string, customerId: string, bill: Bill): Promise<bigint> =>
  (await ledgerKind(tx, tenantId)) === 'erpnext'
    ? openThere(tx, tenantId, customerId, bill.erpInvoice)
    : openHere(tx, tenantId, customerId, bill.invoiceId);
