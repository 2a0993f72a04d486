import { record } from '#audit/record.ts';
import type { Result } from '#domain/result.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Installed, InstallStep } from './schema.ts';
import { connectionExists, lockConnections, openStored, saveConnection } from './store.ts';
import type { ConnectionsDeps } from './verbs.ts';

/** What an installation came to: its steps, and the places that it works with from now on (null: none yet). */
export type TrackerInstalled = {
  readonly steps: readonly InstallStep[];
  readonly chosen: Readonly<Record<'warehouse_location' | 'bag_location_parent', number | null>>;
};

export type InstallTracker = (tenantId: string) => Promise<Result<TrackerInstalled, string>>;

type Deps = Pick<ConnectionsDeps, 'db' | 'clock' | 'vaultOf' | 'onChange'> & {
  readonly installTracker: InstallTracker;
};

/** Writes the places into the settings where those name none; answers whether they did. */
async function keepPlaces(deps: Deps, who: Who, chosen: TrackerInstalled['chosen']): Promise<boolean> {
  const { tenantId } = who;
  const vault = await deps.vaultOf(tenantId);
  return deps.db.tenant(tenantId, async (tx) => {
    await lockConnections(tx, tenantId);
    const before = await openStored(tx, tenantId, 'inventree', vault);
    if (!before) return false;
    const added = Object.entries(chosen).filter(
      ([name, pk]) => pk !== null && (before.settings[name] ?? null) === null,
    );
    if (added.length === 0) return false;
    const settings = { ...before.settings, ...Object.fromEntries(added) };
    const at = { tenantId, system: 'inventree' as const, vault, now: deps.clock() };
    await saveConnection(tx, at, before.secrets, { settings, secrets: before.secrets, warnings: [] });
    return true;
  });
}

/**
 * Furnishes the tenant's InvenTree for the hub: the places that it needs; and says what a person must do there. Where all is
 * there nothing is written. One that cannot be looked at is the one thing to do. Throws a Refusal where none is connected.
 */
export async function installInventree(deps: Deps, who: Who): Promise<Installed> {
  demand(who.caller, 'connections:write');
  const { tenantId } = who;
  if (!(await deps.db.tenant(tenantId, (tx) => connectionExists(tx, tenantId, 'inventree')))) {
    throw new Refusal('NOT_FOUND', 'inventree is not connected yet: PUT connections/inventree first.');
  }
  const done = await deps.installTracker(tenantId);
  const steps = done.ok
    ? done.value.steps.map(({ of, state, words }) => ({ of, state, words }))
    : [{ of: 'InvenTree', state: 'todo' as const, words: done.error }];
  if (done.ok && (await keepPlaces(deps, who, done.value.chosen))) deps.onChange(tenantId, 'inventree');
  const isDone = steps.every(({ state }) => state !== 'todo' && state !== 'missing');
  const after = { installed: steps.filter(({ state }) => state === 'made').map(({ of }) => of), is_done: isDone };
  const entry = { action: 'update', entity: 'connection', id: 'inventree', after } as const;
  await deps.db.tenant(tenantId, (tx) => record(tx, who, entry));
  return { ok: isDone, steps };
}
