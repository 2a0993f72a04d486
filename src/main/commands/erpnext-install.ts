import { installErpnext } from '#features/connections/install.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { operatorOf } from '#main/commands/operator.ts';
import { withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';

/** What a person reads first: what is theirs to do. */
const order: readonly SetupStep['state'][] = ['there', 'made', 'advice', 'missing', 'todo'];

const shown: Readonly<Record<SetupStep['state'], string>> = {
  there: 'ok    ',
  made: 'MADE  ',
  advice: 'hint  ',
  missing: 'FAIL  ',
  todo: 'TO DO ',
};

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
      const steps = [...installed.steps].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
      const end = installed.ok
        ? 'All that the hub needs is there.'
        : 'What is marked TO DO is for a person; then run this again.';
      say(args, installed, [...steps.map(({ of, state, words }) => `${shown[state]}${of.padEnd(38)} ${words}`), end]);
      return installed.ok ? 0 : 1;
    });
  },
};
