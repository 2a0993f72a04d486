import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage, readPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { type Opening, openCharge } from './opening.ts';
import type { Charge, ChargeQuery, NewCharge } from './schema.ts';
import { type ChargeRow, chargeRows, findCharge } from './store.ts';

export { type Opening, openCharge, openTopUp } from './opening.ts';
export { type ChargeRow, findCharge } from './store.ts';

/** A charge as it is shown. */
export const chargeView = (row: ChargeRow): Charge => ({
  id: row.id,
  gateway: row.gateway,
  method: row.method,
  customer:
    row.customer_id === null || row.customer_code === null || row.customer_name === null
      ? null
      : { id: row.customer_id, code: row.customer_code, name: row.customer_name },
  invoice_id: row.invoice_id,
  erp_invoice: row.erp_invoice,
  top_up_id: row.top_up_id,
  amount: Number(row.amount),
  state: row.state,
  qr_string: row.qr_string,
  virtual_account: row.virtual_account,
  bank: row.bank,
  url: row.url,
  expires_at: row.expires_at.toISOString(),
  gateway_ref: row.gateway_ref,
  paid_amount: row.paid_amount === null ? null : Number(row.paid_amount),
  paid_at: row.paid_at?.toISOString() ?? null,
  payment_id: row.payment_id,
  problem: row.problem,
  created_at: row.created_at.toISOString(),
});

/** Has a gateway collect what is open of a bill, in a person's name. */
export async function chargeBill(o: Opening, who: Who, bill: string, wish: NewCharge): Promise<Charge> {
  demand(who.caller, 'payments:write');
  const { tenantId, correlationId, caller } = who;
  const opener = { tenantId, correlationId, openedBy: caller.userId };
  const row = await openCharge(o, opener, { bill, ...wish });
  const after = { gateway: row.gateway, method: row.method, amount: String(row.amount), state: row.state };
  await o.db.tenant(tenantId, (tx) => record(tx, who, { action: 'create', entity: 'charge', id: row.id, after }));
  return chargeView(row);
}

export async function listCharges(tx: Tx, who: Who, query: ChargeQuery) {
  demand(who.caller, 'payments:read');
  return mapPage(await readPage(chargeRows(tx, who.tenantId, query), query), chargeView);
}

export async function readCharge(tx: Tx, who: Who, id: string): Promise<Charge> {
  demand(who.caller, 'payments:read');
  const row = await findCharge(tx, who.tenantId, id);
  if (!row) throw notFound('charge');
  return chargeView(row);
}
