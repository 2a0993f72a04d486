import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { System } from './schema.ts';
import type { Parts, Secrets } from './settings.ts';

const Sealed = z.record(z.string(), z.string());
const Open = z.record(z.string(), z.unknown());

const place = (system: System, column: 'secrets' | 'previous_webhook_secret') =>
  ({ table: 'connections', column, row: system }) as const;

/** A stored row with its secrets opened. */
export function openRow(
  row: { readonly system: System; readonly settings: unknown; readonly secrets: string },
  vault: TenantVault,
): Omit<Parts, 'warnings'> {
  const secrets: unknown = JSON.parse(vault.open(row.secrets, place(row.system, 'secrets')));
  return { settings: Open.parse(row.settings), secrets: Sealed.parse(secrets) };
}

/** Null: not connected. */
export async function openStored(
  tx: Tx,
  tenantId: string,
  system: System,
  vault: TenantVault,
): Promise<Omit<Parts, 'warnings'> | null> {
  const row = await tx
    .selectFrom('connections')
    .where('tenant_id', '=', tenantId)
    .where('system', '=', system)
    .select(['system', 'settings', 'secrets'])
    .executeTakeFirst();
  return row ? openRow(row, vault) : null;
}

export async function connectionExists(tx: Tx, tenantId: string, system: System): Promise<boolean> {
  const row = await tx
    .selectFrom('connections')
    .where('tenant_id', '=', tenantId)
    .where('system', '=', system)
    .select('system')
    .executeTakeFirst();
  return row !== undefined;
}

/** One change of a tenant's connections at a time: what was left out is taken from what is stored. */
export async function lockConnections(tx: Tx, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${tenantId}, 5))`.execute(tx);
}

/** A webhook secret that is replaced is kept: deliveries that are under way carry the old signature. */
function replaced(system: System, before: Secrets | null, parts: Parts, vault: TenantVault, now: number) {
  const old = before?.webhook_secret;
  if (old === undefined || old === parts.secrets.webhook_secret) return {};
  return {
    previous_webhook_secret: vault.seal(old, place(system, 'previous_webhook_secret')),
    rotated_at: new Date(now),
  };
}

export async function saveConnection(
  tx: Tx,
  at: { readonly tenantId: string; readonly system: System; readonly vault: TenantVault; readonly now: number },
  before: Secrets | null,
  parts: Parts,
): Promise<void> {
  const { tenantId, system, vault, now } = at;
  const row = {
    settings: JSON.stringify(parts.settings),
    secrets: vault.seal(JSON.stringify(parts.secrets), place(system, 'secrets')),
    updated_at: new Date(now),
    ...replaced(system, before, parts, vault, now),
    // The test was of other settings.
    tested_at: null,
    test_ok: null,
    test_text: null,
  };
  await tx
    .insertInto('connections')
    .values({ ...row, tenant_id: tenantId, system })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'system']).doUpdateSet(row))
    .execute();
}

export async function deleteConnection(tx: Tx, tenantId: string, system: System): Promise<void> {
  await tx.deleteFrom('connections').where('tenant_id', '=', tenantId).where('system', '=', system).execute();
}

/** Whether something of the tenant lives in its RADIUS database already. */
export async function usesRadius(tx: Tx, tenantId: string): Promise<boolean> {
  const nas = tx.selectFrom('nas').where('tenant_id', '=', tenantId).select(sql<number>`1`.as('one'));
  const lines = tx.selectFrom('subscriptions').where('tenant_id', '=', tenantId).select(sql<number>`1`.as('one'));
  return (await nas.unionAll(lines).limit(1).executeTakeFirst()) !== undefined;
}

export async function saveTest(
  tx: Tx,
  tenantId: string,
  system: System,
  test: { readonly ok: boolean; readonly text: string; readonly at: Date },
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ tested_at: test.at, test_ok: test.ok, test_text: test.text })
    .where('tenant_id', '=', tenantId)
    .where('system', '=', system)
    .execute();
}
