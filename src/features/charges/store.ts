import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import type { ChargeMethod } from '#domain/charge.ts';
import type { ChargeQuery } from './schema.ts';

/** A bill that is to be paid through a gateway; amounts in minor units. */
export type OpenBill = {
  readonly customerId: string;
  readonly invoiceId: string | null;
  readonly erpInvoice: string | null;
  readonly number: string;
  readonly outstanding: bigint;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function ownBill(tx: Tx, tenantId: string, id: string): Promise<OpenBill | null> {
  const row = await tx
    .selectFrom('invoices')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('kind', '=', 'invoice')
    .select(['customer_id', 'number', 'outstanding', 'cancelled_at'])
    .executeTakeFirst();
  if (!row) return null;
  const outstanding = row.cancelled_at === null ? row.outstanding : 0n;
  return { customerId: row.customer_id, invoiceId: id, erpInvoice: null, number: row.number, outstanding };
}

async function erpBill(tx: Tx, tenantId: string, name: string): Promise<OpenBill | null> {
  const row = await tx
    .selectFrom('ledger_documents as d')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'd.tenant_id').onRef('c.erp_customer', '=', 'd.customer'),
    )
    .where('d.tenant_id', '=', tenantId)
    .where('d.doctype', '=', 'Sales Invoice')
    .where('d.name', '=', name)
    .where('d.gone', '=', false)
    .where('c.deleted_at', 'is', null)
    .select(['c.id', 'd.fact'])
    .executeTakeFirst();
  const fact = row && row.fact !== null ? decodeFact(row.fact) : null;
  if (!row || fact?.kind !== 'invoice' || fact.isReturn) return null;
  const outstanding = fact.submitted ? fact.outstanding : 0n;
  return { customerId: row.id, invoiceId: null, erpInvoice: name, number: name, outstanding };
}

/** A bill by its id, or by its name in ERPNext; null: there is none. */
export const findBill = (tx: Tx, tenantId: string, id: string): Promise<OpenBill | null> =>
  uuid.test(id) ? ownBill(tx, tenantId, id) : erpBill(tx, tenantId, id);

const chargesOf = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('charges as h')
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'h.tenant_id').onRef('c.id', '=', 'h.customer_id'),
    )
    .leftJoin('deposit_top_ups as t', (join) =>
      join.onRef('t.tenant_id', '=', 'h.tenant_id').onRef('t.id', '=', 'h.top_up_id'),
    )
    .where('h.tenant_id', '=', tenantId)
    .selectAll('h')
    .select(['c.customer_code', 'c.name as customer_name', 't.reseller_id']);

export type ChargeRow = Awaited<ReturnType<ReturnType<typeof chargesOf>['executeTakeFirstOrThrow']>>;

export const findCharge = (tx: Tx, tenantId: string, id: string) =>
  chargesOf(tx, tenantId).where('h.id', '=', id).executeTakeFirst();

/** Charges that fit the query, the newest first. */
export function chargeRows(tx: Tx, tenantId: string, { state, gateway, customer_id, invoice_id }: ChargeQuery) {
  let rows = chargesOf(tx, tenantId);
  if (state !== undefined) rows = rows.where('h.state', '=', state);
  if (gateway !== undefined) rows = rows.where('h.gateway', '=', gateway);
  if (customer_id !== undefined) rows = rows.where('h.customer_id', '=', customer_id);
  if (invoice_id !== undefined) rows = rows.where('h.invoice_id', '=', invoice_id);
  return rows.orderBy('h.created_at', 'desc').orderBy('h.id', 'desc');
}

/** One at a time asks for a charge of a bill and method: a second click finds the first one's. */
export const lockBill = (
  tx: Tx,
  tenantId: string,
  { bill, method }: { readonly bill: string; readonly method: ChargeMethod },
) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${bill.toLowerCase()} ${method}`}, 34))`.execute(tx);

/** The newest charge of a bill and method that may still be paid at `usableAt`, made or being made. */
export function findUsable(
  tx: Tx,
  tenantId: string,
  bill: OpenBill,
  wish: { readonly method: ChargeMethod; readonly gateway: ChargeRow['gateway'] | undefined; readonly usableAt: Date },
) {
  let rows = chargesOf(tx, tenantId)
    .where('h.customer_id', '=', bill.customerId)
    .where('h.method', '=', wish.method)
    .where('h.amount', '=', bill.outstanding)
    .where('h.expires_at', '>', wish.usableAt)
    .where('h.state', 'in', ['created', 'open']);
  if (wish.gateway !== undefined) rows = rows.where('h.gateway', '=', wish.gateway);
  rows = bill.invoiceId
    ? rows.where('h.invoice_id', '=', bill.invoiceId)
    : rows.where('h.erp_invoice', '=', bill.erpInvoice);
  return rows.orderBy('h.created_at', 'desc').executeTakeFirst();
}
