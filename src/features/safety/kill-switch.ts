import type { Selectable } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import { type Recorder, record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import type { KillSwitchesTable } from '#db/tables/safety.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { KillSwitch, KillSwitchChange } from './schema.ts';
import { stoppedLines } from './store.ts';

export type KillSwitchDeps = { readonly db: Database; readonly clock: Clock };

type Row = Omit<Selectable<KillSwitchesTable>, 'tenant_id'>;

const columns = ['is_on', 'reason', 'changed_by', 'changed_at'] as const;
const view = (row: Row | undefined): KillSwitch['tenant'] =>
  row
    ? { on: row.is_on, reason: row.reason, changed_by: row.changed_by, changed_at: row.changed_at.toISOString() }
    : null;

const ofInstallation = (tx: Tx) => tx.selectFrom('installation_kill_switch').select(columns).executeTakeFirst();
const ofTenant = (tx: Tx, id: string) =>
  tx.selectFrom('kill_switches').where('tenant_id', '=', id).select(columns).executeTakeFirst();

/** Both switches that bear on a tenant. */
export async function showSwitches(tx: Tx, tenantId: string): Promise<KillSwitch> {
  const [tenant, installation] = [await ofTenant(tx, tenantId), await ofInstallation(tx)];
  return {
    on: (tenant?.is_on ?? false) || (installation?.is_on ?? false),
    tenant: view(tenant),
    installation: view(installation),
  };
}

export function showKillSwitch({ db }: KillSwitchDeps, who: Who): Promise<KillSwitch> {
  demand(who.caller, 'safety:read');
  return db.tenant(who.tenantId, (tx) => showSwitches(tx, who.tenantId));
}

const rowOf = ({ on, reason }: KillSwitchChange, by: string, now: number) => ({
  is_on: on,
  reason,
  changed_by: by,
  changed_at: new Date(now),
});

/** Has whoever only the switch kept online decided about again. */
async function markStopped(tx: Tx, tenantId: string, correlationId: string): Promise<void> {
  const cause = 'a kill switch was turned off';
  await markLines(tx, { tenantId, correlationId, cause }, await stoppedLines(tx, tenantId));
}

/** Stops this tenant's cuts, or lets them go on; restores and billing never stop (spec B8, law 14). */
export function turnKillSwitch({ db, clock }: KillSwitchDeps, who: Who, change: KillSwitchChange): Promise<KillSwitch> {
  demand(who.caller, 'safety:write');
  const { tenantId, caller, correlationId } = who;
  return db.tenant(tenantId, async (tx) => {
    const before = await ofTenant(tx, tenantId);
    const row = rowOf(change, caller.userId, clock());
    await tx
      .insertInto('kill_switches')
      .values({ tenant_id: tenantId, ...row })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))
      .execute();
    await audit(tx, who, tenantId, before, change);
    if (!change.on) await markStopped(tx, tenantId, correlationId);
    return showSwitches(tx, tenantId);
  });
}

const audit = (tx: Tx, who: Recorder, id: string, before: Row | undefined, { on, reason }: KillSwitchChange) =>
  record(tx, who, {
    action: 'update',
    entity: 'kill_switch',
    id,
    before: { on: before?.is_on ?? false, reason: before?.reason ?? null },
    after: { on, reason },
  });

/** The same for every tenant of the installation, by the platform owner. */
export async function turnInstallationSwitch(
  { db, clock }: KillSwitchDeps,
  who: Recorder,
  change: KillSwitchChange,
): Promise<NonNullable<KillSwitch['installation']>> {
  demand(who.caller, 'tenants:write');
  const row = rowOf(change, who.caller.userId, clock());
  const tenants = await db.gate(async (tx) => {
    const before = await ofInstallation(tx);
    await tx
      .insertInto('installation_kill_switch')
      .values(row)
      .onConflict((conflict) => conflict.column('only_one').doUpdateSet(row))
      .execute();
    await audit(tx, who, 'installation', before, change);
    return tx.selectFrom('tenants').where('is_active', '=', true).select('id').execute();
  });
  for (const { id } of change.on ? [] : tenants) {
    await db.worker(id, (tx) => markStopped(tx, id, who.correlationId));
  }
  return { on: change.on, reason: change.reason, changed_by: row.changed_by, changed_at: row.changed_at.toISOString() };
}
