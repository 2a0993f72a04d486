import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { settingsOf } from '#db/settings-of.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { Commission, CommissionQuery, OwnQuery, Summary } from './schema.ts';
import * as store from './store.ts';

const view = ({ created_at, payout_state, base, amount, ...row }: store.CommissionRow): Commission => ({
  ...row,
  at: created_at.toISOString(),
  base: Number(base),
  amount: Number(amount),
  paid: payout_state === 'paid',
});

export async function listCommissions(tx: Tx, who: Who, query: CommissionQuery) {
  demand(who.caller, 'commissions:read');
  return mapPage(await store.listCommissions(tx, who.tenantId, query), view);
}

/** What the reseller that asks has earned. */
export async function listOwn(tx: Tx, who: Who, query: OwnQuery) {
  demand(who.caller, 'own_sales:read');
  const resellerId = demandReseller(who);
  return mapPage(await store.listCommissions(tx, who.tenantId, { ...query, reseller_id: resellerId }), view);
}

/** `2026-11` and the eleven months before it, the oldest first. */
function twelveUntil(month: string): readonly string[] {
  const months = [month];
  while (months.length < 12) months.unshift(addDays(`${months[0]}-01`, -1).slice(0, 7));
  return months;
}

async function summary(tx: Tx, tenantId: string, resellerId: string, now: number): Promise<Summary> {
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const months = twelveUntil(localDate(now, zone).slice(0, 7));
  const sums = await store.sumsOf(tx, tenantId, resellerId, months[0] ?? '', zone);
  const shown = months.map((month) => {
    const row = sums.months.find((one) => one.month === month);
    return {
      month,
      earned: Number(row?.earned ?? 0n),
      taken_back: Number(row?.taken_back ?? 0n),
      paid: Number(row?.paid ?? 0n),
    };
  });
  const current = shown.at(-1);
  const this_month = (current?.earned ?? 0) + (current?.taken_back ?? 0);
  return { owed: Number(sums.owed), paid: Number(sums.paid), this_month, months: shown };
}

/** What the reseller that asks earned in a month (`2026-11`), less what was taken back. */
export async function earnedInMonth(tx: Tx, who: Who, month: string): Promise<number> {
  demand(who.caller, 'own_sales:read');
  return Number(await store.earnedIn(tx, who.tenantId, demandReseller(who), month));
}

/** What a reseller is owed and was paid, and its last twelve months; `now` in ms since 1970. */
export async function summaryOf(tx: Tx, who: Who, resellerId: string, now: number): Promise<Summary> {
  demand(who.caller, 'commissions:read');
  if (!(await store.exists(tx, 'resellers', who.tenantId, resellerId))) throw notFound('reseller');
  return summary(tx, who.tenantId, resellerId, now);
}

/** The same of the reseller that asks. */
export function ownSummary(tx: Tx, who: Who, now: number): Promise<Summary> {
  demand(who.caller, 'own_sales:read');
  return summary(tx, who.tenantId, demandReseller(who), now);
}
