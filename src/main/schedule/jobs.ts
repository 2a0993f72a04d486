import { fixForecast } from '#access/fix-forecast.ts';
import { loadOpenAfterCredit } from '#access/open-after-credit.ts';
import { dropOldMonths } from '#audit/drop-old-months.ts';
import { chainHeads, type Head, writeHeads } from '#audit/heads.ts';
import { makePartitions } from '#audit/partitions.ts';
import type { Database } from '#db/database.ts';
import type { OwnerDoor } from '#db/owner-door.ts';
import type { ReconcileScope } from '#domain/drift.ts';
import { tenantKey } from '#domain/groups.ts';
import { err, ok } from '#domain/result.ts';
import { runBills } from '#features/billing/bill-run.ts';
import { dun } from '#features/billing/dun.ts';
import { tellLow } from '#features/deposits/telling.ts';
import { rotateSigningKeyWhenDue } from '#features/identity/signing-keys.ts';
import { measureLatency } from '#features/latency/measure.ts';
import { countUsage } from '#features/tenants/count-usage.ts';
import { type Reading, readUsage } from '#features/usage/read-usage.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { tellOutage } from '#outbox/tell-outage.ts';
import { type Log, newCorrelationId } from '#platform/log.ts';
import type { Vault } from '#platform/secrets.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import type { Enforcer, Session } from '#ports/enforcer/port.ts';
import { findStale } from '#reconcile/find-stale.ts';
import { compareAssets, followAssets } from '#reconcile/follow-assets.ts';
import { followPeople } from '#reconcile/follow-people.ts';
import { askRun } from '#reconcile/runs.ts';
import { watchStock } from '#reconcile/watch-stock.ts';
import { cleanPlatform, cleanTenant } from './clean.ts';
import type { Job } from './job.ts';

export type JobDeps = {
  readonly db: Database;
  readonly owner: OwnerDoor;
  readonly vault: Pick<Vault, 'installation'>;
  /** Where heads of the audit chains are written down, outside the database. */
  readonly headsFile: string;
  readonly keepEventsDays: number;
  readonly keepAuditDays: number;
  readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
  readonly trackerOf: (tenantId: string) => Promise<AssetTracker>;
  readonly log: Log;
  readonly appendMessage: AppendMessage;
};

/** Heads that have moved since this process last wrote them: a quiet tenant does not make the file grow. */
function createHeadWriter({ db, headsFile }: JobDeps): (now: number) => Promise<void> {
  const written = new Map<string | null, string>();
  return async (now) => {
    const heads = await chainHeads(db, now);
    const moved = heads.filter(({ tenant_id, seq }: Head) => written.get(tenant_id) !== seq);
    await writeHeads(headsFile, moved);
    for (const { tenant_id, seq } of moved) written.set(tenant_id, seq);
  };
}

/** A feature may look at sessions, through what it is handed; an enforcer that is away shows none. */
const sessionsAt =
  (enforcerOf: JobDeps['enforcerOf']) =>
  async (tenantId: string, username: string): Promise<readonly Session[]> => {
    const enforcer = await enforcerOf(tenantId);
    const open = enforcer ? await enforcer.openSessions(username) : null;
    return open?.ok ? open.value : [];
  };

const askRuns = (db: Database, tenantId: string, scopes: readonly ReconcileScope[]): Promise<void> =>
  db.worker(tenantId, async (tx) => {
    for (const scope of scopes) await askRun(tx, tenantId, scope, 'schedule', newCorrelationId());
  });
/** The tenant's accounting in parts, as the feature that counts it is handed it. */
const figuresAt =
  (enforcerOf: JobDeps['enforcerOf']): Reading['figuresOf'] =>
  async (tenantId, query, from) => {
    const enforcer = await enforcerOf(tenantId);
    const part = enforcer ? await enforcer.figures(tenantKey(tenantId), query, from) : null;
    if (part === null) return null;
    if (!part.ok) return err(part.error.detail);
    const figures = part.value.entries.map((one) => ({
      row: one.row,
      username: one.username,
      startedAt: one.startedAt.getTime(),
      countsFrom: one.countsFrom.getTime(),
      toldAt: one.toldAt.getTime(),
      input: one.inputOctets,
      output: one.outputOctets,
    }));
    return ok({ figures, next: part.value.next });
  };

