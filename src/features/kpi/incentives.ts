import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { mapPage } from '#db/page.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';
import { appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import type { TenantSettings } from '#platform/tenant-settings.ts';
import type { Counted, Incentive, IncentiveQuery } from './schema.ts';
import * as store from './store.ts';

const view = (row: store.IncentiveRow): Incentive => ({
  ...row,
  rate: Number(row.rate),
  amount: Number(row.amount),
  counted_at: row.counted_at.toISOString(),
});

/** When a month is over by the tenant's clocks; refused while it is not. */
function endOf(month: string, { time_zone: zone }: TenantSettings, now: number): Date {
  const nextMonth = `${addDays(`${month}-01`, 31).slice(0, 7)}-01`;
  if (localDate(now, zone) < nextMonth) {
    throw new Refusal('CONFLICT', `${month} is not over: incentives are counted when it is.`, { month });
  }
  return new Date(instantAt(nextMonth, 0, 0, zone));
}

async function count(tx: Tx, who: Who, month: string, settings: TenantSettings, now: number): Promise<void> {
  const { tenantId, caller } = who;
  const rate = BigInt(settings.field_work.incentive_per_install);
  if (rate === 0n) throw new Refusal('CONFLICT', 'No incentive is set (settings, field_work.incentive_per_install).');
  for (const { technician_id, ids } of await store.uncounted(tx, tenantId, month, endOf(month, settings, now))) {
    const made = await store.insertIncentive(tx, {
      tenant_id: tenantId,
      ...{ month, technician_id, installs: ids.length, rate, amount: BigInt(ids.length) * rate, state: 'kept' },
      counted_by: caller.userId,
      counted_at: new Date(now),
    });
    await store.noteCounted(tx, tenantId, ids, made.id);
    const { installs, amount } = made;
    const after = { month, technician_id, installs, rate, amount };
    await record(tx, who, { action: 'create', entity: 'incentive', id: made.id, after });
  }
}

/** Has the payroll of ERPNext get what it can take. */
async function push(tx: Tx, { tenantId, correlationId }: Who, month: string): Promise<number> {
  if ((await ledgerKind(tx, tenantId)) !== 'erpnext') return 0;
  const ids = await store.sendWaiting(tx, tenantId, month);
  for (const incentiveId of ids) {
    await appendLedgerPush(tx, { tenantId, correlationId }, { kind: 'ledger.salary', incentiveId }, null);
  }
  return ids.length;
}

/**
 * Counts a month's incentives: each accepted installation is paid for once, one that was accepted or told late with the
 * month that is counted next. Again it counts nobody twice, and sends what the payroll refused or could not be given
 * before; `now` in ms since 1970.
 */
export async function countIncentives(tx: Tx, who: Who, month: string, now: number): Promise<Counted> {
  demand(who.caller, 'incentives:write');
  const { tenantId } = who;
  const settings = await store.settingsOf(tx, tenantId);
  await store.lockCounting(tx, tenantId);
  await count(tx, who, month, settings, now);
  const sent = await push(tx, who, month);
  await record(tx, who, { action: 'run', entity: 'incentives', id: month, after: { month, sent } });
  return { month, data: (await store.ofMonth(tx, tenantId, month)).map(view) };
}

export async function listIncentives(tx: Tx, who: Who, query: IncentiveQuery) {
  demand(who.caller, 'incentives:read');
  return mapPage(await store.listIncentives(tx, who.tenantId, query), view);
}
