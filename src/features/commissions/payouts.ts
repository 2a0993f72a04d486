import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { settingsOf } from '#db/settings-of.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import * as payouts from './payout-store.ts';
import type { NewPayouts, Payout, PayoutQuery } from './schema.ts';
import * as store from './store.ts';

const instant = (at: Date | null): string | null => at?.toISOString() ?? null;

const view = (row: payouts.PayoutRow): Payout => ({
  id: row.id,
  reseller_id: row.reseller_id,
  reseller_name: row.reseller_name,
  until: row.until,
  amount: Number(row.amount),
  state: row.state,
  made_by: row.made_by,
  made_at: row.made_at.toISOString(),
  approved_by: row.approved_by,
  approved_at: instant(row.approved_at),
  paid_by: row.paid_by,
  paid_at: instant(row.paid_at),
  method: row.method,
  reference: row.reference,
  erp_document: row.erp_document,
  erp_error: row.erp_error,
});

/** One payout as it is shown. */
export async function showPayout(tx: Tx, tenantId: string, id: string): Promise<Payout> {
  const row = await payouts.findPayout(tx, tenantId, id);
  if (!row) throw notFound('commission payout');
  return view(row);
}

/**
 * Makes a draft for each reseller that is owed something up to a day. What was taken back since the last payout lowers it.
 * Begun twice, or by two at once, it makes each once: what one has gathered the other does not find. `now` in ms since 1970.
 */
export async function makePayouts(
  tx: Tx,
  who: Who,
  { until, reseller_id }: NewPayouts,
  now: number,
): Promise<Payout[]> {
  demand(who.caller, 'commissions:write');
  const { tenantId, caller } = who;
  const today = localDate(now, (await settingsOf(tx, tenantId)).time_zone);
  if (until > today) throw invalid('until', `must not be after today, ${today}`);
  if (reseller_id !== null && !(await store.exists(tx, 'resellers', tenantId, reseller_id))) {
    throw invalid('reseller_id', 'is not there');
  }
  await payouts.lockRun(tx, tenantId);
  const ids = await payouts.gather(tx, tenantId, reseller_id, {
    until,
    made_by: caller.userId,
    made_at: new Date(now),
  });
  const made = ids.length === 0 ? [] : (await payouts.findPayouts(tx, tenantId, ids)).map(view);
  for (const { id, reseller_id: of, amount } of made) {
    const after = { reseller_id: of, until, amount, state: 'draft' };
    await record(tx, who, { action: 'create', entity: 'commission_payout', id, after });
  }
  await record(tx, who, {
    action: 'run',
    entity: 'commission_payouts',
    id: until,
    after: { until, made: made.length },
  });
  return made;
}

export async function listPayouts(tx: Tx, who: Who, query: PayoutQuery) {
  demand(who.caller, 'commissions:read');
  return mapPage(await payouts.listPayouts(tx, who.tenantId, query), view);
}

export async function getPayout(tx: Tx, who: Who, id: string): Promise<Payout> {
  demand(who.caller, 'commissions:read');
  return showPayout(tx, who.tenantId, id);
}

/** A payout to be changed, held until the transaction ends. */
export async function lockToChange(tx: Tx, { tenantId }: Who, id: string): Promise<payouts.LockedPayout> {
  const row = await payouts.lockPayout(tx, tenantId, id);
  if (!row) throw notFound('commission payout');
  return row;
}

export const notIn = (state: string, wanted: string): Refusal =>
  new Refusal('CONFLICT', `This payout is ${state}: it must be ${wanted} for that.`, { state });

/** Approves a draft; above the tenant's limit that is for another person than who made it. `now` in ms since 1970. */
export async function approvePayout(tx: Tx, who: Who, id: string, now: number): Promise<Payout> {
  demand(who.caller, 'commissions:write');
  const { tenantId, caller } = who;
  const { state, amount, made_by } = await lockToChange(tx, who, id);
  if (state !== 'draft') throw notIn(state, 'a draft');
  const limit = (await settingsOf(tx, tenantId)).commissions.approval_limit;
  if (amount > BigInt(limit) && made_by === caller.userId) {
    const told = `Above ${limit} another person must approve than who made it (settings, commissions.approval_limit).`;
    throw new Refusal('FORBIDDEN', told, { approval_limit: limit });
  }
  await payouts.updatePayout(tx, tenantId, id, {
    state: 'approved',
    approved_by: caller.userId,
    approved_at: new Date(now),
  });
  const states = { before: { state }, after: { state: 'approved' } };
  await record(tx, who, { action: 'update', entity: 'commission_payout', id, ...states });
  return showPayout(tx, tenantId, id);
}

/** Cancels a payout that was not paid: what it held is owed again. */
export async function cancelPayout(tx: Tx, who: Who, id: string): Promise<Payout> {
  demand(who.caller, 'commissions:write');
  const { tenantId } = who;
  const { state } = await lockToChange(tx, who, id);
  if (state !== 'draft' && state !== 'approved') throw notIn(state, 'a draft or approved');
  await payouts.updatePayout(tx, tenantId, id, { state: 'cancelled' });
  await payouts.release(tx, tenantId, id);
  const states = { before: { state }, after: { state: 'cancelled' } };
  await record(tx, who, { action: 'update', entity: 'commission_payout', id, ...states });
  return showPayout(tx, tenantId, id);
}
