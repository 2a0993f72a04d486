import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { openRebuildTarget } from '#main/wire/rebuild-target.ts';
import { rebuildEnforcer } from '#outbox/rebuild-enforcer.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';

type Tenant = { readonly id: string; readonly subdomain: string };

/** Deactivated ones too: their subscribers stay online. One that is being deleted is not brought back. */
const livingTenants = ({ db }: OpenHub): Promise<Tenant[]> =>
  db.gate((tx) =>
    tx
      .selectFrom('tenants')
      .where('deletion_asked_at', 'is', null)
      .select(['id', 'subdomain'])
      .orderBy('subdomain')
      .execute(),
  );

/** The named one, else all that lie in the installation's RADIUS database. */
async function tenantsToRebuild(hub: OpenHub, subdomain: string | undefined): Promise<readonly Tenant[]> {
  if (subdomain !== undefined) return [{ id: await findTenant(hub, subdomain), subdomain }];
  const found: Tenant[] = [];
  for (const tenant of await livingTenants(hub)) {
    if ((await hub.wire.radiusDbOf(tenant.id)) === hub.wire.radiusDbName(null)) found.push(tenant);
  }
  return found;
}

async function rebuildAll({ db, wire }: OpenHub, tenants: readonly Tenant[], enforcer: Enforcer) {
  const rebuilt = [];
  for (const { id, subdomain } of tenants) {
    const done = await rebuildEnforcer({ db, vaultOf: wire.vaultOf, enforcer }, id);
    if (!done.ok) {
      throw new Refusal(
        'UPSTREAM_FAILED',
        `${subdomain} could not be written: ${done.error.detail}. Empty the schema and start again.`,
      );
    }
    rebuilt.push({ tenant: subdomain, ...done.value });
  }
  return rebuilt;
}

export const radiusRebuild: Command = {
  name: 'radius rebuild',
  takes: '--into <url> [--tenant <subdomain>]',
  about: 'writes the RADIUS rows anew into an empty schema, from the bridge database alone',
  run: (args) => {
    const { into } = args;
    if (into === undefined || args.words.length > 0)
      throw new UsageError('radius rebuild takes --into mysql://… or --into postgres://…');
    if (!/^(mysql|postgres(ql)?):\/\//.test(into))
      throw new UsageError('--into must start with mysql:// or postgres://');
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const tenants = await tenantsToRebuild(hub, args.tenant);
      const enforcer = await openRebuildTarget(into);
      try {
        const rebuilt = await rebuildAll(hub, tenants, enforcer);
        say(args, { tenants: rebuilt }, [
          ...rebuilt.map(
            ({ tenant, entries, users, waiting }) =>
              `${tenant}: ${users} users, ${entries} groups, routers and tenant rows${waiting > 0 ? `; ${waiting} lines were never written yet` : ''}`,
          ),
          'Rows that the hub does not own, and accounting, are not in the bridge: copy them from a backup.',
        ]);
        return 0;
      } finally {
        await enforcer.close();
      }
    });
  },
};
