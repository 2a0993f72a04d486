import { createPasswords } from '#features/identity/passwords.ts';
import { resetOwner } from '#features/identity/reset-owner.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog, newCorrelationId } from '#platform/log.ts';

export const ownerResetPassword: Command = {
  name: 'owner reset-password',
  takes: '[<e-mail address>]',
  about: 'gives the platform owner another password, printed this once, and ends its sessions',
  run: (args) => {
    const [email = null, ...more] = args.words;
    if (more.length > 0) throw new UsageError('owner reset-password takes one e-mail address.');
    return withHub(readConfig(process.env), createLog('silent'), async ({ db }) => {
      const made = await resetOwner(db, createPasswords(), email, newCorrelationId());
      say(args, { email: made.email, password: made.password }, [
        `${made.email} logs in with: ${made.password}`,
        'This is told once. Log in and change it (POST auth/password). All earlier sessions have ended.',
        ...(made.hasTotp ? ['The authenticator is asked for as before.'] : []),
      ]);
      return 0;
    });
  },
};
