import { sql } from 'kysely';
import { loadOpenAfterCredit } from '#access/open-after-credit.ts';
import type { Tx } from '#db/database.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';

/** A customer, and the bill that is meant, if one is. */
type Bill = { readonly customerId: string; readonly invoiceId: string | null; readonly erpInvoice: string | null };
type Open = ReadonlyMap<string, bigint>;

async function openHere(tx: Tx, tenantId: string, bills: readonly Bill[]): Promise<Open> {
  const { rows } = await sql<{ customer: string; open: bigint }>`
    select i.customer_id as customer, sum(i.outstanding)::bigint as open
    from unnest(${bills.map(({ customerId }) => customerId)}::uuid[], ${bills.map(({ invoiceId }) => invoiceId)}::uuid[])
      as a (customer, invoice)
    join invoices i on i.customer_id = a.customer and i.id = coalesce(a.invoice, i.id)
    where i.tenant_id = ${tenantId} and i.kind = 'invoice' and i.cancelled_at is null and i.settled < i.total
    group by i.customer_id`.execute(tx);
  return new Map(rows.map(({ customer, open }) => [customer, open]));
}

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
 * own work. Of ERPNext's bills as the hub last saw them, less all money that is on its way there.
 */
export async function openAmounts(tx: Tx, tenantId: string, kind: LedgerKind, bills: readonly Bill[]): Promise<Open> {
  if (kind === 'builtin') return openHere(tx, tenantId, bills);
  const open = bills.map(async (bill) => [bill.customerId, await openThere(tx, tenantId, bill)] as const);
  return new Map(await Promise.all(open));
}
