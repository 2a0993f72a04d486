import { installErpnext } from '#features/connections/install.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { operatorOf } from '#main/commands/operator.ts';
import { setupLines } from '#main/commands/setup-lines.ts';
import { withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

export const erpnextInstall: Command = {
  name: 'erpnext install',
  takes: '<subdomain>',
  about: 'makes the custom fields and webhooks that the hub needs in ERPNext, and says what is left to do there',
  run: (args) => {
    const [word, ...rest] = args.words;
    if (rest.length > 0) throw new UsageError('erpnext install takes one tenant.');
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const tenantId = await findTenant(hub, word ?? args.tenant);
      const install = (id: string) => hub.wire.setUpLedger(id, 'install');
      const installed = await installErpnext({ db: hub.db, install }, operatorOf(tenantId));
      say(args, installed, setupLines(installed));
      return installed.ok ? 0 : 1;
    });
  },
};
