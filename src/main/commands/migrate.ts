import { type Command, say } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { migrateRadius } from '#main/wire/radius-database.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

const told = (name: string, ran: readonly string[]): string =>
  ran.length === 0 ? `${name}: up to date.` : `${name}: ${ran.join(', ')}.`;

export const migrate: Command = {
  name: 'migrate',
  takes: '',
  about: 'brings the bridge and the RADIUS schema up to date',
  run: (args) =>
    withHub(readConfig(process.env), createLog('silent'), async ({ migrated, databases }) => {
      const ran = { bridge: migrated, radius: await migrateRadius(databases.radiusUrl) };
      say(args, ran, [told('bridge', ran.bridge), told('radius', ran.radius)]);
      return 0;
    }),
};
