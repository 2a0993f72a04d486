import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { printedCode } from '#domain/voucher-code.ts';
import { demand, type Who } from '#platform/caller.ts';
import { csvOf } from '#platform/csv.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { openedCodes } from './codes.ts';
import * as store from './store.ts';

export type HandOutDeps = {
  readonly db: Database;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
};

/** What is sealed of a batch that resellers are not offered, and a note in the audit log that somebody has seen it. */
async function takeOut(tx: Tx, who: Who, id: string, form: 'sheet' | 'csv') {
  demand(who.caller, 'vouchers:write');
  const batch = await store.findBatch(tx, who.tenantId, id);
  if (!batch) throw notFound('voucher batch');
  if (!(await store.noteHandOut(tx, who.tenantId, id))) {
    const told = 'Resellers are offered these: set `reseller_price` to null first, and what is left is yours to print.';
    throw new Refusal('CONFLICT', told, { reason: 'offered' });
  }
  const sealed = await store.sealedCodes(tx, who.tenantId, id);
  await record(tx, who, { action: 'reveal', entity: 'voucher_batch', id, after: { form, codes: sealed.length } });
  return { batch, sealed };
}

export type PrintedVoucher = { readonly no: number; readonly code: string };
export type HandedOut = { readonly batch: store.BatchRow; readonly vouchers: readonly PrintedVoucher[] };

/** The codes of a batch that are good still; the audit log says who had them. */
export async function handOut(
  { db, vaultOf }: HandOutDeps,
  who: Who,
  id: string,
  form: 'sheet' | 'csv',
): Promise<HandedOut> {
  const vault = await vaultOf(who.tenantId);
  const { batch, sealed } = await db.tenant(who.tenantId, (tx) => takeOut(tx, who, id, form));
  const opened = await openedCodes(vault, sealed);
  return { batch, vouchers: opened.map(({ no, secret }) => ({ no, code: printedCode(batch.prefix, secret) })) };
}

/** The same as CSV, for a shop's own printer. */
export async function codesAsCsv(deps: HandOutDeps, who: Who, id: string): Promise<string> {
  const { batch, vouchers } = await handOut(deps, who, id, 'csv');
  const { days, price, expires_on, plan_name } = batch;
  return csvOf(
    ['no', 'code', 'days', 'price', 'plan', 'expires_on'],
    vouchers.map(({ no, code }) => [no, code, days, price, plan_name, expires_on]),
  );
}
