import { rotateSigningKey } from '#features/identity/signing-keys.ts';
import { type Command, say } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

export const keysRotate: Command = {
  name: 'keys rotate',
  takes: '',
  about: 'makes a new key for signing access tokens; those of the previous one stay good until they expire',
  run: (args) =>
    withHub(readConfig(process.env), createLog('silent'), async ({ db, vault }) => {
      const id = await rotateSigningKey({ db, vault, clock: systemClock });
      say(args, { id }, [`Access tokens are signed with key ${id} from now on, in every process within a minute.`]);
      return 0;
    }),
};
