import { record } from '#audit/record.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Installed } from './schema.ts';
import { connectionExists } from './store.ts';
import type { ConnectionsDeps } from './verbs.ts';

/**
 * Furnishes the tenant's ERPNext for the hub: custom fields, webhooks; and says what a person must do there. Where all is
 * there nothing is written. One that cannot be looked at is the one thing to do. Throws a Refusal where none is connected.
 */
export async function installErpnext(deps: Pick<ConnectionsDeps, 'db' | 'install'>, who: Who): Promise<Installed> {
  demand(who.caller, 'connections:write');
  const { tenantId } = who;
  if (!(await deps.db.tenant(tenantId, (tx) => connectionExists(tx, tenantId, 'erpnext')))) {
    throw new Refusal('NOT_FOUND', 'erpnext is not connected yet: PUT connections/erpnext first.');
  }
  const done = await deps.install(tenantId);
  const steps = done.ok
    ? done.value.map(({ of, state, words }) => ({ of, state, words }))
    : [{ of: 'ERPNext', state: 'todo' as const, words: done.error }];
  const isDone = steps.every(({ state }) => state !== 'todo' && state !== 'missing');
  const after = { installed: steps.filter(({ state }) => state === 'made').map(({ of }) => of), is_done: isDone };
  const entry = { action: 'update', entity: 'connection', id: 'erpnext', after } as const;
  await deps.db.tenant(tenantId, (tx) => record(tx, who, entry));
  return { ok: isDone, steps };
}
