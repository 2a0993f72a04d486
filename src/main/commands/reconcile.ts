import { type ReconcileScope, reconcileScopes } from '#domain/drift.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog, newCorrelationId } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';
import { reconcileNext } from '#reconcile/reconcile.ts';
import { askRun } from '#reconcile/runs.ts';

type Told = {
  readonly tenant: string;
  readonly id: string;
  readonly state: string;
  readonly checked: number;
  readonly found: Readonly<Record<string, number>>;
  readonly error: string | null;
};

/** Does one tenant's run here and now, unless a worker was faster. */
async function reconcileTenant(hub: OpenHub, id: string, subdomain: string, scope: ReconcileScope): Promise<Told> {
  const { db, wire } = hub;
  const runId = await db.worker(id, (tx) => askRun(tx, id, scope, 'command', newCorrelationId()));
  const { enforcerOf, ledgerOf, vaultOf } = wire;
  await reconcileNext({ db, clock: systemClock, log: createLog('silent'), enforcerOf, ledgerOf, vaultOf }, runId);
  const row = await db.worker(id, (tx) =>
    tx
      .selectFrom('reconciliations')
      .where('tenant_id', '=', id)
      .where('id', '=', runId)
      .select(['state', 'checked', 'found', 'error'])
      .executeTakeFirstOrThrow(),
  );
  return { tenant: subdomain, id: runId, ...row, found: Object(row.found) };
}

const wordsOf = ({ tenant, state, checked, found, error }: Told): string => {
  if (error !== null) return `${tenant}: failed: ${error}`;
  const kinds = Object.entries(found).map(([kind, count]) => `${count} ${kind}`);
  const end = kinds.length > 0 ? `${kinds.join(', ')}; see GET drift` : 'no difference';
  return state === 'done' ? `${tenant}: ${checked} lines compared, ${end}` : `${tenant}: ${state}, by another process`;
};

const isScope = (word: string): word is ReconcileScope => reconcileScopes.some((scope) => scope === word);

export const reconcile: Command = {
  name: 'reconcile',
  takes: '[all|radius|sessions|ledger|assets] [--tenant <subdomain>]',
  about: 'compares RADIUS, sessions, ledger and units with what stands; a worker writes the repairs',
  run: (args) => {
    const [scope = 'all', ...rest] = args.words;
    if (!isScope(scope) || rest.length > 0)
      throw new UsageError(`reconcile takes one of ${reconcileScopes.join(', ')}.`);
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const tenants = await hub.db.gate((tx) =>
        tx
          .selectFrom('tenants')
          .where('is_active', '=', true)
          .select(['id', 'subdomain'])
          .orderBy('subdomain')
          .execute(),
      );
      const wanted = tenants.filter(({ subdomain }) => args.tenant === undefined || subdomain === args.tenant);
      if (wanted.length === 0) throw new Refusal('NOT_FOUND', 'There is no such active tenant.');
      const told: Told[] = [];
      for (const { id, subdomain } of wanted) told.push(await reconcileTenant(hub, id, subdomain, scope));
      say(args, told, told.map(wordsOf));
      return told.every(({ state }) => state !== 'failed') ? 0 : 1;
    });
  },
};
