import type { DriftKind, ReconcileScope } from '#domain/drift.ts';
import { tenantKey } from '#domain/groups.ts';
import { withCorrelation } from '#platform/log.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type Reconciling, type Running, SweepFailed, type Sweeping } from './reconciling.ts';
import { resolveDrift } from './record-drift.ts';
import { type ClaimedRun, claimRun, lastDone, renewRun, settleRun } from './runs.ts';
import { assetKinds, sweepAssets } from './sweep-assets.ts';
import { sweepDeposits } from './sweep-deposits.ts';
import { sweepGroups } from './sweep-groups.ts';
import { sweepLedger } from './sweep-ledger.ts';
import { sweepLines } from './sweep-lines.ts';
import { sweepSessions } from './sweep-sessions.ts';
import { sweepStrangers } from './sweep-strangers.ts';

const ofSessions: readonly DriftKind[] = ['wrong_session', 'unknown_session'];
const ofLedger: readonly DriftKind[] = ['ledger_missed', 'ledger_gone', 'ledger_unproved', 'deposit_not_returned'];
const ofRadius: readonly DriftKind[] = [
  'missing_user',
  'wrong_group',
  'wrong_password',
  'wrong_attribute',
  'duplicate_row',
  'extra_owned_row',
  'missing_group',
  'wrong_group_rows',
  'fence_ahead',
  'name_conflict',
  'orphan',
];

const renewEveryMs = 15_000;

type Tally = { checked: number; readonly found: Record<string, number> };

async function begin(r: Reconciling, run: ClaimedRun, tally: Tally): Promise<Running> {
  const { tenantId, scope } = run;
  const [tenant, lastRunAt] = await r.db.look(tenantId, (tx) =>
    Promise.all([
      tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow(),
      lastDone(tx, tenantId, scope === 'all' ? ['all'] : ['all', scope]),
    ]),
  );
  return {
    ...r,
    run,
    policy: readTenantSettings(tenant.settings).drift_policy,
    lastRunAt,
    count: (lines, kinds) => {
      tally.checked += lines;
      for (const kind of kinds) tally.found[kind] = (tally.found[kind] ?? 0) + 1;
    },
  };
}

async function withEnforcer(r: Running): Promise<Sweeping> {
  const { tenantId } = r.run;
  const enforcer = await r.enforcerOf(tenantId);
  if (!enforcer) throw new SweepFailed('no enforcer is connected');
  const vault = await r.vaultOf(tenantId);
  const secret = vault.blindIndex('what RADIUS holds', 'verified_lines.digest').toString('hex');
  return { ...r, enforcer, vault, tenantKey: tenantKey(tenantId), secret };
}

/** Groups before the users that stand on them (law 7), both before the sessions that were let in by them. */
async function sweep(r: Reconciling, run: ClaimedRun, tally: Tally): Promise<void> {
  const { scope, tenantId } = run;
  const running = await begin(r, run, tally);
  const resolve = (kinds: readonly DriftKind[]) => r.db.worker(tenantId, (tx) => resolveDrift(tx, run, kinds));
  const touches = (...scopes: readonly ReconcileScope[]): boolean => scope === 'all' || scopes.includes(scope);
  if (touches('radius', 'sessions')) {
    const s = await withEnforcer(running);
    if (touches('radius')) {
      await sweepGroups(s);
      await sweepLines(s);
      await sweepStrangers(s);
      await resolve(ofRadius);
    }
    if (touches('sessions')) {
      await sweepSessions(s);
      await resolve(ofSessions);
    }
  }
  if (touches('ledger')) {
    await sweepLedger(running);
    await sweepDeposits(running);
    await resolve(ofLedger);
  }
  if (touches('assets')) {
    await sweepAssets(running);
    await resolve(assetKinds);
  }
}

async function failureOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error ?? new Error('it failed without a reason');
  }
}

async function perform(r: Reconciling, run: ClaimedRun): Promise<void> {
  const tally: Tally = { checked: 0, found: {} };
  const began = performance.now();
  // A renewal that fails is the next one's business; without any the lease ends, and another goes on from the start.
  const timer = setInterval(() => renewRun(r.db, run).catch(() => undefined), renewEveryMs);
  const failure = await failureOf(() => sweep(r, run, tally));
  clearInterval(timer);
  const error = failure === null ? null : failure instanceof Error ? failure.message : String(failure);
  await settleRun(r.db, run, { ...tally, error });
  const line = {
    tenant: run.tenantId,
    kind: run.scope,
    duration_ms: Math.round(performance.now() - began),
    outcome: error === null ? 'done' : 'failed',
  };
  if (failure === null) r.log.info('a reconciliation was done', line);
  else r.log.error('a reconciliation failed; nothing is concluded from it', { ...line, error: failure });
}

/** Takes up a run that waits, if any (`id`: that one), and does it; answers whether there was one. */
export async function reconcileNext(r: Reconciling, id: string | null = null): Promise<boolean> {
  const run = await claimRun(r.db, id);
  if (run === null) return false;
  await withCorrelation(run.correlationId, () => perform(r, run));
  return true;
}
