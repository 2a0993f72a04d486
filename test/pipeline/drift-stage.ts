import { randomUUID } from 'node:crypto';
import { provisionTenant } from '#access/provision-tenant.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { freshDatabase } from '#connectors/freeradius/testing/fresh-database.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import type { ReconcileScope } from '#domain/drift.ts';
import { groupName } from '#domain/groups.ts';
import { planGroupRows } from '#domain/radius-groups.ts';
import { appendIntents } from '#outbox/append.ts';
import { reconcileNext } from '#reconcile/reconcile.ts';
import { askRun } from '#reconcile/runs.ts';
import { createTestHub, type TestHub, type TestLine } from './test-hub.ts';

export type DriftStage = TestHub & {
  readonly tenantId: string;
  readonly lines: readonly TestLine[];
  /** Of the RADIUS database, as somebody else writes to it. */
  radius(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** All lookup rows of users and groups, without their ids, sorted: duplicates show. */
  lookups(): Promise<readonly string[]>;
  /** One reconciliation and all that follows from it; answers what it found. */
  reconcile(scope?: ReconcileScope): Promise<Readonly<Record<string, number>>>;
  /** The same, without what follows from it. */
  sweep(scope?: ReconcileScope): Promise<string>;
  drift(): Promise<readonly Record<string, unknown>[]>;
  policy(drift: Readonly<Record<string, string>>): Promise<unknown>;
  leave(): Promise<void>;
};

const tables = {
  radcheck: 'username, attribute, op, value',
  radreply: 'username, attribute, op, value',
  radusergroup: 'username, groupname, priority',
  radgroupcheck: 'groupname, attribute, op, value',
  radgroupreply: 'groupname, attribute, op, value',
};

/** Groups as the outbox is told of them, so that a sweep knows what stands. */
async function provision(hub: TestHub, tenantId: string): Promise<void> {
  const home = groupName(tenantId, { plan: 'home' });
  const rows = planGroupRows({ downKbps: 10_000, upKbps: 2_000 });
  await hub.db.worker(tenantId, async (tx) => {
    await provisionTenant(tx, tenantId, false);
    await appendIntents(tx, tenantId, [
      {
        intent: { kind: 'group.apply', group: home, ...rows },
        key: home,
        subscriptionId: null,
        generation: 1n,
        urgency: 0,
        correlationId: '-',
      },
    ]);
  });
}

/** The flow on a real bridge and a real RADIUS database, with `count` lines that stand there. */
export async function openDriftStage(postgresUrl: string, radiusServer: string, count: number): Promise<DriftStage> {
  const database = await freshDatabase(radiusServer);
  const enforcer = createFreeradiusEnforcer({ databaseUrl: database.url, coa: acknowledging });
  const hub = await createTestHub(postgresUrl, { enforcer });
  const tenantId = await hub.addTenant();
  await provision(hub, tenantId);
  const prefix = randomUUID().slice(0, 4);
  const lines: TestLine[] = [];
  for (let i = 0; i < count; i++) lines.push(await hub.addLine(tenantId, `${prefix}-${String(i).padStart(3, '0')}`));
  await hub.settle();
  const { db, clock, vaultOf } = hub;
  const { log } = hub.dispatching;
  const { ledgerOf } = hub.dispatching;
  const reconciling = { db, clock, log, vaultOf, ledgerOf, enforcerOf: async () => enforcer };
  const sweep = async (scope: ReconcileScope = 'radius'): Promise<string> => {
    const id = await db.worker(tenantId, (tx) => askRun(tx, tenantId, scope, 'test', `reconcile-${randomUUID()}`));
    await reconcileNext(reconciling, id);
    return id;
  };
  return {
    ...hub,
    tenantId,
    lines,
    radius: (sql, values = []) => database.query(sql, [...values]),
    lookups: async () => {
      const all: string[] = [];
      for (const [table, columns] of Object.entries(tables)) {
        const rows = await database.query(`select ${columns} from ${table}`, []);
        all.push(...rows.map((row) => `${table} ${Object.values(row).join(' ')}`));
      }
      return all.sort();
    },
    sweep,
    reconcile: async (scope = 'radius') => {
      const id = await sweep(scope);
      await hub.settle();
      const [run] = await hub.look<{ found: Record<string, number>; error: string | null }>(
        'select found, error from reconciliations where id = $1',
        [id],
      );
      if (!run || run.error !== null) throw new Error(`the run failed: ${run?.error}`);
      return run.found;
    },
    drift: () => hub.look('select * from drift where tenant_id = $1 order by found_at, kind, subject', [tenantId]),
    policy: (drift) =>
      hub.look('update tenants set settings = jsonb_build_object($2::text, $3::jsonb) where id = $1', [
        tenantId,
        'drift_policy',
        JSON.stringify(drift),
      ]),
    leave: async () => {
      await enforcer.close();
      await hub.close();
      await database.drop();
    },
  };
}
