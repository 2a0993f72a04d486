import { type Command, say } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

export const radiusCredentials: Command = {
  name: 'radius credentials',
  takes: '',
  about: 'prints what a FreeRADIUS needs to reach the embedded radius database',
  run: (args) => {
    const config = readConfig(process.env);
    return withHub(config, createLog('silent'), async ({ databases }) => {
      const login = databases.embedded?.radiusLogin;
      if (!login || config.radiusDatabaseUrl !== undefined) {
        const words =
          'The RADIUS database is not the embedded one: its administrator makes the login (radius-config/grants/).';
        say(args, { error: words }, [words]);
        return 1;
      }
      say(args, login, [
        'dialect   postgresql',
        `server    ${login.host}`,
        `port      ${login.port}`,
        `login     ${login.user}`,
        `password  ${login.password}`,
        `database  ${login.database}`,
        '',
        'It reads the lookups and writes accounting, no more. radius-config/README.md says where each value goes.',
      ]);
      return 0;
    });
  },
};
