import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { gardenPool, isGardenPlace } from '#domain/routeros-network.ts';
import { routerScript } from '#domain/routeros-script.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { ScriptWanted } from './schema.ts';
import { countOthers, findSecret } from './store.ts';
import { type NasDeps, secretPlace } from './verbs.ts';

export type ScriptDeps = Pick<NasDeps, 'db' | 'vaultOf'> & {
  /** Where subscribers reach the isolir page: its host is let through beside the page's own address. */
  readonly isolirUrl: string;
};

const webPort = 80;

/** The page's host where it is a place of its own, then what the tenant's settings name. */
function allowed(isolirUrl: string, page: string, set: readonly string[]): readonly string[] {
  const { hostname } = new URL(isolirUrl);
  return [...new Set([hostname, ...set])].filter((place) => place !== page && isGardenPlace(place));
}

/** The script of one router (spec R10). It holds its RADIUS secret in the clear; whoever asks has to be noted. */
export async function scriptOf(
  tx: Tx,
  { vaultOf, isolirUrl }: Omit<ScriptDeps, 'db'>,
  tenantId: string,
  id: string,
  wanted: ScriptWanted,
): Promise<string> {
  const nas = await findSecret(tx, tenantId, id);
  if (!nas) throw notFound('NAS');
  const pool = gardenPool(wanted.pool);
  if (!pool) throw invalid('pool', 'is no network for subscribers');
  const tenant = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select(['name', 'settings'])
    .executeTakeFirstOrThrow();
  const [address = '', port = String(webPort)] = wanted.isolir_address.split(':');
  return routerScript({
    tenant: tenant.name,
    router: nas.name,
    radius: { address: wanted.radius_address, secret: (await vaultOf(tenantId)).open(nas.secret, secretPlace(id)) },
    source: nas.address,
    coaPort: nas.coa_port,
    page: { address, port: Number(port) },
    pool,
    allow: allowed(isolirUrl, address, readTenantSettings(tenant.settings).isolir_allow),
    others: await countOthers(tx, tenantId, id),
  });
}

/** The same for a person, who is noted in the audit log: the script shows a secret. */
export function revealScript(
  deps: ScriptDeps,
  who: Who,
  id: string,
  wanted: ScriptWanted,
): Promise<{ script: string }> {
  demand(who.caller, 'nas:write');
  return deps.db.tenant(who.tenantId, async (tx) => {
    const script = await scriptOf(tx, deps, who.tenantId, id, wanted);
    await record(tx, who, { action: 'reveal', entity: 'nas', id, after: { field: 'routeros_script' } });
    return { script };
  });
}
