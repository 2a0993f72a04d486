import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { closedAt } from '#domain/no-cut.ts';
import { hasShrunk } from '#domain/source-size.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { showSwitches } from './kill-switch.ts';
import type { SafetyStatus } from './schema.ts';

export type StatusDeps = { readonly db: Database; readonly clock: Clock };

type Counts = { readonly holds: number; readonly promises: number; readonly waiting: Readonly<Record<string, number>> };

async function countsOf(tx: Tx, tenantId: string): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select
      (select count(*)::int from holds where tenant_id = ${tenantId} and state in ('waiting', 'releasing')) as holds,
      (select count(*)::int from promises where tenant_id = ${tenantId} and state = 'running') as promises,
      (select coalesce(jsonb_object_agg(code, lines), '{}') from (
        select reason ->> 'code' as code, count(*)::int as lines from access
        where tenant_id = ${tenantId} and state = 'active' and reason ->> 'code' in
          ('held_by_brake', 'cuts_stopped', 'promised', 'no_cut_time', 'awaiting_notice', 'debt_unproved', 'debt_settling')
        group by 1) w) as waiting`.execute(tx);
  return rows[0] ?? { holds: 0, promises: 0, waiting: {} };
}

async function sourceOf(tx: Tx, tenantId: string): Promise<SafetyStatus['source']> {
  const row = await tx
    .selectFrom('source_sizes')
    .where('tenant_id', '=', tenantId)
    .where('source', '=', 'subscriptions')
    .select(['rows', 'expected', 'read_at'])
    .executeTakeFirst();
  return row ? { ...row, read_at: row.read_at.toISOString(), has_shrunk: hasShrunk(row) } : null;
}

/** What holds cuts of the tenant back just now, in one place (spec B8, X7, X8). */
export function showStatus({ db, clock }: StatusDeps, who: Who): Promise<SafetyStatus> {
  demand(who.caller, 'safety:read');
  const { tenantId } = who;
  return db.tenant(tenantId, async (tx) => {
    const { settings } = await tx
      .selectFrom('tenants')
      .where('id', '=', tenantId)
      .select('settings')
      .executeTakeFirstOrThrow();
    const { no_cut, time_zone } = readTenantSettings(settings);
    const closed = closedAt(no_cut, clock(), time_zone);
    const { holds, promises, waiting } = await countsOf(tx, tenantId);
    return {
      kill_switch: await showSwitches(tx, tenantId),
      open_holds: holds,
      waiting: { ...waiting },
      promises_running: promises,
      no_cut_until: closed ? new Date(closed.until).toISOString() : null,
      source: await sourceOf(tx, tenantId),
    };
  });
}