/** Every job of the hub (spec O8): a new one is a line here. */
export function createJobs(deps: JobDeps): readonly Job[] {
  const { db, owner, vault, keepEventsDays, keepAuditDays, enforcerOf, appendMessage } = deps;
  const writeMovedHeads = createHeadWriter(deps);
  return [
    {
      name: 'audit.partitions',
      cron: '20 3 * * *',
      zone: 'platform',
      atFirstStart: true,
      run: async ({ now }) => void (await makePartitions(owner, now)),
    },
    {
      name: 'audit.drop',
      cron: '30 3 * * *',
      zone: 'platform',
      run: async ({ now }) => void (await dropOldMonths(db, owner, now, keepAuditDays)),
    },
    { name: 'audit.heads', cron: '5 * * * *', zone: 'platform', run: ({ now }) => writeMovedHeads(now) },
    {
      name: 'latency.measure',
      cron: '* * * * *',
      zone: 'tenant',
      run: ({ tenantId, now }) => measureLatency({ db, sessionsOf: sessionsAt(enforcerOf) }, tenantId, now),
    },
    {
      name: 'usage.read',
      cron: '* * * * *',
      zone: 'tenant',
      run: ({ tenantId, zone, now }) => readUsage({ db, figuresOf: figuresAt(enforcerOf) }, tenantId, zone, now),
    },
    {
      name: 'sessions.stale',
      cron: '* * * * *',
      zone: 'tenant',
      run: async ({ tenantId }) => void (await findStale({ db, enforcerOf }, tenantId)),
    },
    {
      name: 'people.follow',
      cron: '* * * * *',
      zone: 'tenant',
      run: async ({ tenantId }) => void (await followPeople({ db, enforcerOf }, tenantId)),
    },
    {
      name: 'assets.follow',
      cron: '* * * * *',
      zone: 'tenant',
      run: async ({ tenantId }) => {
        await followAssets(deps, tenantId);
        await watchStock(db, tenantId, (tx, tenant, news) => tellOutage(tx, tenant, 'stock', news, appendMessage));
      },
    },
    {
      name: 'assets.compare',
      cron: '40 2 * * *',
      zone: 'tenant',
      run: async ({ tenantId }) => void (await compareAssets(deps, tenantId)),
    },
    {
      name: 'bills.run',
      cron: '1 0 * * *',
      zone: 'tenant',
      run: async ({ tenantId, zone, now }) =>
        void (await runBills(db, { tenantId, zone, now, correlationId: newCorrelationId() })),
    },
    {
      name: 'dunning',
      cron: '5 * * * *',
      zone: 'tenant',
      run: ({ tenantId, zone, now }) =>
        dun(db, {
          ...{ tenantId, zone, now, correlationId: newCorrelationId(), appendMessage },
          openElsewhere: loadOpenAfterCredit,
        }),
    },
    {
      name: 'deposits.low',
      cron: '*/5 * * * *',
      zone: 'tenant',
      run: ({ tenantId, now }) => tellLow(db, tenantId, now, appendMessage),
    },
    {
      name: 'brake.forecast',
      cron: '0 * * * *',
      zone: 'tenant',
      atFirstStart: true,
      run: ({ tenantId, due, now }) => fixForecast(db, tenantId, due, now),
    },
    {
      name: 'usage.count',
      cron: '30 1 * * *',
      zone: 'tenant',
      run: ({ tenantId, zone, now }) => countUsage(db, tenantId, zone, now),
    },
    {
      name: 'reconcile',
      cron: '*/10 * * * *',
      zone: 'tenant',
      run: ({ tenantId }) => askRuns(db, tenantId, ['radius', 'sessions']),
    },
    {
      name: 'reconcile.ledger',
      cron: '10 2 * * *',
      zone: 'tenant',
      run: ({ tenantId }) => askRuns(db, tenantId, ['ledger']),
    },
    {
      name: 'keys.rotate',
      cron: '10 3 * * *',
      zone: 'platform',
      run: async ({ now }) => void (await rotateSigningKeyWhenDue({ db, vault, clock: () => now })),
    },
    {
      name: 'clean.platform',
      cron: '40 2 * * *',
      zone: 'platform',
      run: async ({ now }) => void (await cleanPlatform(db, now)),
    },
    {
      name: 'clean.tenant',
      cron: '50 2 * * *',
      zone: 'tenant',
      run: async ({ tenantId, now }) => void (await cleanTenant(db, tenantId, now, keepEventsDays)),
    },
  ];
}
