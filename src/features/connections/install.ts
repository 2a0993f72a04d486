import { record } from '#audit/record.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Installed } from './schema.ts';
import { connectionExists } from './store.ts';
import type { ConnectionsDeps } from './verbs.ts';

/**
 * Furnishes the tenant's ERPNext for the hub: custom fields, webhooks; and says what a person must do there. Where all is
 * there nothing is written. Throws a Refusal where ERPNext is not connected;
 * one that cannot be looked at is the one thing to do.
 */
export async function installErpnext(deps: Pick<ConnectionsDeps, 'db' | 'install'>, who: Who): Promise<Installed> {
  demand(who.caller, 'connections:write');
  const { tenantId } = who;
  if (!(await deps.db.tenant(tenantId, (tx) => connectionExists(tx, tenantId, 'erpnext')))) {
    throw new Refusal('NOT_FOUND', 'erpnext is not connected yet: PUT connections/erpnext first.');
  }
  const done = await deps.install(tenantId);
  if (!done.ok) return { ok: false, steps: [{ of: 'ERPNext', state: 'todo', words: done.error }] };
  const steps = done.value.map(({ of, state, words }) => ({ of, state, words }));
  const made = steps.filter(({ state }) => state === 'made').map(({ of }) => of);
  if (made.length > 0) {
    const entry = { action: 'update', entity: 'connection', id: 'erpnext', after: { installed: made } } as const;
    await deps.db.tenant(tenantId, (tx) => record(tx, who, entry));
  }
  return { ok: steps.every(({ state }) => state !== 'todo' && state !== 'missing'), steps };
}
