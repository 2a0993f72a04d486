import type { Selectable } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { mapPage, readPage } from '#db/page.ts';
import type { UsageMonthsTable } from '#db/tables/platform.ts';
import { type Caller, demand } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { countUsage, openMonths } from './count-usage.ts';
import type { Usage, UsagePage, UsageQuery } from './usage-schema.ts';

export type UsageDeps = { readonly db: Database; readonly clock: Clock };

const usageOf = ({ events, messages, counted_at, ...row }: Selectable<UsageMonthsTable>): Usage => ({
  ...row,
  events: Number(events),
  messages: Number(messages),
  counted_at: counted_at.toISOString(),
});

async function zoneOf(tx: Tx, id: string): Promise<string> {
  const row = await tx.selectFrom('tenants').where('id', '=', id).select('settings').executeTakeFirst();
  if (!row) throw notFound('tenant');
  return readTenantSettings(row.settings).time_zone;
}

/** What a tenant used in a month of its own calendar; a month that is still open is counted now. */
export async function readUsage({ db, clock }: UsageDeps, caller: Caller, id: string, month: string): Promise<Usage> {
  demand(caller, 'tenants:read');
  const zone = await db.gate((tx) => zoneOf(tx, id));
  const now = clock();
  if (openMonths(now, zone).some(({ name }) => name === month)) await countUsage(db, id, zone, now);
  const row = await db.gate((tx) =>
    tx.selectFrom('usage_months').where('tenant_id', '=', id).where('month', '=', month).selectAll().executeTakeFirst(),
  );
  if (!row) throw notFound('count of this month');
  return usageOf(row);
}

/** What every tenant used in a month, as it was last counted; by tenant. */
export async function listUsage({ db }: UsageDeps, caller: Caller, query: UsageQuery): Promise<UsagePage> {
  demand(caller, 'tenants:read');
  return db.gate(async (tx) => {
    const rows = tx.selectFrom('usage_months').where('month', '=', query.month);
    return mapPage(await readPage(rows.selectAll().orderBy('tenant_id'), query), usageOf);
  });
}
