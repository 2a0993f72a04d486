import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type GatewayName, gatewayNames } from '#domain/charge.ts';
import type { IntentKind } from '#domain/intents.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Connection, System } from './schema.ts';
import { shownSettings } from './settings.ts';
import { openRow } from './store.ts';

type Waiting = { readonly waiting: number; readonly error: string | null };

/** Which intents go to a system. */
const kindsOf: Readonly<Record<Exclude<System, 'inventree' | GatewayName>, readonly IntentKind[]>> = {
  erpnext: [
    'ledger.username',
    'ledger.customer',
    'ledger.subscription',
    'ledger.payment',
    'ledger.invoice',
    'ledger.salary',
    'ledger.checkin',
  ],
  freeradius: [
    'access.apply',
    'group.apply',
    'nas.apply',
    'nas.remove',
    'tenant.apply',
    'tenant.remove',
    'sessions.change',
    'sessions.drop',
    'sessions.refresh',
  ],
  smtp: ['message.send'],
};

const isGateway = (system: System): system is GatewayName => gatewayNames.some((name) => name === system);

/** Charges about which a gateway is to be asked, and could not be. */
async function waitingForGateway(tx: Tx, tenantId: string, gateway: GatewayName): Promise<Waiting> {
  const { rows } = await sql<{ waiting: bigint; error: string | null }>`
    select count(*) as waiting, (array_agg(l.error order by l.since))[1] as error
    from charge_looks l join charges c on c.tenant_id = l.tenant_id and c.id = l.charge_id
    where l.tenant_id = ${tenantId} and c.gateway = ${gateway} and l.error is not null`.execute(tx);
  return { waiting: Number(rows[0]?.waiting ?? 0n), error: rows[0]?.error ?? null };
}

/** What cannot be done while a system is away, and why it was not done so far. */
async function waitingFor(tx: Tx, tenantId: string, system: System): Promise<Waiting> {
  if (system === 'inventree') return { waiting: 0, error: null };
  if (isGateway(system)) return waitingForGateway(tx, tenantId, system);
  const isLedger = system === 'erpnext';
  const { rows } = await sql<{ waiting: bigint; error: string | null }>`
    with waiting as (
      select error, created_at as since from outbox
      where tenant_id = ${tenantId} and state in ('ready', 'running') and kind = any(${kindsOf[system]})
      union all
      select error, since from dirty_documents where tenant_id = ${tenantId} and ${isLedger}
    )
    select count(*) as waiting, (array_agg(error order by since) filter (where error is not null))[1] as error
    from waiting`.execute(tx);
  return { waiting: Number(rows[0]?.waiting ?? 0n), error: rows[0]?.error ?? null };
}

/** A tenant's connections in the order of their names, without secrets, with what waits for each. */
export async function listConnections(tx: Tx, tenantId: string, vault: TenantVault): Promise<Connection[]> {
  const rows = await tx
    .selectFrom('connections')
    .where('tenant_id', '=', tenantId)
    .select(['system', 'settings', 'secrets', 'tested_at', 'test_ok', 'test_text', 'updated_at'])
    .orderBy('system')
    .execute();
  const connections: Connection[] = [];
  for (const row of rows) {
    const { waiting, error } = await waitingFor(tx, tenantId, row.system);
    connections.push({
      system: row.system,
      settings: { ...shownSettings(row.system, openRow(row, vault)) },
      test_ok: row.test_ok,
      test_text: row.test_text,
      tested_at: row.tested_at?.toISOString() ?? null,
      updated_at: row.updated_at.toISOString(),
      waiting,
      waiting_error: error,
      warnings: [],
    });
  }
  return connections;
}
