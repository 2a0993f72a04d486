import { installInventree } from '#features/connections/install-inventree.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { operatorOf } from '#main/commands/operator.ts';
import { setupLines } from '#main/commands/setup-lines.ts';
import { withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

export const inventreeInstall: Command = {
  name: 'inventree install',
  takes: '<subdomain>',
  about: 'makes the locations that the hub needs in InvenTree, and says what is left to do there',
  run: (args) => {
    const [word, ...rest] = args.words;
    if (rest.length > 0) throw new UsageError('inventree install takes one tenant.');
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const { db, wire } = hub;
      const tenantId = await findTenant(hub, word ?? args.tenant);
      const installTracker = (id: string) => wire.setUpTracker(id, 'install');
      const onChange = (id: string) => wire.forget(id);
      const deps = { db, clock: systemClock, vaultOf: wire.vaultOf, installTracker, onChange };
      const installed = await installInventree(deps, operatorOf(tenantId));
      say(args, installed, setupLines(installed));
      return installed.ok ? 0 : 1;
    });
  },
};
