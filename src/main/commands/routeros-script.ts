import { revealScript } from '#features/nas/routeros.ts';
import { ScriptWanted } from '#features/nas/schema.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { operatorOf } from '#main/commands/operator.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';

/** A router by its name or its address. */
async function findNas({ db }: OpenHub, tenantId: string, wanted: string): Promise<string> {
  const rows = await db.tenant(tenantId, (tx) =>
    tx.selectFrom('nas').where('tenant_id', '=', tenantId).select(['id', 'name', 'address']).orderBy('name').execute(),
  );
  const found = rows.find(({ name }) => name === wanted) ?? rows.find(({ address }) => address === wanted);
  if (found) return found.id;
  const names = rows.map(({ name }) => name).join(', ');
  throw new Refusal('NOT_FOUND', `There is no NAS ${wanted}; this tenant has ${names === '' ? 'none' : names}.`);
}

export const routerosScript: Command = {
  name: 'routeros script',
  takes: '<tenant> <nas> --radius-address <ip> --isolir-address <ip[:port]> [--pool <net>]',
  about: 'prints the script that a MikroTik router needs; it holds its RADIUS secret',
  run: (args) => {
    const [subdomain, router, ...rest] = args.words;
    if (subdomain === undefined || router === undefined || rest.length > 0)
      throw new UsageError('routeros script takes a tenant and a NAS, by name or address.');
    const { radiusAddress, isolirAddress, pool } = args;
    const wanted = ScriptWanted.safeParse({ radius_address: radiusAddress, isolir_address: isolirAddress, pool });
    if (!wanted.success) {
      const faults = wanted.error.issues.map(
        ({ path, message }) => `--${path.join('.').replace('_', '-')}: ${message}`,
      );
      throw new UsageError(faults.join('\n'));
    }
    const config = readConfig(process.env);
    return withHub(config, createLog('silent'), async (hub) => {
      const tenantId = await findTenant(hub, subdomain);
      const id = await findNas(hub, tenantId, router);
      const deps = { db: hub.db, vaultOf: hub.wire.vaultOf, isolirUrl: config.isolirUrl };
      const { script } = await revealScript(deps, operatorOf(tenantId), id, wanted.data);
      say(args, { script }, [script.trimEnd()]);
      return 0;
    });
  },
};
